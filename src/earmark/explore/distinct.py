"""Answers in which no song comes twice, and no artist or album more often than wanted."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from earmark.catalogue.query import MAX_HITS, Query
from earmark.catalogue.shown import Found
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit
from earmark.catalogue.words import plain_name
from earmark.errors import QueryError
from earmark.explore.duplicates import near_pairs
from earmark.explore.songs import Song, Songs

SPARE = 3  # hits that are asked for above a quarter more than are wanted, since some will go
MORE = 4  # times as many hits are asked for when too few are left


@dataclass(frozen=True)
class Variety:
    """How different the answers shall be.

    Attributes
    ----------
    versions : show every file and version of a song, where otherwise the first answer stands for all of them
    per_artist, per_album : answers of one artist or album at most; those without a name are not counted
    diversity : 0 to 1, how much an answer loses by being like those before it: 0 the best answers, 1 the most different

    Raises
    ------
    QueryError : a number below 1, or a diversity out of bounds
    """

    versions: bool = False
    per_artist: int | None = None
    per_album: int | None = None
    diversity: float = 0.0

    def __post_init__(self) -> None:
        for name in ("per_artist", "per_album"):
            most = getattr(self, name)
            if most is not None and most < 1:
                raise QueryError(most, f"not a number of answers for {name}", "Give 1 or more.")
        if not 0 <= self.diversity <= 1:
            raise QueryError(self.diversity, "no measure of variety", "Give 0 to 1.")

    @property
    def is_all(self) -> bool:
        """Whether every hit is an answer."""
        return self.versions and self.per_artist is None and self.per_album is None


ONE_OF_EACH = Variety()


def select(store: Store, query: Query, variety: Variety, songs: Songs, seeds: Sequence[Song] = ()) -> list[Hit]:
    """The hits of a query, as many as it asks for if so many are left of all that fit.

    seeds : songs that are no answer, nor any version of them
    """
    return hits_of(store, answers_to(store, query, variety, songs, seeds))


def answers_to(
    store: Store, query: Query, variety: Variety, songs: Songs, seeds: Sequence[Song] = ()
) -> list["Answer"]:
    """The same before tracks are made of them, with their vectors."""
    return choose(partial(_find, store, query, songs.model_id), query.limit, variety, songs, seeds)


def hits_of(store: Store, answers: Sequence["Answer"]) -> list[Hit]:
    """Answers with the tracks that they show."""
    hits = store.hits(answer.one for answer in answers)
    return [replace(hit, versions=tuple(answer.versions)) for hit, answer in zip(hits, answers, strict=True)]


def _find(store: Store, query: Query, model_id: str, n: int) -> list[Found]:
    return store.find(replace(query, limit=n), model_id)


@dataclass
class Answer:
    """One that was found, and the ids of what was left out for it."""

    one: Found
    versions: list[str] = field(default_factory=list)


def choose(
    ask: Callable[[int], list[Found]], limit: int, variety: Variety, songs: Songs, seeds: Sequence[Song] = ()
) -> list[Answer]:
    """The first of what is found, as many as are wanted if so many are left of all that there are.

    ask : gives the first n, with their vectors
    """
    if variety.is_all:
        return [Answer(one) for one in ask(limit)]
    return _first(ask, limit, partial(_choose, variety, songs, seeds))


def _first(ask: Callable[[int], list[Found]], limit: int, choose: Callable[[list], list[Answer]]) -> list[Answer]:
    """So many of those that are chosen; more are asked for where too few are left."""
    asked = limit + limit // 4 + SPARE
    while True:
        asked = min(asked, MAX_HITS)
        found = ask(asked)
        chosen = choose(found)[:limit]
        if len(chosen) == limit or len(found) < asked or asked == MAX_HITS:
            return chosen
        asked *= MORE


def _choose(variety: Variety, songs: Songs, seeds: Sequence[Song], found: list[Found]) -> list[Answer]:
    answers = [Answer(one) for one in found] if variety.versions else _one_of_each(found, songs, seeds)
    answers = _at_most(answers, variety.per_artist, _artist)
    return _at_most(answers, variety.per_album, _album)


def _one_of_each(found: list[Found], songs: Songs, seeds: Sequence[Song]) -> list[Answer]:
    """Each song at its first place; none for the songs of seeds."""
    known = songs.of(found)
    alike, answers = _Alike(seeds, known, songs), {}
    for one, song in zip(found, known, strict=True):
        first = alike.first(song)
        if first is song:
            answers[song.track_id] = Answer(one)
        elif first.track_id in answers:
            answers[first.track_id].versions.append(song.track_id)
    return list(answers.values())


class _Alike:
    """Which of some songs, told one after another, are the same; only those that may be are compared over time.

    seeds : songs that were told before all others
    """

    def __init__(self, seeds: Sequence[Song], others: Sequence[Song], songs: Songs) -> None:
        self._songs = songs
        self._near: dict[str, set[str]] = {}
        self._firsts: dict[str, Song] = {}  # in the order in which they were told,
        self._keys: dict[tuple[str, str] | None, Song] = {}  # and the first of them of each song
        for seed in seeds:
            self._tell(seed)
        for a, b in near_pairs(list({song.track_id: song for song in (*seeds, *others)}.values())):
            if a.key is None or a.key != b.key:
                self._near.setdefault(a.track_id, set()).add(b.track_id)
                self._near.setdefault(b.track_id, set()).add(a.track_id)
        songs.read_ahead(self._near)

    def first(self, song: Song) -> Song:
        """The first song that was told which is the same as this one: maybe itself."""
        near, same = self._near.get(song.track_id, ()), self._keys.get(song.key)
        for first in self._firsts.values() if near else ():
            if first is same:
                break
            if first.track_id in near and self._songs.is_recording(first, song):
                return first
        return same or self._tell(song)

    def _tell(self, song: Song) -> Song:
        if song.key is not None:
            self._keys.setdefault(song.key, song)
        return self._firsts.setdefault(song.track_id, song)


def _at_most(answers: Iterable[Answer], most: int | None, name: Callable[[Found], object]) -> list[Answer]:
    if most is None:
        return list(answers)
    seen: Counter = Counter()
    kept = []
    for answer in answers:
        key = name(answer.one)
        seen[key] += 1
        if key is None or seen[key] <= most:
            kept.append(answer)
    return kept


def _artist(one: Found) -> str | None:
    return plain_name(one.row["artist"]) or None


def _album(one: Found) -> tuple[str, str] | None:
    """With its folder: two artists may have an album of one name."""
    name = plain_name(one.row["album"])
    return (name, str(Path(one.path).parent)) if name else None
