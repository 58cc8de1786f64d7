"""What it costs that one track follows another, or stands at a place of a list. All costs are 0 to about 1."""

import numpy as np

from earmark.descriptors.key.names import camelot, compatible_keys, key_name, key_number
from earmark.explore.playlists.pool import Pool
from earmark.explore.playlists.recipe import Curve

SMOOTH = 0.02  # what the distance of keys, tempi and sounds counts beside whether two tracks mix
FAR = 0.3  # relative difference of two tempi that is as bad as any larger one


def mixes(keys: np.ndarray, bpm: np.ndarray, within: float = 0.06) -> np.ndarray:
    """Which pairs mix: keys that are compatible by the Camelot rule and tempi that are near: bool [n, n].

    Parameters
    ----------
    keys : int [n], numbers of keys; -1: unknown, which mixes with nothing
    bpm : float [n], NaN: unknown, the same
    within : relative difference of the tempi, measured by the slower one
    """
    fits = np.pad(_compatible(), (0, 1))  # the last row and column are those of -1
    return fits[keys[:, None], keys] & (apart(bpm) <= within)


def apart(bpm: np.ndarray) -> np.ndarray:
    """Relative difference of every two tempi: float64 [n, n], infinite where one is unknown."""
    slower = np.minimum(bpm[:, None], bpm)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(np.abs(bpm[:, None] - bpm) / slower, nan=np.inf)


def _compatible() -> np.ndarray:
    found = np.zeros((24, 24), bool)
    for number in range(24):
        found[number, [key_number(*names) for names in compatible_keys(*key_name(number))]] = True
    return found


def _wheel() -> np.ndarray:
    """How far two keys are apart on the Camelot wheel, 0 to 1: hours, and one for the ring."""
    codes = [camelot(*key_name(number)) for number in range(24)]
    hours, rings = np.array([int(code[:-1]) for code in codes]), np.array([code[-1] == "A" for code in codes])
    steps = np.abs(hours[:, None] - hours)
    return (np.minimum(steps, 12 - steps) + (rings[:, None] != rings)) / 7


def harmonic(pool: Pool, within: float) -> np.ndarray:
    """1 for a pair that does not mix, and a little for the distance of keys, tempi and sounds: float32 [n, n]."""
    keys, bpm = pool.keys, pool.numbers("tempo")
    wheel = np.pad(_wheel(), (0, 1), constant_values=1.0)[keys[:, None], keys]
    near = wheel + np.minimum(apart(bpm) / FAR, 1) + unlike(pool)
    return (~mixes(keys, bpm, within) + SMOOTH * near).astype(np.float32)


def unlike(pool: Pool) -> np.ndarray:
    """Half of one less the cosine: float32 [n, n], 0 to 1."""
    return ((1 - pool.vectors @ pool.vectors.T) / 2).astype(np.float32)


def ramp(bpm: np.ndarray, n_slots: int, start: float | None, end: float | None) -> np.ndarray:
    """How far tempi are from a line from `start` to `end`: float32 [n, n_slots]; 1 for an octave and for unknown ones.

    Without either the line goes through the tempi of the tracks themselves, from the slowest to the fastest.
    """
    known = np.sort(bpm[np.isfinite(bpm)])
    if not len(known):
        return np.ones((len(bpm), n_slots), np.float32)
    across = np.linspace(0, 1, n_slots)
    if start is None and end is None:
        line = np.log2(np.quantile(known, across))
    else:
        low, high = np.log2([start or known[0], end or known[-1]])
        line = low + across * (high - low)
    with np.errstate(invalid="ignore"):
        return _bent(np.log2(bpm)[:, None] - line)


def arc(energy: np.ndarray, n_slots: int, curve: Curve) -> np.ndarray:
    """How far energies are from a curve over the list: float32 [n, n_slots], 0 to 1; 1 for unknown ones."""
    across, height = zip(*curve, strict=True)
    line = np.interp(np.linspace(0, 1, n_slots), across, height)
    return _bent(energy[:, None] - line)


def _bent(off: np.ndarray) -> np.ndarray:
    """Half the distance and half its square: with the distance alone, two that stand in the wrong order cost no more.

    NaN, which is unknown, costs 1.
    """
    off = np.nan_to_num(np.abs(off), nan=1.0)
    return ((off + off**2) / 2).astype(np.float32)


def compatible_share(keys: np.ndarray, bpm: np.ndarray, within: float = 0.06) -> float | None:
    """Share of neighbours that mix, in their order; None for fewer than two tracks."""
    if len(keys) < 2:
        return None
    return float(np.diagonal(mixes(np.asarray(keys), np.asarray(bpm, float), within), 1).mean())


def compatible_at_most(keys: np.ndarray, bpm: np.ndarray, within: float = 0.06) -> float | None:
    """A share of neighbours that mix which no order of these tracks exceeds; None for fewer than two.

    There are as many breaks as groups of tracks that mix with no other group, less one, and as the best cover of all
    tracks by cycles needs, less one.
    """
    n = len(keys)
    if n < 2:
        return None
    from scipy.optimize import linear_sum_assignment  # imported late: it takes longer than a search
    from scipy.sparse.csgraph import connected_components

    free = mixes(np.asarray(keys), np.asarray(bpm, float), within) & ~np.eye(n, dtype=bool)
    groups = connected_components(free, directed=False, return_labels=False)
    rows, columns = linear_sum_assignment(np.where(free, 0, 1) + 2 * np.eye(n))
    cycles = int((~free[rows, columns]).sum())
    return 1 - max(groups - 1, cycles - 1, 0) / (n - 1)
