"""Which tracks to ask the user about next: those that the head is least sure of, none like another."""

import numpy as np

POOL = 40  # candidates for each track that is asked for


def ask_next(placed: np.ndarray, probabilities: np.ndarray | None, known: np.ndarray, n: int) -> list[int]:
    """Rows to ask about, the most telling first.

    Parameters
    ----------
    placed : float32 [n_tracks, dim], as `earmark.teaching.fit.Space.place` makes them
    probabilities : float [n_tracks, n_classes]; None while there is no head: then only difference counts
    known : bool [n_tracks], the examples, which are not asked about
    n : how many at most

    Source: uncertainty by margin between the two likeliest classes (Scheffer et al. 2001), and farthest-first
    traversal among the most uncertain (after Sener and Savarese 2018).
    """
    free = np.flatnonzero(~known)
    if not len(free) or n < 1:
        return []
    doubt = np.ones(len(free)) if probabilities is None else _doubt(probabilities[free])
    order = np.argsort(-doubt, kind="stable") if probabilities is not None else _spread(len(free), n)
    pool = order[: max(POOL * n, 1)]
    rows, doubt = free[pool], doubt[pool]
    x = placed[rows].astype(np.float32)
    away = _distances(x, placed[known]).min(axis=1) if known.any() else np.full(len(rows), np.inf)
    chosen = [int(np.argmax(doubt))]
    while len(chosen) < min(n, len(rows)):
        away = np.minimum(away, _distances(x, x[chosen[-1:]])[:, 0])
        merit = doubt * away
        merit[chosen] = -1.0
        chosen.append(int(np.argmax(merit)))
    return [int(rows[i]) for i in chosen]


def _doubt(probabilities: np.ndarray) -> np.ndarray:
    """1 where the two likeliest classes are level, 0 where one has all."""
    first, second = np.sort(probabilities, axis=1)[:, -1], np.sort(probabilities, axis=1)[:, -2]
    return 1.0 - (first - second)


def _spread(total: int, n: int) -> np.ndarray:
    return np.random.default_rng(0).permutation(total)[: POOL * n]


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0))
