"""The tracks that may be in a list, with what is known of each: rows, vectors, and how well they fit what is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from earmark.catalogue.filters import Compare, Filter, OneOf, both
from earmark.catalogue.query import Likeness, Query
from earmark.catalogue.schema import tag_column
from earmark.catalogue.store import Store
from earmark.catalogue.words import plain_name
from earmark.descriptors.key.names import key_number
from earmark.descriptors.key.spelling import parse_key
from earmark.errors import CatalogueError, ConfigError, QueryError
from earmark.explore.alignment import MAX_OFFSET
from earmark.explore.distinct import Variety
from earmark.explore.meaning.encoder import encoder_at_hand
from earmark.explore.meaning.finding import Wish, find
from earmark.explore.playlists.recipe import Recipe, Rules
from earmark.explore.songs import CLOSE, NEAR, SAME, Songs, song_of
from earmark.tagger.tags import CONTENT

FACTS = ("track_id", "title", "artist", "album", "duration", "tempo", "key", "camelot", "energy", "paths")
LARGEST = 2000  # tracks that are chosen from
SPARE, FEWEST = 4, 200  # times as many tracks as are wanted are looked at, and so many at least
TOGETHER = 500  # ids that are asked for at once
MOST_PAIRS = 2000  # that are compared over time, the most alike first


@dataclass(frozen=True)
class Pool:
    """Tracks to choose from.

    Attributes
    ----------
    rows : `FACTS` of each
    cost : float64 [n], 0 for the best fit to 1
    vectors : float32 [n, dim], of length 1; 0 where the model has not analysed a track
    """

    rows: list[dict]
    cost: np.ndarray = field(repr=False)
    vectors: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: Sequence[int]) -> "Pool":
        """Some of the tracks, in this order."""
        return Pool([self.rows[i] for i in which], self.cost[list(which)], self.vectors[list(which)])

    @property
    def ids(self) -> list[str]:
        """The tracks' ids."""
        return [row["track_id"] for row in self.rows]

    def numbers(self, column: str) -> np.ndarray:
        """A number of each track: float64 [n], NaN where it is unknown."""
        return np.array([np.nan if row[column] is None else row[column] for row in self.rows], float)

    @property
    def keys(self) -> np.ndarray:
        """The number of each key, int [n]; -1 where it is unknown."""
        return np.array([key_number(*parse_key(row["key"])) if row["key"] else -1 for row in self.rows], int)

    @property
    def artists(self) -> np.ndarray:
        """Which tracks have one artist, int [n]; -1: unnamed."""
        return _grouped(plain_name(row["artist"]) or None for row in self.rows)

    @property
    def albums(self) -> np.ndarray:
        """Which tracks are of one album, int [n]; with its folder, since two artists may have one of the same name."""
        return _grouped(_album(row) for row in self.rows)


def _album(row: dict) -> tuple[str, str] | None:
    name = plain_name(row["album"])
    return (name, str(Path(row["paths"][0]).parent) if row["paths"] else "") if name else None


def _grouped(names: Iterable) -> np.ndarray:
    numbers: dict = {None: -1}
    return np.array([numbers.setdefault(name, len(numbers) - 1) for name in names], int)


# -- reading ----------------------------------------------------------------------------------------------------------


def facts(store: Store, track_ids: Sequence[str]) -> dict[str, dict]:
    """Id -> `FACTS` of these tracks, of those that are there."""
    found = {}
    for start in range(0, len(track_ids), TOGETHER):
        table = store.table(OneOf("track_id", tuple(track_ids[start : start + TOGETHER])))
        rows = table.select([name for name in FACTS if name in table.column_names]).to_pylist()
        found |= {row["track_id"]: dict.fromkeys(FACTS) | row for row in rows}
    return found


def pool_of(store: Store, track_ids: Sequence[str], costs: dict[str, float] | None = None) -> Pool:
    """A pool of these tracks, of those that are there, in their order; costs : id -> cost, 0 by default."""
    known = facts(store, track_ids)
    ids = [track_id for track_id in track_ids if track_id in known]
    vectors = store.embeddings(store.scanned_model().id, ids) if ids else {}
    dim = len(next(iter(vectors.values()))) if vectors else 1
    stacked = np.array([vectors.get(i, np.zeros(dim)) for i in ids], np.float32).reshape(len(ids), dim)
    stacked /= np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9)
    return Pool([known[i] for i in ids], np.array([(costs or {}).get(i, 0.0) for i in ids]), stacked)


def gather(
    store: Store, recipe: Recipe, besides: Iterable[str], always: Iterable[str], wanted: int, rng: np.random.Generator
) -> Pool:
    """The tracks that fit a recipe, the best `LARGEST` of them at most.

    Parameters
    ----------
    besides : ids that must not be in it
    always : ids that are, whatever the recipe says
    wanted : how many tracks the list shall have

    Raises
    ------
    ConfigError : the filter, or a rule, cannot be kept with this catalogue
    NotFound : there is no such seed
    """
    where = allowed(store, recipe)
    limit = min(max(SPARE * wanted, FEWEST) + len(set(besides)), LARGEST)
    if recipe.like or recipe.text.strip():
        costs = _joined([found for rank in (_like, _text) if (found := rank(store, recipe, where, limit))])
    else:
        costs = dict.fromkeys(_sample(store, where, limit, set(besides), rng), 0.0)
    forbidden = set(besides) - set(always)
    ids = [i for i in dict.fromkeys((*always, *costs)) if i not in forbidden]
    return pool_of(store, ids, costs)


