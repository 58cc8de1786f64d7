"""Why hits are answers: their parts, and the passages that are most like those of a seed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit, PassagePair, Track
from earmark.explore.parts.sound import VECTOR
from earmark.explore.passages import Passages, best_pair, length_for, passages_of, seed_passages
from earmark.explore.portrait import Portrait
from earmark.explore.ranked import parts_at
from earmark.explore.ranking import Ranking
from earmark.explore.sheet import Values, as_values, columns_of_parts, lyrics_of, read_sample
from earmark.explore.weights import Weights


def explained(
    store: Store, hits: list[Hit], seeds: Sequence[Portrait], seed_weights: Sequence[float], weights: Weights
) -> list[Hit]:
    """The hits with their parts and passages, where they have none yet."""
    if not hits:
        return hits
    if not all(hit.parts for hit in hits):
        ranking = Ranking(read_sample(store), seeds, seed_weights, weights)
        shares = ranking.shares_of_values(values_of_tracks(store, [hit.track for hit in hits]))
        scores = ranking.scores(shares)
        hits = [replace(hit, parts=parts_at(shares, i), score=float(scores[i])) for i, hit in enumerate(hits)]
    missing = [hit.track.track_id for hit in hits if not hit.passages]
    courses = store.courses(missing, store.scanned_model().id) if missing else {}
    liked = [(seed, seed_passages(seed)) for seed, weight in zip(seeds, seed_weights, strict=True) if weight > 0]
    return [hit if hit.passages else replace(hit, passages=_passages(hit, courses, liked)) for hit in hits]


def values_of_tracks(store: Store, tracks: Sequence[Track]) -> Values:
    """What parts read of tracks, column by column."""
    model = store.scanned_model()
    vectors = store.embeddings(model.id, [track.track_id for track in tracks])
    rows = [track.fields for track in tracks]
    kinds = rows[0].keys()
    names = [name for name in columns_of_parts(model.tagset) if name in kinds]
    values = {name: as_values([row[name] for row in rows], name) for name in names}
    values |= lyrics_of(store, [track.track_id for track in tracks])
    return values | {VECTOR: np.stack([vectors[track.track_id] for track in tracks]).astype(np.float32)}


def _passages(hit: Hit, courses: dict, liked: list[tuple[Portrait, Passages | None]]) -> tuple[PassagePair, ...]:
    if hit.track.track_id not in courses:
        return ()
    pairs = [_pair(hit.track, courses[hit.track.track_id], seed, mine) for seed, mine in liked if mine is not None]
    return tuple(sorted(pairs, key=lambda pair: -pair.similarity)[:1])


def _pair(track: Track, course: tuple[np.ndarray, np.ndarray], seed: Portrait, mine: Passages) -> PassagePair:
    told = track.descriptors.get("loudness")
    loudness = told.curve if told is not None else ()
    return best_pair(seed, mine, passages_of(*course, track.duration, length_for(seed.window), loudness=loudness))
