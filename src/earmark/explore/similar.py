"""What is like tracks of the catalogue, like windows of them, or like any audio file, and unlike others."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from earmark.catalogue.filters import Filter
from earmark.catalogue.query import MAX_HITS, Likeness, Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit
from earmark.errors import QueryError
from earmark.explore.distinct import ONE_OF_EACH, Variety, choose, select
from earmark.explore.diverse import most_diverse, pool_size
from earmark.explore.explained import explained
from earmark.explore.heard import Heard
from earmark.explore.portrait import Portrait
from earmark.explore.ranked import Ranked
from earmark.explore.ranking import Ranking, direction_of
from earmark.explore.seeds import Seed, portrait_of, read_seeds
from earmark.explore.sheet import read_sheet
from earmark.explore.songs import Songs
from earmark.explore.weights import Weights


def similar(
    store: Store,
    reference: str | os.PathLike | Heard | Seed | Sequence[Seed],
    n: int = 10,
    where: Filter | None = None,
    variety: Variety = ONE_OF_EACH,
    weights: Weights | Mapping[str, float] | str | None = None,
    explain: bool = False,
) -> list[Hit]:
    """The n tracks that are most like a track of the catalogue, or like any audio file, best first.

    Parameters
    ----------
    reference : as in `Seed`; or several seeds, whose mean the answers shall be like
    where : only tracks that fit; it holds before the ranking
    variety : by default other versions of the reference, and of an earlier answer, are left out
    weights : of the parts of likeness; by default the sound alone
    explain : fill in the parts, and the passages that are most alike, of every hit

    Raises
    ------
    NotFound : neither a track nor a file
    AudioError : the file cannot be read
    QueryError : no seed, too many, a window outside of its track, or seeds that leave no direction
    CatalogueError : the model that the catalogue was made with is no longer at hand, for a file
    """
    seeds, weights = read_seeds(reference), Weights.read(weights)
    songs = Songs(store, store.scanned_model().id)
    portraits = [portrait_of(store, songs, seed, explain) for seed in seeds]
    asked = Asked(store, portraits, [seed.weight for seed in seeds], weights, where, variety, songs)
    hits = _answers(asked, n)
    return explained(store, hits, portraits, asked.seed_weights, weights) if explain else hits


@dataclass(frozen=True)
class Asked:
    """A question for what is alike, its seeds found."""

    store: Store
    seeds: list[Portrait]
    seed_weights: list[float]
    weights: Weights
    where: Filter | None
    variety: Variety
    songs: Songs

    @property
    def by_index(self) -> bool:
        """Whether the vectors of tracks alone answer it."""
        windows = any(seed.window is not None for seed in self.seeds)
        return self.weights.is_sound_alone and not windows and not self.variety.diversity


def _answers(asked: Asked, n: int) -> list[Hit]:
    known = [seed.song for seed in asked.seeds]
    if asked.by_index:
        vector = direction_of(asked.seeds, asked.seed_weights).tolist()
        like = Likeness(vector, asked.songs.model_id, besides=frozenset(song.track_id for song in known))
        return select(asked.store, Query(asked.where, like=like, limit=n), asked.variety, asked.songs, known)
    if not 1 <= n <= MAX_HITS:
        raise QueryError(n, f"not a number of hits between 1 and {MAX_HITS}", "Ask for another number.")
    ranking = Ranking(read_sheet(asked.store), asked.seeds, asked.seed_weights, asked.weights)
    found = Ranked(asked.store, ranking, _fitting(asked, ranking))
    diversity = asked.variety.diversity
    answers = choose(found.first, pool_size(n) if diversity else n, asked.variety, asked.songs, known)
    if diversity:
        rows = [found.row_of(answer.one) for answer in answers]
        answers = [answers[i] for i in most_diverse(ranking, rows, found.scores_of(rows), n, diversity)]
    return found.hits(answers)


def _fitting(asked: Asked, ranking: Ranking) -> np.ndarray:
    sheet = ranking.sheet
    among = np.ones(len(sheet), bool)
    if asked.where is not None:
        among = sheet.rows_among(asked.store.columns(["track_id"], asked.where)["track_id"].combine_chunks())
    for seed in asked.seeds:
        row = sheet.row_of(seed.track_id)
        if row is not None:
            among[row] = False
    return among
