"""Answers that differ from each other: each is the best that is not much like those before it.

Source: Carbonell & Goldstein 1998, "The use of MMR, diversity-based reranking for reordering documents".
"""

from collections.abc import Sequence

import numpy as np

from earmark.explore.ranking import Ranking
from earmark.explore.scale import UNKNOWN

POOL, SPARE = 5, 50  # times as many answers are chosen from, and so many more


def pool_size(n: int) -> int:
    """How many of the best answers n are chosen from."""
    return POOL * n + SPARE


def most_diverse(ranking: Ranking, rows: Sequence[int], scores: np.ndarray, n: int, diversity: float) -> list[int]:
    """Which n of some rows of the sheet, as places among them, in the order in which they are chosen.

    rows, scores : the best first; float [n], 0..1
    diversity : 0 to 1, the share that likeness to those before counts, against the score
    """
    rows = np.asarray(rows, int)
    nearest, left, chosen = np.zeros(len(rows)), np.ones(len(rows), bool), []
    while len(chosen) < min(n, len(rows)):
        worth = (1 - diversity) * scores - diversity * nearest
        best = int(np.where(left, worth, -np.inf).argmax())
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, _likeness(ranking, rows, rows[best]))
    return chosen


def _likeness(ranking: Ranking, rows: np.ndarray, row: int) -> np.ndarray:
    """How alike tracks are to one of them, by the parts that the ranking wants alike: float64 [n], 0..1."""
    weights = {name: weight for name, weight in ranking.weights.used().items() if weight > 0}
    total = np.zeros(len(rows))
    for name, weight in weights.items():
        part = ranking.sheet.part(name)
        share = ranking.sheet.scale(name).share(part.likeness(part.rows(np.array([row]))[0], rows))
        total += weight * np.where(np.isnan(share), UNKNOWN, share)
    return total / max(sum(weights.values()), 1e-9)
