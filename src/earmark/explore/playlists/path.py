"""From one track to another in even steps of sound.

Between the two ends the shortest arc of the sphere of embeddings is divided evenly. For every point the nearest tracks
are looked at, and of them those are taken that make all steps small and alike, which is what a sum of squares asks for.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from earmark.catalogue.filters import Filter
from earmark.catalogue.query import Likeness, Query
from earmark.catalogue.store import Store
from earmark.errors import QueryError
from earmark.explore.playlists.keeping import Row, rows_of
from earmark.explore.playlists.making import limits_of
from earmark.explore.playlists.ordering import solve
from earmark.explore.playlists.pool import Pool, pool_of
from earmark.explore.playlists.problem import Problem
from earmark.explore.playlists.recipe import MAX_TRACKS, Rules

NEAREST = 25  # tracks that are looked at for each point
FEWEST = 200  # points and tracks together, so that a short path has a choice
OFF = 0.5  # what being off the arc counts beside uneven steps


@dataclass(frozen=True)
class Step:
    """One track of a path.

    Attributes
    ----------
    row : the track
    similarity : cosine to the track before; None for the first
    along : which share of the way it is by its sound, 0 for the first track and 1 for the last
    """

    row: Row
    similarity: float | None
    along: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON: a line of ``path --json``."""
        similarity = None if self.similarity is None else round(self.similarity, 4)
        return {**self.row.to_dict(), "similarity": similarity, "along": round(self.along, 4)}


def path(
    store: Store,
    start: str,
    end: str,
    n: int = 12,
    where: Filter | None = None,
    per_artist: int | None = None,
    versions: bool = False,
) -> list[Step]:
    """`n` tracks from `start` to `end`, both included; fewer where no more fit.

    Parameters
    ----------
    start, end : ids, paths or titles
    where : what the tracks between must fit
    per_artist : tracks of one artist at most, both ends counted
    versions : a song may come more than once, in other versions

    Raises
    ------
    NotFound : no such track
    QueryError : fewer than two steps or too many, or the ends are the same track
    """  # fmt: skip
    if not 2 <= n <= MAX_TRACKS:
        raise QueryError(n, f"not a number of tracks from 2 to {MAX_TRACKS}", "Ask for another number.")
    first, last = store.resolve(start), store.resolve(end)
    if first == last:
        raise QueryError(end, "the same track as the one to start from", "Name two tracks.")
    pool = _around(store, first, last, n, where)
    rules = Rules(per_artist=per_artist, versions=versions)
    order = _ordered(store, pool, n, rules)
    return _steps(store, pool, order)


def _around(store: Store, first: str, last: str, n: int, where: Filter | None) -> Pool:
    """Both ends, then the tracks nearest to the points between."""
    model_id = store.scanned_model().id
    a, b = (np.array(store.embedding(i, model_id), float) for i in (first, last))
    ids = {first: 0, last: 0}
    each = max(NEAREST, FEWEST // max(n - 2, 1))
    for point in arc(a, b, n)[1:-1]:
        like = Likeness(point.tolist(), model_id, frozenset((first, last)))
        ids |= dict.fromkeys((hit.track.track_id for hit in store.select(Query(where, like=like, limit=each))), 0)
    return pool_of(store, list(ids))


def arc(a: np.ndarray, b: np.ndarray, n: int) -> np.ndarray:
    """Evenly spaced points on the shortest arc between two directions: float64 [n, dim], of length 1.

    Source: Shoemake 1985 (slerp).
    """
    a, b = (x / max(float(np.linalg.norm(x)), 1e-9) for x in (a, b))
    angle = angle_between(a, b)
    along = np.linspace(0, 1, n)[:, None]
    if np.sin(angle) < 1e-6:
        points = a + along * (b - a)
    else:
        points = (np.sin((1 - along) * angle) * a + np.sin(along * angle) * b) / np.sin(angle)
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)


def angle_between(a: np.ndarray, b: np.ndarray) -> float:
    """Radians between two directions of length 1."""
    return float(np.arccos(np.clip(a @ b, -1, 1)))


def _ordered(store: Store, pool: Pool, n: int, rules: Rules) -> list[int]:
    limits = limits_of(store, pool, rules)
    n = min(n, len(pool), _room(limits, len(pool)))
    points = arc(pool.vectors[0], pool.vectors[1], n)
    angles = np.arccos(np.clip(pool.vectors @ pool.vectors.T, -1, 1))
    scale = max(float(angles[0, 1]), 1e-3) / (n - 1)  # radians of an even step
    off = np.arccos(np.clip(pool.vectors @ points.T, -1, 1))
    steps, places = ((angles / scale) ** 2).astype(np.float32), (OFF * (off / scale) ** 2).astype(np.float32)
    problem = Problem(steps, n, places, fixed={0: 0, n - 1: 1}, limits=limits)
    return solve(problem).tolist()


def _room(limits: tuple, n_items: int) -> int:
    """How many tracks the limits leave, both ends counted in any case."""
    rooms = [
        int(np.minimum(np.bincount(limit.groups[limit.groups >= 0]), limit.most).sum()) + int((limit.groups < 0).sum())
        for limit in limits
    ]
    return max(min([n_items, *rooms]), 2)


def _steps(store: Store, pool: Pool, order: list[int]) -> list[Step]:
    rows = rows_of(store, (Row(pool.ids[i]) for i in order))
    vectors = pool.vectors[order]
    similar = [None, *(float(x) for x in np.sum(vectors[1:] * vectors[:-1], axis=1))]
    a, b = vectors[0], vectors[-1]
    along = [angle_between(a, v) / max(angle_between(a, v) + angle_between(v, b), 1e-9) for v in vectors]
    return [Step(*step) for step in zip(rows, similar, along, strict=True)]
