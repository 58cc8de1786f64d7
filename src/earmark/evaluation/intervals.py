"""How far a figure could be off by chance of the sample: percentile intervals of a grouped bootstrap."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

RESAMPLES = 1000
COVERAGE = 0.95


def resamples(groups: Sequence[str], n: int = RESAMPLES, seed: int = 0) -> Iterator[np.ndarray]:
    """How often each row is drawn in each of `n` samples of whole groups with replacement.

    Clips of one song or artist are no independent evidence, so a group is drawn or left out as a whole.

    Parameters
    ----------
    groups : one id a row, equal for rows that belong together

    Yields
    ------
    float64 [n_rows], `n` times
    """
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    n_groups = int(group.max()) + 1
    rng = np.random.default_rng(seed)
    for _ in range(n):
        drawn = np.bincount(rng.integers(n_groups, size=n_groups), minlength=n_groups)
        yield drawn[group].astype(np.float64)


def intervals(
    figures: Callable[[np.ndarray], np.ndarray], groups: Sequence[str], n: int = RESAMPLES, seed: int = 0
) -> np.ndarray:
    """Lower and upper end of the 95 % interval of each figure.

    Parameters
    ----------
    figures : weights float64 [n_rows] -> float64 [n_figures]
    groups : one id a row, equal for rows that belong together (`Manifest.groups`)
    n : samples

    Returns
    -------
    float64 [n_figures, 2]; NaN for a figure that is defined in fewer than half of the samples
    """
    drawn = np.array([figures(weights) for weights in resamples(groups, n, seed)])
    tail = 100 * (1 - COVERAGE) / 2
    ends = np.full((drawn.shape[1], 2), np.nan)
    for k, column in enumerate(drawn.T):
        defined = column[np.isfinite(column)]
        if len(defined) >= n / 2:
            ends[k] = np.percentile(defined, [tail, 100 - tail])
    return ends
