"""Why a track is like another: its parts, and passages of both side by side."""

from dataclasses import dataclass
from itertools import islice

from earmark.catalogue.store import Store
from earmark.catalogue.sung import VECTOR as LYRICS
from earmark.catalogue.track import PassagePair
from earmark.errors import NotFound
from earmark.explore.parts.sound import VECTOR
from earmark.explore.passages import best_pairs, length_for, passages_of, seed_passages
from earmark.explore.portrait import Portrait, Window
from earmark.explore.ranked import parts_at
from earmark.explore.ranking import Ranking
from earmark.explore.seeds import Seed, portrait_of
from earmark.explore.sheet import Values, as_values, columns_of_parts, read_sample
from earmark.explore.songs import Songs
from earmark.explore.weights import ONLY_SOUND

MOST = 5  # pairs of passages


@dataclass(frozen=True)
class LikeReason:
    """How two tracks are alike.

    Attributes
    ----------
    track_id, other : ids of the two tracks, which may be one
    window : of the first track, where only that was compared
    similarity : cosine of the embeddings, -1..1
    parts : part -> share of random pairs of tracks that are less alike in it, 0..1; None where it is not known
    pairs : passages of both, the most alike first; ``start`` and ``end`` are of the other track, ``seed_start`` and
        ``seed_end`` of the first
    """

    track_id: str
    other: str
    window: Window | None
    similarity: float
    parts: dict[str, float | None]
    pairs: tuple[PassagePair, ...]

    def to_dict(self) -> dict:
        """The JSON object of ``why --like --json``."""
        parts = {name: None if share is None else round(share, 4) for name, share in self.parts.items()}
        found = {"track_id": self.track_id, "other": self.other, "similarity": round(self.similarity, 4)}
        if self.window is not None:
            found |= {"start": self.window.start, "end": self.window.end}
        return found | {"parts": parts, "passages": [pair.to_dict() for pair in self.pairs]}


def why_like(store: Store, track: Seed, other: Seed, most: int = MOST) -> LikeReason:
    """Why a track, or a window of it, is like another, or like other passages of itself.

    most : pairs of passages

    Raises
    ------
    NotFound, AudioError, QueryError, CatalogueError : as `earmark.explore.similar.similar`
    """
    songs = Songs(store, store.scanned_model().id)
    one, two = portrait_of(store, songs, track), portrait_of(store, songs, other)
    ranking = Ranking(read_sample(store), [one], [1.0], ONLY_SOUND)
    shares = ranking.shares_of_values(_values(ranking, two))
    cosine = float(ranking.cosines(two.vector[None])[0])
    pairs = tuple(islice(_pairs(one, two), most))
    return LikeReason(one.track_id, two.track_id, one.window, cosine, parts_at(shares, 0), pairs)


def _values(ranking: Ranking, portrait: Portrait) -> Values:
    names = [name for name in columns_of_parts(ranking.sheet.model.tagset) if name in portrait.values]
    names += [LYRICS] if portrait.values.get(LYRICS) is not None else []
    values = {name: as_values([portrait.values[name]], name) for name in names}
    return values | {VECTOR: portrait.vector[None]}


def _pairs(one: Portrait, two: Portrait):
    mine = seed_passages(one)
    if mine is None or two.times is None:
        missing = one if mine is None else two
        raise NotFound(missing.track_id, "nothing is kept of it over time", "Scan it with --reanalyze.")
    length = length_for(one.window)
    others = passages_of(two.times, two.embedding, two.duration, length, two.window, two.loudness)
    return best_pairs(one, mine, others, one.track_id == two.track_id)
