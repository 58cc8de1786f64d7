"""Excerpts of several recordings as one sound file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

GAP = 0.3  # seconds of silence between two excerpts
FADE = 0.01  # seconds at both ends of an excerpt: no clicks


def join(spans: Sequence[tuple[np.ndarray, float, float]], sr: int, least_seconds: float) -> np.ndarray:
    """Cut and join.

    Parameters
    ----------
    spans : signal int16 [n_samples] at `sr` Hz, start and end in seconds
    least_seconds : a shorter span is widened to this about its middle, as far as the recording goes

    Returns
    -------
    int16 [n_samples], faded at the ends of each excerpt, with silence between
    """
    gap = np.zeros(round(GAP * sr), np.int16)
    parts: list[np.ndarray] = []
    for signal, start, end in spans:
        a, b = widened(start, end, len(signal) / sr, least_seconds)
        parts += [_faded(np.asarray(signal[round(a * sr) : round(b * sr)]), sr), gap]
    return np.concatenate(parts[:-1]) if parts else gap


def widened(start: float, end: float, duration: float, least: float) -> tuple[float, float]:
    """A span of at least `least` seconds about the same middle, moved inwards at the ends of the recording."""
    missing = least - (end - start)
    if missing <= 0:
        return max(start, 0.0), min(end, duration)
    a = min(max(start - missing / 2, 0.0), max(duration - least, 0.0))
    return a, min(a + least, duration)


def _faded(part: np.ndarray, sr: int) -> np.ndarray:
    n = min(round(FADE * sr), len(part) // 2)
    gain = np.ones(len(part), np.float32)
    gain[:n] = np.linspace(0, 1, n, endpoint=False)
    gain[len(part) - n :] = gain[:n][::-1]
    return np.round(part * gain).astype(np.int16)


def write_flac(path: Path, y: np.ndarray, sr: int) -> None:
    """Write int16 [n_samples] as a mono FLAC file."""
    import av

    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=sr, layout="mono")
        stream.codec_context.format = "s16"
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(y[None]), format="s16", layout="mono")
        frame.sample_rate = sr
        frame.pts = 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
