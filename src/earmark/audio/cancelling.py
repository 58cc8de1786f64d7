"""Channels that cancel each other in the mean: found by samples of the sound while it is decoded."""

import av
import numpy as np

from earmark.audio.layouts import is_custom
from earmark.audio.mixing import MAX_PLANES

ALL_OF_FIRST = 16  # frames are looked at, so that short sounds are known too
LENGTH = 4096  # samples of a frame that are looked at
CANCELS = 0.02  # energy of the sum by the sum of energies: 1 for unlike channels, 2 for a stereo of equal ones.
# 0.02 is a stereo whose mean lies 20 dB below its channels; wide pads and choruses stay above 0.1.
SILENCE = 1e-8  # mean square of a channel (-80 dBFS), below which there is nothing to cancel
TYPES = {"u8": np.uint8, "s16": np.int16, "s32": np.int32, "s64": np.int64, "flt": np.float32, "dbl": np.float64}


class PhaseWatch:
    """Adds up how alike the channels are, for each number of channels that a stream has on its way.

    `see` looks at a frame now and then, which costs nothing; `measure` at all of the sound, and is an `Observer`.
    """

    def __init__(self) -> None:
        self._offered = 0
        self._products: dict[int, np.ndarray] = {}  # n_channels -> float64 [n_channels, n_channels]
        self._looked: dict[int, int] = {}  # n_channels -> samples

    def see(self, frame: av.AudioFrame) -> None:
        """Look at a frame, later at every fourth that is offered: one in 6 s of sound is enough to know the mean."""
        self._offered += 1
        n = frame.layout.nb_channels
        if n < 2 or (self._offered > ALL_OF_FIRST and self._offered % 4) or (x := samples_of(frame)) is None:
            return
        self._add(x)

    def measure(self, block: np.ndarray, sr: int, layout: str) -> None:
        """Add float32 [n_channels, n]."""
        if len(block) > 1:
            self._add(block)

    def _add(self, x: np.ndarray) -> None:
        with np.errstate(invalid="ignore", over="ignore"):
            n, products = len(x), (x @ x.T).astype(np.float64)
        if np.isfinite(products).all():  # float files may hold anything
            self._products[n] = self._products.get(n, 0) + products
            self._looked[n] = self._looked.get(n, 0) + x.shape[1]

    def weights(self) -> dict[int, tuple[float, ...]]:
        """n_channels -> weights of a mix in which nothing cancels; only where the mean of the channels does."""
        return {n: _aligned(P) for n, P in self._products.items() if _cancels(P, self._looked[n])}


def _cancels(products: np.ndarray, n_samples: int) -> bool:
    energy = float(np.trace(products))
    return energy > SILENCE * n_samples * len(products) and float(products.sum()) < CANCELS * energy


def _aligned(products: np.ndarray) -> tuple[float, ...]:
    """Each channel with the sign that makes it add to the loudest one."""
    loudest = int(np.argmax(np.diag(products)))
    return tuple(float(s) / len(products) for s in np.where(products[loudest] < 0, -1, 1))


def samples_of(frame: av.AudioFrame) -> np.ndarray | None:
    """The beginning of a frame: float32 [n_channels, n], full scale 1.0; None for formats that are not looked at."""
    n, kind = frame.layout.nb_channels, frame.format.packed.name
    many = frame.format.is_planar and n > MAX_PLANES
    if kind not in TYPES or (many and is_custom(frame.layout.name)):
        return None
    if many:
        frame = av.AudioResampler(kind, frame.layout.name, frame.rate).resample(frame)[0]
    dtype, length = TYPES[kind], min(frame.samples, LENGTH)
    if frame.format.is_planar:
        x = np.stack([np.frombuffer(plane, dtype, length) for plane in frame.planes[:n]])
    else:
        x = np.frombuffer(frame.planes[0], dtype, length * n).reshape(-1, n).T
    if np.issubdtype(dtype, np.floating):
        return x.astype(np.float32)
    half = 0.5 * (1 << 8 * np.dtype(dtype).itemsize)
    return (x.astype(np.float32) - (128 if dtype is np.uint8 else 0)) / np.float32(half)
