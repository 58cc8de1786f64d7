"""True peak: the largest value between the samples, by 4x oversampling where it can be found."""

import numpy as np

PHASES = 4
HALF = 12  # samples either side that an interpolated value is made from
NEAR = 0.8  # only around samples this near to the largest; hand-set: rising 2 dB between samples is the far tail
MOST = 1024  # places looked at in one chunk and channel; the largest first


class TruePeak:
    """Largest oversampled magnitude of a stream, over all channels.

    Places whose samples stay below 0.8 of the largest sample so far are skipped: to matter there, the wave would have
    to rise more than 2 dB between two samples. The result is never below the sample peak.
    """

    def __init__(self, n_channels: int) -> None:
        self._tail = np.zeros((n_channels, 2 * HALF), np.float32)
        self._top = 0.0  # largest sample
        self._peak = 0.0
        self._filter = interpolator()

    def push(self, x: np.ndarray, top: float) -> None:
        """Add float32 [n_channels, n]; `top` is its largest magnitude."""
        self._top = max(self._top, top)
        edge = np.concatenate([self._tail, x[:, : 2 * HALF]], axis=1)
        self._look(edge)
        if top >= NEAR * self._top and x.shape[1] > 2 * HALF:
            self._look(x)
        self._tail = (x if x.shape[1] >= 2 * HALF else edge)[:, -2 * HALF :].copy()

    def finish(self) -> float:
        """The true peak of all that was pushed, over all channels; full scale 1.0."""
        self.push(np.zeros_like(self._tail), 0.0)
        return max(self._peak, self._top)

    def _look(self, x: np.ndarray) -> None:
        threshold = max(NEAR * self._top, 1e-9)
        for channel in x:
            middle = np.abs(channel[HALF:-HALF])
            at = np.flatnonzero(middle >= threshold)
            if at.size > MOST:
                at = at[np.argpartition(middle[at], -MOST)[-MOST:]]
            if at.size:
                around = np.lib.stride_tricks.sliding_window_view(channel, 2 * HALF + 1)[at]
                self._peak = max(self._peak, float(np.abs(around @ self._filter).max()))


def interpolator() -> np.ndarray:
    """Windowed sinc, float32 [2 * HALF + 1, 2 * PHASES - 1]: values at up to 3/4 of a sample either side."""
    offsets = np.arange(1 - PHASES, PHASES) / PHASES
    k = np.arange(-HALF, HALF + 1)[:, None] - offsets
    window = np.where(np.abs(k) < HALF + 1, np.cos(np.pi * k / (2 * HALF + 2)) ** 2, 0)
    taps = np.sinc(k) * window
    return (taps / taps.sum(axis=0)).astype(np.float32)