def allowed(store: Store, recipe: Recipe) -> Filter | None:
    """The recipe's filter together with those rules that are filters; raises ConfigError."""
    try:
        where = store.filter(recipe.where.strip() or None)
    except QueryError as error:
        raise ConfigError(f"recipe: where = {recipe.where!r}", error.problem, error.remedy) from error
    return both(both(where, _length(recipe.rules)), None if recipe.rules.speech else _is_music(store))


def _length(rules: Rules) -> Filter | None:
    shortest = None if rules.shortest is None else Compare("duration", "gte", rules.shortest)
    return both(shortest, None if rules.longest is None else Compare("duration", "lte", rules.longest))


def _is_music(store: Store) -> Filter:
    tagset = store.scanned_model().tagset
    group = next((group for group in tagset.groups if group.name == CONTENT and "music" in group.tags), None)
    if group is None or not group.threshold:
        problem = "rules.speech = false, but the model of this catalogue does not tell music from speech"
        raise ConfigError("recipe", problem, "Leave it out, or scan with a model that has the tag content/music.")
    return Compare(tag_column(group, "music"), "gte", group.threshold[group.tags.index("music")])


def _like(store: Store, recipe: Recipe, where: Filter | None, limit: int) -> list[str]:
    """Ids by likeness to the seeds, which are among them where they fit the filter."""
    if not recipe.like:
        return []
    model_id = store.scanned_model().id
    near, far = ([_unit(store, reference, model_id) for reference in seeds] for seeds in (recipe.like, recipe.unlike))
    vector = np.mean(near, axis=0) - (np.mean(far, axis=0) / 2 if far else 0)
    if np.linalg.norm(vector) < 1e-6:
        raise ConfigError("recipe: like and unlike", "cancel each other", "Give other tracks.")
    hits = store.select(Query(where, like=Likeness(vector.tolist(), model_id), limit=limit))
    unwanted = {store.resolve(reference) for reference in recipe.unlike}
    return [hit.track.track_id for hit in hits if hit.track.track_id not in unwanted]


def _unit(store: Store, reference: str, model_id: str) -> np.ndarray:
    vector = np.array(store.embedding(store.resolve(reference), model_id), float)
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _text(store: Store, recipe: Recipe, where: Filter | None, limit: int) -> list[str]:
    """Ids by how well they fit the text: those that it names, then those that sound as it says."""
    if not recipe.text.strip():
        return []
    wish = Wish(limit, where, variety=Variety(versions=True), passages=False, octaves=False)
    answer = find(store, recipe.text, wish=wish, load_encoder=encoder_at_hand)
    return [found.hit.track.track_id for found in answer.hits]


def _joined(rankings: list[list[str]]) -> dict[str, float]:
    """Id -> mean of its places in all rankings, 0 to 1; what one lacks is last there."""
    places = [{i: k / max(len(ranking), 1) for k, i in enumerate(ranking)} for ranking in rankings]
    ids = dict.fromkeys(i for ranking in rankings for i in ranking)
    mean = {i: sum(place.get(i, 1.0) for place in places) / len(places) for i in ids}
    return dict(sorted(mean.items(), key=lambda item: item[1]))


def _sample(store: Store, where: Filter | None, limit: int, besides: set[str], rng: np.random.Generator) -> list[str]:
    """Of all that fit, so many by chance; in no order."""
    if len(store) == 0:
        return []
    ids = sorted(set(store.columns(["track_id"], where)["track_id"].to_pylist()) - besides)
    return [ids[i] for i in rng.permutation(len(ids))[:limit]]


# -- the same song ----------------------------------------------------------------------------------------------------


def songs_of(store: Store, pool: Pool) -> np.ndarray:
    """Which tracks are one song, int [n]: every one has a number."""
    if not len(pool):
        return np.zeros(0, int)
    try:
        songs = Songs(store, store.scanned_model().id)
    except CatalogueError:
        return np.arange(len(pool))
    known = [song_of(row, vector) for row, vector in zip(pool.rows, pool.vectors, strict=True)]
    same = _of_one_name(known)
    for i, j in _alike(pool):
        if (i, j) not in same and songs.is_recording(known[i], known[j]):
            same.add((i, j))
    i, j = np.array(sorted(same), int).reshape(-1, 2).T
    from scipy.sparse import coo_array  # imported late: it takes longer than a search
    from scipy.sparse.csgraph import connected_components

    return connected_components(coo_array((np.ones(len(i)), (i, j)), (len(pool), len(pool))), directed=False)[1]


def _of_one_name(songs: list) -> set[tuple[int, int]]:
    first: dict = {}
    return {(first.setdefault(song.key, i), i) for i, song in enumerate(songs) if song.key is not None}


def _alike(pool: Pool) -> list[tuple[int, int]]:
    """The pairs that may be one recording, see `earmark.explore.songs.needed_agreement`; the most alike first."""
    cosine, seconds = pool.vectors @ pool.vectors.T, pool.numbers("duration")
    apart = np.abs(seconds[:, None] - seconds)
    may = ((cosine >= SAME) & (apart <= MAX_OFFSET)) | ((cosine >= NEAR) & (apart <= CLOSE))
    i, j = np.nonzero(np.triu(may, 1))
    best = np.argsort(-cosine[i, j], kind="stable")[:MOST_PAIRS]
    return list(zip(i[best].tolist(), j[best].tolist(), strict=True))
