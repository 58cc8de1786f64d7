"""Real audio files of every format, written with FFmpeg."""

from pathlib import Path

import av
import numpy as np

# suffix -> encoder, sample format, rate; every format that earmark promises to read
FORMATS = {
    "mp3": ("libmp3lame", "fltp", 44_100),
    "flac": ("flac", "s16", 44_100),
    "ogg": ("libvorbis" if "libvorbis" in av.codecs_available else "vorbis", "fltp", 44_100),
    "opus": ("libopus", "flt", 48_000),
    "m4a": ("aac", "fltp", 44_100),
    "aac": ("aac", "fltp", 44_100),
    "wav": ("pcm_s16le", "s16", 44_100),
    "aiff": ("pcm_s16be", "s16", 44_100),
    "wma": ("wmav2", "fltp", 44_100),
}
CONTAINERS = {"aac": "adts", "wma": "asf", "m4a": "ipod"}
MUXING = {"aiff": {"write_id3v2": "1"}}  # its own chunks hold a title alone


def write_sound(
    path: Path,
    y: np.ndarray,
    sr: int | None = None,
    encoder: str | None = None,
    sample_format: str | None = None,
    container: str | None = None,
    tags: dict[str, str] | None = None,
) -> Path:
    """Encode float32 [n_samples] or [n_channels, n_samples] at `sr` Hz in the format of the suffix.

    `tags` are written through FFmpeg, by its names: title, artist, album, date, genre.
    """
    known_encoder, known_format, rate = FORMATS.get(path.suffix[1:], ("pcm_f32le", "flt", 44_100))
    encoder, sample_format, sr = encoder or known_encoder, sample_format or known_format, sr or rate
    y = np.atleast_2d(np.asarray(y, np.float32))
    if encoder == "vorbis" and len(y) == 1:
        y = np.repeat(y, 2, axis=0)  # FFmpeg's own encoder writes stereo only
    layout = {1: "mono", 2: "stereo", 3: "2.1", 6: "5.1", 8: "7.1"}[len(y)]
    kind = path.suffix[1:]
    with av.open(str(path), "w", format=container or CONTAINERS.get(kind), options=MUXING.get(kind, {})) as out:
        out.metadata.update(tags or {})
        stream = out.add_stream(encoder, rate=sr, layout=layout)
        stream.codec_context.options = {"strict": "experimental"}
        stream.bit_rate = 128_000
        packed = np.ascontiguousarray(y.T).reshape(1, -1)  # PyAV cannot hold eight planes
        frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
        frame.rate = sr
        size = None if encoder.startswith("pcm") else stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(sample_format, layout, sr, frame_size=size)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        # FLAC ends with an empty packet that only its own container understands
        out.mux([packet for packet in stream.encode(None) if packet.size or container is None])
    return path


def chord(seconds: float = 3.0, sr: int = 44_100, root: float = 220.0, gain: float = 0.2) -> np.ndarray:
    """A major triad that swells: float32 [n_samples]."""
    t = np.arange(round(seconds * sr)) / sr
    tones = sum(np.sin(2 * np.pi * root * ratio * t) for ratio in (1, 1.25, 1.5))
    return (gain * tones / 3 * (0.3 + 0.7 * t / seconds)).astype(np.float32)


def tone(hz: float, seconds: float = 1.0, sr: int = 16_000, gain: float = 0.5) -> np.ndarray:
    """A sine: float32 [n_samples]."""
    t = np.arange(round(seconds * sr)) / sr
    return (gain * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def tune(seed: int, seconds: float = 15.0, sr: int = 44_100) -> np.ndarray:
    """Notes and noise that change every 0.4 s by chance, no two seeds alike: float32 [n_samples]."""
    rng = np.random.default_rng(seed)
    n, parts = round(0.4 * sr), []
    for _ in range(round(seconds / 0.4)):
        t = np.arange(n) / sr
        y = sum(np.sin(2 * np.pi * hz * t) for hz in rng.uniform(80, 3000, 3)) * rng.uniform(0.02, 0.15)
        parts.append(y + rng.choice([0, 0.1]) * rng.standard_normal(n))
    return np.concatenate(parts).astype(np.float32)
