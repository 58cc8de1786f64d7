"""Tracks by their best passages, where a window of a track is a seed.

The sheet, which knows tracks as a whole, proposes some; of these every passage is compared with the window. How alike a
best passage is by chance comes from windows of random tracks, as the scales of whole tracks do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from earmark.catalogue.store import Store
from earmark.catalogue.track import PassagePair
from earmark.explore.passages import Passages, best_pair, length_for, passages_of, seed_passages
from earmark.explore.portrait import Portrait
from earmark.explore.ranking import Ranking, Shares
from earmark.explore.scale import UNKNOWN, Scale, scale_of

FEWEST, MOST = 120, 1000  # tracks whose passages are looked through
DRAWN = 32  # tracks that the scale of passages is drawn from


@dataclass(frozen=True)
class Rows:
    """Rows of a sheet, the best first.

    Attributes
    ----------
    numbers : int [n], of the rows
    shares : part -> share of random pairs that are less alike, float64 [n], of the parts that count at least
    cosines : float [n]
    pairs : the best pair of passages of each; empty where no passages were looked at
    """

    numbers: np.ndarray
    shares: Shares
    cosines: np.ndarray
    pairs: Sequence[PassagePair]


def best_by_passages(store: Store, ranking: Ranking, among: np.ndarray, n: int) -> Rows:
    """The n best of the tracks whose passages are looked through, best first.

    among : bool, of all tracks of the sheet
    """
    rows = ranking.best(among, min(max(2 * n, FEWEST), MOST))
    ids = ranking.sheet.ids.take(rows).to_pylist()
    courses = store.courses(ids, ranking.sheet.model.id)
    shares = ranking.shares_of_rows(rows, ranking.weights.used())
    totals, cosines, pairs = np.zeros(len(rows)), np.zeros(len(rows)), [None] * len(rows)
    for seed, weight in zip(ranking.seeds, ranking.seed_weights, strict=True):
        share, cosine, found = _of_seed(store, ranking, rows, ids, courses, seed)
        totals += abs(weight) * (share if weight > 0 else 1 - share)
        cosines += weight * cosine
        pairs = [_better(a, b) for a, b in zip(pairs, found, strict=True)] if weight > 0 else pairs
    size = sum(map(abs, ranking.seed_weights))
    shares["sound"], cosines = totals / size, cosines / size
    order = np.lexsort((-cosines, -np.round(ranking.scores(shares), 9)))[:n]
    shares = {name: share[order] for name, share in shares.items()}
    return Rows(rows[order], shares, cosines[order], [pairs[i] for i in order])


def _of_seed(store: Store, ranking: Ranking, rows, ids, courses, seed: Portrait):
    """Share, cosine and best pair of passages of every row, for one seed; of whole tracks where it has no window."""
    sheet = ranking.sheet
    cosines, pairs = sheet.part("sound").likeness(seed.vector, rows), [None] * len(rows)
    mine = seed_passages(seed)
    if seed.window is None or mine is None:
        return sheet.scale("sound").share(cosines), cosines, pairs
    length = length_for(seed.window)
    scale = scale_of_passages(store, ranking, length)
    shares = np.full(len(rows), UNKNOWN)
    for i, track_id in enumerate(ids):
        if track_id in courses:
            times, embedding = courses[track_id]
            pairs[i] = best_pair(seed, mine, passages_of(times, embedding, float(times[-1]), length))
            cosines[i] = pairs[i].similarity
            shares[i] = scale.share(cosines[i])
    return shares, cosines, pairs


def _better(a: PassagePair | None, b: PassagePair | None) -> PassagePair | None:
    return max((pair for pair in (a, b) if pair is not None), key=lambda pair: pair.similarity, default=None)


def scale_of_passages(store: Store, ranking: Ranking, seconds: float) -> Scale:
    """How alike a random passage of that length and the best passage of another track are."""
    return ranking.sheet.remember(("passages", round(seconds, 1)), lambda: _drawn(store, ranking, seconds))


def _drawn(store: Store, ranking: Ranking, seconds: float) -> Scale:
    ids = ranking.sheet.sample_ids(DRAWN)
    courses = store.courses(ids, ranking.sheet.model.id)
    passages: list[Passages] = []
    for track_id in filter(courses.__contains__, ids):
        times, embedding = courses[track_id]
        passages.append(passages_of(times, embedding, float(times[-1]), seconds))
    rng, found = np.random.default_rng(0), []
    for i, mine in enumerate(passages):
        one = mine.vectors[rng.integers(len(mine.vectors))]
        found += [float((other.vectors @ one).max()) for j, other in enumerate(passages) if j != i]
    return scale_of(np.array(found))
