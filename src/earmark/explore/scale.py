"""One scale for all parts of likeness: the share of random pairs of tracks that are less alike."""

from dataclasses import dataclass, field

import numpy as np

EVEN, RARE = 192, 64  # values of the distribution that are kept: evenly, and the nearer to the top the more densely
CELLS = 8192  # of the table by which many values are looked up at once
UNKNOWN = 0.5  # the share that counts where a part is not known of one of two tracks


@dataclass(frozen=True)
class Scale:
    """How alike random pairs of tracks are.

    Attributes
    ----------
    values : float64 [k], ascending likenesses, the last of them 1
    shares : float64 [k], the share of pairs that are less alike, equal ones by half
    """

    values: np.ndarray
    shares: np.ndarray
    _cells: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grid = np.linspace(self.values[0], self.values[-1], CELLS)
        object.__setattr__(self, "_cells", np.interp(grid, self.values, self.shares).astype(np.float32))

    def share(self, likeness: np.ndarray) -> np.ndarray:
        """The share of random pairs that are less alike, float64 of the same shape; NaN stays NaN."""
        return np.interp(likeness, self.values, self.shares)

    def share_nearly(self, likeness: np.ndarray) -> np.ndarray:
        """The same for many, float32 [n], to 1 / `CELLS` of the values' range; NaN becomes `UNKNOWN`."""
        low, high = self.values[0], self.values[-1]
        cells = (likeness - np.float32(low)) * np.float32((CELLS - 1) / (high - low)) + np.float32(0.5)
        np.clip(cells, 0, CELLS - 1, out=cells)
        unknown = np.isnan(cells)
        if not unknown.any():
            return self._cells[cells.astype(np.int32)]
        found = self._cells[np.where(unknown, 0, cells).astype(np.int32)]
        found[unknown] = UNKNOWN
        return found


NO_SCALE = Scale(np.array([-1.0, 1.0]), np.array([UNKNOWN, UNKNOWN]))
"""Where there are no two tracks to compare: nobody can tell what is alike."""


def scale_of(likenesses: np.ndarray) -> Scale:
    """The scale of the likenesses of random pairs, float [n]; NaN are left out."""
    known = np.sort(likenesses[~np.isnan(likenesses)].astype(np.float64))
    if not len(known):
        return NO_SCALE
    values, first, counts = np.unique(known, return_index=True, return_counts=True)
    shares = (first + counts / 2) / len(known)
    kept = _some(len(values))
    values, shares = values[kept], shares[kept]
    span = max(1e-6, float(values[-1] - values[0]))
    return Scale(np.r_[values[0] - span, values, max(1.0, values[-1] + 1e-6)], np.r_[0.0, shares, 1.0])


def _some(n: int) -> np.ndarray:
    """Places among n values, ascending: all of them, or some of them evenly and more of them near the top."""
    even = np.linspace(0, n - 1, min(n, EVEN))
    rare = n - 1 - (np.geomspace(1, n, min(n, RARE)) - 1)
    return np.unique(np.round(np.r_[even, rare]).astype(int))
