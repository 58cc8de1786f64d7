"""A pulse curve and a tempo -> the times of the beats, by dynamic programming."""

from functools import lru_cache

import numpy as np

TIGHTNESS = 60.0  # cost of an interval that is off by a factor e, in units of the pulse's deviation
REACH = (0.6, 1.6)  # shortest and longest interval considered, in periods


def track_beats(pulse: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Frames of the beats that collect most pulse while keeping to the local period.

    Parameters
    ----------
    pulse : float32 [n_frames], at least one
    periods : float [n_frames], frames from one beat to the next, 12 or more

    Returns
    -------
    float [n_beats], ascending; positions between frames are interpolated.

    Source: Ellis 2007, "Beat tracking by dynamic programming"; here blocks of frames that do not depend on each other
    are computed at once.
    """
    strength = pulse / (pulse.std() + 1e-9)
    total, previous = _accumulate(strength.astype(np.float64), periods)
    frames = _backtrack(total, previous, periods)
    return _interpolate(pulse, _trim(strength, frames))


def _accumulate(strength: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best sum up to each frame, float [n], and the beat before it, int [n], -1 for none."""
    n = len(strength)
    longest = int(REACH[1] * periods.max()) + 2
    total = np.concatenate([np.zeros(longest), strength])  # a beat before the track costs and gains nothing
    previous = np.full(n, -1)
    tenths = np.round(periods * 10).astype(int)
    start = 0
    while start < n:
        lags, costs = _list_links(int(tenths[start]))
        stop = min(n, start + len(lags))  # no frame of the block has its previous beat within the block
        gains, sources = _choose_sources(total, longest, start + lags[: stop - start], costs)
        total[longest + start : longest + stop] += gains
        previous[start:stop] = sources
        start = stop
    return total[longest:], previous


def _choose_sources(
    total: np.ndarray, offset: int, sources: np.ndarray, costs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The best previous beat of each frame of a block and what it adds: float and int [n_block]; 0 and -1 for none.

    sources : int [n_block, n_lags], frames; frame f is ``total[offset + f]``
    """
    reached = total[offset + sources] + costs
    best = reached.argmax(axis=1)
    rows = np.arange(len(sources))
    gain, source = reached[rows, best], sources[rows, best]
    useful = (source >= 0) & (gain > 0)
    return np.where(useful, gain, 0), np.where(useful, source, -1)


@lru_cache(maxsize=64)
def _list_links(tenths: int) -> tuple[np.ndarray, np.ndarray]:
    """The links of a block of frames at a period of tenths / 10 frames.

    Returns the possible previous beats relative to the block's first frame, int [n_block, n_lags], and the cost of each
    lag, float [n_lags].
    """
    period = tenths / 10
    lags = np.arange(max(1, int(REACH[0] * period)), int(REACH[1] * period) + 1)
    return np.arange(lags[0])[:, None] - lags, -TIGHTNESS * np.log(lags / period) ** 2


def _backtrack(total: np.ndarray, previous: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Follow the previous beats from the best end within the last period: int [n_beats], ascending."""
    tail = max(0, len(total) - int(periods[-1]) - 1)
    frame, frames = tail + int(total[tail:].argmax()), []
    while frame >= 0:
        frames.append(frame)
        frame = previous[frame]
    return np.array(frames[::-1])


def _trim(strength: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Drop beats at both ends that fall into silence."""
    near = np.array([strength[max(0, f - 2) : f + 3].max() for f in frames])
    clear = np.flatnonzero(near > 0.25 * np.median(near)) if len(frames) else []
    return frames[clear[0] : clear[-1] + 1] if len(clear) else frames[:0]


def _interpolate(pulse: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Move each beat to the centre of gravity of the pulse within two frames of it: float [n_beats]."""
    offsets = np.arange(-2, 3)
    weights = pulse[np.clip(frames[:, None] + offsets, 0, len(pulse) - 1)] + 1e-9
    return frames + (weights * offsets).sum(axis=1) / weights.sum(axis=1)
