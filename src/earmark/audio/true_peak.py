"""True peak: the largest value between the samples, by oversampling to 192 kHz where it can be found.

BS.1770-4 asks for four times 48 kHz, and less for higher rates. How far a clipped wave rises between its samples
depends on the interpolator; this one has the taps and the instants of FFmpeg's, so that both give one number.
"""

import numpy as np

RATE = 192_000  # Hz, of the instants that are looked at; at this rate and above the samples are
MOST_STEPS = 12  # instants a sample: enough for rates below 16 kHz
HALF = 16  # samples either side that an interpolated value is made from
KAISER = 9.0  # shape of the taper
PHASES = 256  # places between two samples that taps are tabled for
RISE = 4.0  # more than any wave rises between samples: a chunk that lies below the peak by this has no larger one
SEGMENT = 512  # samples that are looked at together
LOUD = 0.5  # of the largest sample: segments with none so large have no larger value between them; hand-set
COARSE = 0.6366, -0.2122, 0.1273  # of the sinc, half-way between two samples: the next, the second and the third two
NEAR = 0.75  # places with a coarse estimate this near to the largest of the chunk are looked at; hand-set
FINE = 8  # samples either side that a finer estimate is made from, where these places are many
MOST = 64  # places looked at in one chunk and channel: those with the largest fine estimates; hand-set


class TruePeak:
    """Largest oversampled magnitude of a stream, over all channels.

    In each chunk the values half-way between the samples are estimated from six samples, where the samples are large,
    and the places where these are large are looked at; where such places are many, as in clipped music, the most
    promising by a finer estimate. The result is never below the sample peak.

    Parameters
    ----------
    sr : Hz
    """

    def __init__(self, n_channels: int, sr: int) -> None:
        self._tail: np.ndarray | None = None  # of what was pushed, [n_channels, 2 * HALF]
        self._seen = -2 * HALF  # index in the stream of the first sample of the tail
        self._top = 0.0  # largest sample
        self._peak = 0.0
        self._steps = min(RATE / sr, MOST_STEPS)

    def push(self, x: np.ndarray, top: float) -> None:
        """Add float32 [n_channels, n]; `top` is its largest magnitude."""
        self._top = max(self._top, top)
        if self._steps <= 1:
            return
        if self._tail is None:
            self._tail = _mirrored(x)
        edge = np.concatenate([self._tail, x[:, : 2 * HALF]], axis=1)
        self._look(edge, self._seen)
        if x.shape[1] > 2 * HALF:
            self._look(x, self._seen + 2 * HALF)
        self._seen += x.shape[1]
        self._tail = (x if x.shape[1] >= 2 * HALF else edge)[:, -2 * HALF :].copy()

    def finish(self) -> float:
        """The true peak of all that was pushed, over all channels; full scale 1.0."""
        if self._tail is not None:
            self.push(np.zeros_like(self._tail), 0.0)
        return max(self._peak, self._top)

    def _look(self, x: np.ndarray, start: int) -> None:
        """Raise the peak by what lies between the samples of float32 [n_channels, n], the first at `start`."""
        for channel in x:
            at = _promising(channel, self._peak / RISE, LOUD * self._top)
            if at.size:
                self._peak = max(self._peak, self._largest_around(channel, at, start))

    def _largest_around(self, channel: np.ndarray, at: np.ndarray, start: int) -> float:
        """Largest magnitude at the instants within a sample of each of at [n_places], in float32 [n]."""
        first = np.ceil((at + start - 1) * self._steps)
        instants = first[:, None] + np.arange(int(2 * self._steps) + 1)
        offsets = instants / self._steps - (at + start)[:, None]
        row = np.rint((np.minimum(offsets, 1) + 1) * PHASES).astype(int)
        around = np.lib.stride_tricks.sliding_window_view(channel, 2 * HALF + 1)[at - HALF]
        return float(np.abs(TAPS[row] @ around[:, :, None]).max())


def _mirrored(x: np.ndarray) -> np.ndarray:
    """What stands before a stream, float32 [n_channels, 2 * HALF]: it backwards. Silence there would ring."""
    return np.pad(x[:, 1 : 2 * HALF + 1], ((0, 0), (0, max(0, 2 * HALF + 1 - x.shape[1]))))[:, ::-1]


def _promising(channel: np.ndarray, least: float, loud: float) -> np.ndarray:
    """The samples of float32 [n] around which to look, at most MOST; none where all estimates are below `least`.

    loud : largest sample of the segments that are looked at
    """
    starts, windows = _loud_segments(channel, loud)
    estimates = _halfway(windows)
    tops = np.maximum(estimates.max(axis=1, initial=0), -estimates.min(axis=1, initial=0))
    largest = float(tops.max(initial=0))
    if largest <= max(least, 1e-9):
        return np.zeros(0, int)
    high = np.flatnonzero(tops >= NEAR * largest)
    place = np.flatnonzero(np.abs(estimates[high]) >= NEAR * largest)  # of two axes at once it takes ten times as long
    at = starts[high[place // estimates.shape[1]]] + place % estimates.shape[1] + HALF
    if at.size <= MOST:
        return at
    around = np.lib.stride_tricks.sliding_window_view(channel, 2 * FINE + 1)[at - FINE]
    fine = np.abs(around @ HALFWAY)
    return at[np.argpartition(fine, -MOST)[-MOST:]]


def _loud_segments(channel: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """The segments of float32 [n] that reach `least`, and the rest behind whole ones: starts [k], [k, n_segment].

    Each comes with HALF samples either side.
    """
    inner = channel[HALF : len(channel) - HALF]
    size = min(SEGMENT, len(inner))
    whole = inner[: len(inner) // max(size, 1) * size].reshape(-1, max(size, 1))
    starts = size * np.flatnonzero((whole.max(axis=1) >= least) | (whole.min(axis=1) <= -least))
    if whole.size < len(inner):
        starts = np.append(starts, len(inner) - size)
    return starts, np.lib.stride_tricks.sliding_window_view(channel, size + 2 * HALF)[starts]


def _halfway(windows: np.ndarray) -> np.ndarray:
    """Coarse estimates half a sample after each one of float32 [k, n], without HALF at both ends: [k, n - 2 * HALF]."""
    flat = windows.ravel()  # one long row is faster than many short ones; what lies between two windows is left out
    n = max(flat.size - 2 * HALF, 0)
    total, term = np.zeros(flat.size, np.float32), np.empty(n, np.float32)
    for i, weight in enumerate(COARSE):
        np.add(flat[HALF - i :][:n], flat[HALF + 1 + i :][:n], out=term)
        term *= np.float32(weight)
        total[:n] += term
    return total.reshape(windows.shape)[:, : windows.shape[1] - 2 * HALF]


def interpolator(offsets: np.ndarray, half: int) -> np.ndarray:
    """Taps for the values `offsets` [n] samples away, within -1 and 1: float32 [n, 2 * half + 1], each of sum 1.

    A sinc under a Kaiser window of 2 * `half` samples: of its two halves one reaches a sample further.
    """
    k = np.arange(-half, half + 1) - offsets[:, None]
    window = np.where(np.abs(k) < half, np.i0(KAISER * np.sqrt(np.maximum(1 - (k / half) ** 2, 0))), 0)
    taps = np.sinc(k) * window
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)


TAPS = interpolator(np.arange(-PHASES, PHASES + 1) / PHASES, HALF)
HALFWAY = interpolator(np.array([0.5]), FINE)[0]
