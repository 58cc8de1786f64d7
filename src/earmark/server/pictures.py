"""Pictures of a track from its earprint: how loud it is over time, and its spectrogram as an image."""

import struct
import zlib

import numpy as np

from earmark.errors import QueryError

GAIN = 10_000.0  # of the log-mel: S = log10(1 + GAIN * mel)
MAX_POINTS = 20_000
MAX_WIDTH = 4096  # pixels
MAX_SECONDS_A_PIXEL = 60.0


def envelope(S: np.ndarray, points: int) -> list[int]:
    """The amplitude over time, 0..255 of its highest: the root of the power of all bands, the peak of each stretch.

    Parameters
    ----------
    S : log-mel, float32 [n_frames, n_mels]
    points : values, 1 to 20,000; fewer come back where there are fewer frames
    """
    if not 1 <= points <= MAX_POINTS:
        raise QueryError(points, "no number of points", f"Give 1 to {MAX_POINTS}.")
    amplitude = np.sqrt(np.maximum((10.0 ** S.astype(np.float32) - 1) / GAIN, 0).sum(1))
    parts = np.array_split(amplitude, min(points, max(len(amplitude), 1)))
    peaks = np.array([part.max(initial=0.0) for part in parts])
    return np.rint(255 * peaks / max(float(peaks.max(initial=0.0)), 1e-9)).astype(int).tolist()


def spectrogram(S: np.ndarray, rate: float, start: float, end: float, width: int) -> bytes:
    """A PNG of 8 grey bits: time to the right, a row a mel band, the lowest at the bottom, white the loudest.

    Parameters
    ----------
    rate : frames a second
    start, end : seconds; what lies outside the track is black
    width : pixels, at most 4,096
    """
    if not (0 <= start < end < 1e6 and 1 <= width <= MAX_WIDTH):
        raise QueryError(
            f"{start:g} to {end:g} s, {width} pixels", "no part of a track", "Give start < end and a width."
        )
    if (end - start) / width > MAX_SECONDS_A_PIXEL:
        raise QueryError(width, "too few pixels for so long a part", "Give a larger width.")
    edges = np.rint(np.linspace(start, end, width + 1) * rate).astype(int)
    image = np.zeros((width, S.shape[1]), np.float32)
    for x, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        part = S[a : max(b, a + 1)]
        if len(part):
            image[x] = part.max(0)
    grey = np.rint(255 * np.clip(image / max(float(S.max(initial=0.0)), 1e-9), 0, 1)).astype(np.uint8)
    return png(np.ascontiguousarray(grey.T[::-1]))


def png(grey: np.ndarray) -> bytes:
    """An image, uint8 [height, width], as PNG."""
    height, width = grey.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), grey])  # each row begins with its filter: none
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
