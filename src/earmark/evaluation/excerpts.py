"""Excerpts of several recordings as one sound file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

GAP = 0.3  # seconds of silence between two excerpts
FADE = 0.01  # seconds at both ends of an excerpt: no clicks

OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)  # Hz


def join_excerpts(spans: Sequence[tuple[np.ndarray, float, float]], sr: int, least: float, most: float) -> np.ndarray:
    """Cut excerpts and join them.

    Parameters
    ----------
    spans : signal int16 [n_samples] at `sr` Hz, start and end in seconds
    least, most : seconds; a shorter span is widened, a longer one cut, about its middle

    Returns
    -------
    int16 [n_samples], faded at the ends of each excerpt, with silence between
    """
    gap = np.zeros(round(GAP * sr), np.int16)
    parts: list[np.ndarray] = []
    for signal, start, end in spans:
        a, b = fit_span(start, end, len(signal) / sr, least, most)
        parts += [_fade(np.asarray(signal[round(a * sr) : round(b * sr)]), sr), gap]
    return np.concatenate(parts[:-1]) if parts else gap


def fit_span(start: float, end: float, duration: float, least: float, most: float) -> tuple[float, float]:
    """A span of `least` to `most` seconds about the same middle, moved inwards at the ends of the recording.

    Parameters
    ----------
    start, end, duration : seconds; the span in a recording of that duration
    """
    length = min(max(end - start, least), most, duration)
    a = min(max((start + end - length) / 2, 0.0), duration - length)
    return a, a + length


def _fade(part: np.ndarray, sr: int) -> np.ndarray:
    n = min(round(FADE * sr), len(part) // 2)
    gain = np.ones(len(part), np.float32)
    gain[:n] = np.linspace(0, 1, n, endpoint=False)
    gain[len(part) - n :] = gain[:n][::-1]
    return np.round(part * gain).astype(np.int16)


def excerpt_rate(sr: int) -> int:
    """Rate to write excerpts at, Hz: that of the model where Opus has it, so that they hold what the model gets."""
    return sr if sr in OPUS_RATES else 24_000


def sound_suffix() -> str:
    """Kind of file that this FFmpeg can write: ``.ogg`` (Opus, a seventh of the size), or else ``.flac``."""
    import av

    return ".ogg" if "libopus" in av.codecs_available else ".flac"


def write_sound(path: Path, y: np.ndarray, sr: int) -> None:
    """Write a mono file, Opus for .ogg and FLAC for .flac.

    Parameters
    ----------
    y : int16 [n_samples]
    sr : Hz; for Opus one of OPUS_RATES
    """
    import av

    opus = path.suffix == ".ogg"
    with av.open(str(path), "w", format="ogg" if opus else "flac") as container:
        options = {"compression_level": "0", "b": "40k"} if opus else {}
        stream = container.add_stream("libopus" if opus else "flac", rate=sr, layout="mono", options=options)
        stream.codec_context.format = "s16"
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(y[None]), format="s16", layout="mono")
        frame.sample_rate = sr
        frame.pts = 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
