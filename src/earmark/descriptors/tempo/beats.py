"""A pulse curve and a tempo -> the times of the beats, by dynamic programming."""

from functools import lru_cache

import numpy as np

TIGHTNESS = 60.0  # cost of an interval that is off by a factor e, in units of the pulse's deviation
REACH = (0.6, 1.6)  # shortest and longest interval considered, in periods


def track_beats(pulse: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Frames of the beats that collect most pulse while keeping to the local period.

    Parameters
    ----------
    pulse : float32 [n_frames]
    periods : float [n_frames], frames from one beat to the next, 12 or more

    Returns
    -------
    float [n_beats], ascending; positions between frames are interpolated.

    Source: Ellis 2007; here whole blocks that cannot influence each other are computed at once.
    """
    strength = pulse / (pulse.std() + 1e-9)
    total, previous = _forward(strength.astype(np.float64), periods)
    frames = _backtrack(total, previous, periods)
    return _between_frames(pulse, _trim(strength, frames))


def _forward(strength: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best sum up to each frame, float [n], and the beat before it, int [n], -1 for none."""
    n = len(strength)
    longest = int(REACH[1] * periods.max()) + 2
    total = np.concatenate(
        [np.zeros(longest), strength]
    )  # zeros before the track: a beat there costs and gains nothing
    previous = np.full(n, -1)
    tenths = np.round(periods * 10).astype(int)
    start = 0
    while start < n:
        back, cost = _links(int(tenths[start]))
        stop = min(n, start + len(back))  # no frame of the block reaches back into the block
        reached = total[longest + start + back[: stop - start]] + cost
        best = reached.argmax(axis=1)
        rows = np.arange(stop - start)
        gain, source = reached[rows, best], start + back[rows, best]
        useful = (source >= 0) & (gain > 0)
        total[longest + start : longest + stop] += np.where(useful, gain, 0)
        previous[start:stop] = np.where(useful, source, -1)
        start = stop
    return total[longest:], previous


@lru_cache(maxsize=64)
def _links(tenths: int) -> tuple[np.ndarray, np.ndarray]:
    """For a block of frames at a period of tenths / 10: its sources relative to the block's start, int [n_block,
    n_lags], and what each lag costs, float [n_lags]."""
    period = tenths / 10
    lags = np.arange(max(1, int(REACH[0] * period)), int(REACH[1] * period) + 1)
    return np.arange(lags[0])[:, None] - lags, -TIGHTNESS * np.log(lags / period) ** 2


def _backtrack(total: np.ndarray, previous: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Follow the predecessors from the best end within the last period."""
    tail = max(0, len(total) - int(periods[-1]) - 1)
    frame, frames = tail + int(total[tail:].argmax()), []
    while frame >= 0:
        frames.append(frame)
        frame = previous[frame]
    return np.array(frames[::-1])


def _trim(strength: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Drop beats at both ends that fall into silence."""
    near = np.array([strength[max(0, f - 2) : f + 3].max() for f in frames])
    heard = np.flatnonzero(near > 0.25 * np.median(near)) if len(frames) else []
    return frames[heard[0] : heard[-1] + 1] if len(heard) else frames[:0]


def _between_frames(pulse: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Move each beat to the centre of gravity of the pulse right around it."""
    offsets = np.arange(-2, 3)
    weights = pulse[np.clip(frames[:, None] + offsets, 0, len(pulse) - 1)] + 1e-9
    return frames + (weights * offsets).sum(axis=1) / weights.sum(axis=1)
