"""What the parts of likeness compare, of all tracks of a catalogue side by side, and the scale of each part.

A sheet is read from a few columns of the catalogue, some rows at a time, and kept until the table of tracks changes:
some 800 bytes a track. The scale of a part comes from pairs among a sample: the tracks with the lowest ids, which are
hashes, so that it is random, the same on every run, and nearly the same after new tracks have come.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark import heap
from earmark.catalogue.filters import Compare
from earmark.catalogue.store import Store
from earmark.catalogue.sung import DIM as LYRICS_DIM
from earmark.catalogue.sung import VECTOR as LYRICS
from earmark.catalogue.track import ModelRef
from earmark.explore.parts import PARTS
from earmark.explore.parts.sound import VECTOR, along, units
from earmark.explore.scale import Scale, scale_of
from earmark.tagger.tagset import Tagset

SAMPLE = 512  # tracks that the scales are drawn from,
ANCHORS = 96  # and those of them that are compared with all others
MANY, DIRECTIONS = 20_000, 64  # tracks from which the sound is first compared by so many main directions
KEPT = 2  # catalogues whose sheets are in memory
TEXTS = frozenset({"metre", "key"})
FROM_COLUMNS = tuple(name for name in PARTS if name != "lyrics")

Values = dict[str, np.ndarray]
"""Column -> values of n tracks: float32 [n] with NaN, object [n] with None for text, float [n, dim] for `VECTOR`."""


@dataclass(frozen=True)
class Part:
    """The features of one part, and what brings those of any other track to the same scale.

    Attributes
    ----------
    features : float [n, d], or of the m tracks alone that have it, [m, d]
    mean, deviation : float32 [d]
    owners : int32 [n], which of m features a track has, -1 for none; None where there is one for each
    """

    name: str
    features: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    owners: np.ndarray | None = None

    def features_of(self, values: Values) -> np.ndarray:
        """Features of other tracks, float32 [m, d]."""
        return _scaled(PARTS[self.name].features(values), self.mean, self.deviation)

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """The features of some tracks of the sheet, float [k, d]."""
        return self.features[rows] if self.owners is None else _spread(self.features, self.owners[rows])

    def likeness(self, one: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """Likeness of features [d] with those of tracks of the sheet: float32 [n]; NaN where it cannot be told."""
        if rows is not None:
            return likeness(self.name, one, self.rows(rows))
        found = likeness(self.name, one, self.features)
        return found if self.owners is None else _spread(found, self.owners)

    @property
    def is_known(self) -> bool:
        """Whether any track has it."""
        return self.features.shape[1] > 0 and not np.isnan(self.features[:, 0]).all()


def _spread(few: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """What few have, [m, ...], for all of n owners; NaN for those that have none."""
    found = np.full((len(owners), *few.shape[1:]), np.nan, np.float32)
    found[owners >= 0] = few[owners[owners >= 0]]
    return found


class Sheet:
    """Tracks side by side.

    Attributes
    ----------
    ids : Arrow array of text [n], the tracks that the model has heard and that a path leads to
    places : uint64 [n], where their rows lie in the table of tracks, as of the state that was read
    model : of the catalogue
    parts : by name
    sample : int [k], rows, in the order of their ids
    some_lyrics : vectors that the scale of lyrics is drawn from: few tracks of the sample may have any
    """

    def __init__(
        self, ids: pa.Array, places: np.ndarray, model: ModelRef, parts: Mapping[str, Part], sample: np.ndarray,
        some_lyrics: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        self.ids, self.places, self.model = ids, places, model
        self._parts, self._sample, self._some_lyrics = parts, sample, some_lyrics
        self._scales: dict[Hashable, Scale] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, name: str) -> Part:
        """One part of all tracks."""
        return self._parts[name]

    def scale(self, name: str) -> Scale:
        """How alike random pairs are in a part."""
        return self.remember(name, lambda: self._draw(name))

    def _draw(self, name: str) -> Scale:
        part, drawn = self.part(name), self._sample
        features = self._some_lyrics if name == "lyrics" and self._some_lyrics is not None else part.rows(drawn)
        some = Part(name, features, part.mean, part.deviation)
        rows = [some.likeness(some.features[i])[i + 1 :] for i in range(min(ANCHORS, len(features)))]
        return scale_of(np.concatenate(rows) if rows else np.zeros(0))

    def remember(self, what: Hashable, make: Callable[[], Scale]) -> Scale:
        """A scale that is made once."""
        if what not in self._scales:
            self._scales[what] = make()
        return self._scales[what]

    def sample_ids(self, n: int) -> list[str]:
        """Ids of the first n tracks of the sample."""
        return self.ids.take(pa.array(self._sample[:n])).to_pylist()

    def sound_nearly(self, one: np.ndarray) -> np.ndarray:
        """Cosines with a vector of length 1, float32 [n]: of many tracks nearly, by the main directions of the sample.

        To read all numbers of 100,000 vectors takes longer than all else in a query.
        """
        if self._main is None:
            return self.part("sound").likeness(one)
        directions, projected = self._main
        return projected @ (directions @ one)

    @cached_property
    def _main(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Directions, float32 [`DIRECTIONS`, dim], and all vectors by them; None where it would not be worth it."""
        vectors = self.part("sound").features
        if len(vectors) < MANY or vectors.shape[1] < 2 * DIRECTIONS:
            return None
        some = units(vectors[self._sample])
        directions = np.linalg.eigh(some.T @ some)[1][:, -DIRECTIONS:]
        return np.ascontiguousarray(directions.T), along(directions, vectors)

    def row_of(self, track_id: str) -> int | None:
        """The row of a track; None where it has none."""
        row = pc.index(self.ids, track_id).as_py()
        return None if row < 0 else row

    def rows_among(self, track_ids: pa.Array) -> np.ndarray:
        """bool [n]: which tracks are among these."""
        return pc.is_in(self.ids, value_set=track_ids).to_numpy(zero_copy_only=False)


def likeness(name: str, one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Likeness in one part of features [d] with features [n, d]: float32 [n]; NaN where it cannot be told."""
    if not len(one) or np.isnan(one[0]):
        return np.full(len(many), np.nan, np.float32)
    return PARTS[name].likeness(one, many)


def values_of_part(name: str, values: Values, tagset: Tagset) -> Values:
    """Of the columns that a part reads, those that are there."""
    return {column: values[column] for column in PARTS[name].columns(tagset) if column in values}


def columns_of_parts(tagset: Tagset) -> list[str]:
    """All columns that parts read, but for vectors."""
    return list(dict.fromkeys(c for part in PARTS.values() for c in part.columns(tagset) if c not in (VECTOR, LYRICS)))


def _features(name: str, values: Values, tagset: Tagset, n_tracks: int) -> np.ndarray:
    """Features of a part as they are, float [n, d]; d is 0 where the columns are not there: of another model, say."""
    try:
        return PARTS[name].features(values_of_part(name, values, tagset))
    except (KeyError, ValueError):
        return np.full((n_tracks, 0), np.nan, np.float32)


def _part(name: str, raw: np.ndarray, sample: np.ndarray) -> Part:
    if not (PARTS[name].SCALED and raw.shape[1]):
        return Part(name, raw, np.zeros(raw.shape[1], np.float32), np.ones(raw.shape[1], np.float32))
    known = raw[sample]
    there = ~np.isnan(known)
    n = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, known, 0).sum(axis=0) / n
    deviation = np.sqrt((np.where(there, known - mean, 0) ** 2).sum(axis=0) / n)
    mean, deviation = mean.astype(np.float32), np.maximum(deviation, 1e-3).astype(np.float32)
    return Part(name, _scaled(raw, mean, deviation), mean, deviation)


def _scaled(raw: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Rows that are not known at all stay NaN."""
    if not raw.shape[1] or not mean.any() and (deviation == 1).all():
        return raw
    found = np.nan_to_num((raw - mean) / deviation)
    found[np.isnan(raw).all(axis=1)] = np.nan
    return found


# -- reading ----------------------------------------------------------------------------------------------------------


class _Kept:
    """The sheets that were read last, shared by all threads."""

    def __init__(self) -> None:
        self._sheets: OrderedDict[tuple, Sheet] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple, read: Callable[[], Sheet]) -> Sheet:
        with self._lock:
            if key not in self._sheets:
                for former in [kept for kept in self._sheets if kept[0] == key[0]]:  # of a catalogue that has changed:
                    del self._sheets[former]  # two of a million tracks are too much
                self._sheets[key] = read()
                while len(self._sheets) > KEPT:
                    self._sheets.popitem(last=False)
            self._sheets.move_to_end(key)
            return self._sheets[key]


_whole, _samples = _Kept(), _Kept()


def read_sheet(store: Store) -> Sheet:
    """All tracks; read once for each state of the catalogue. Raises CatalogueError where nothing was scanned."""
    return _whole.get(_state(store), lambda: _read(store, False))


def read_sample(store: Store) -> Sheet:
    """The sample alone, which has the same scales: where tracks are not ranked by parts, this is all that is needed."""
    return _samples.get(_state(store), lambda: _read(store, True))


def _state(store: Store) -> tuple:
    model = store.scanned_model()
    return (*store.state, model.id, model.version)


def _read(store: Store, alone: bool) -> Sheet:
    model = store.scanned_model()
    low = sample_bound(len(store))
    where = Compare("track_id", "lt", low) if alone else None
    kinds = store.kinds()
    names = [name for name in columns_of_parts(model.tagset) if name in kinds]
    ids, places, features = _gathered(store, names, where)
    drawn = np.flatnonzero(pc.less(ids, low).to_numpy(zero_copy_only=False))
    order = np.argsort(ids.take(pa.array(drawn)).to_pylist(), kind="stable") if len(drawn) else drawn
    sample = drawn[order]
    parts = {name: _part(name, features.pop(name), sample) for name in FROM_COLUMNS}
    parts["lyrics"] = _lyrics(store, ids.to_pylist(), alone)
    some = store.some_lyrics_vectors(SAMPLE) if parts["lyrics"].owners is not None else None
    if not alone:
        heap.give_back()  # 600 MB after a million tracks
    return Sheet(ids, places, model, parts, sample, some)


def _gathered(
    store: Store, names: list[str], where: Compare | None
) -> tuple[pa.Array, np.ndarray, dict[str, np.ndarray]]:
    """Ids, places and features of parts; each column is dropped as soon as features were made of its rows."""
    model, most, n = store.scanned_model(), len(store), 0
    ids, places, features = [], np.empty(most, np.uint64), {}
    for rows, vectors in store.compared(names, model.id, where):
        some = slice(n, n := n + len(rows))
        ids.append(rows["track_id"])
        places[some] = rows["_rowid"].to_numpy()
        values = {name: as_values(rows[name].to_numpy(zero_copy_only=False), name) for name in names}
        values[VECTOR] = vectors
        for name in FROM_COLUMNS:
            made = _features(name, values, model.tagset, len(rows))
            if name not in features:
                features[name] = _room(name, most, made)
            features[name][some] = made
    ids = pa.chunked_array(ids, pa.string()).combine_chunks()
    features = {name: features.get(name, np.zeros((0, 0), np.float32)) for name in FROM_COLUMNS}
    if n == most:
        return ids, places, features
    return ids, places[:n].copy(), {name: all_[:n].copy("K") for name, all_ in features.items()}


def _room(name: str, n: int, like: np.ndarray) -> np.ndarray:
    """For n tracks, in the order in which the part is compared: the sound row by row, others column by column."""
    return np.empty((n, like.shape[1]), like.dtype, "C" if name == "sound" else "F")


def _lyrics(store: Store, ids: list[str], by_id: bool) -> Part:
    """The part of which few tracks have any, and whose vectors are larger than all else."""
    if not store.has_lyrics_vectors():
        return _part("lyrics", np.full((len(ids), 0), np.nan, np.float32), np.zeros(0, int))
    known, vectors = store.lyrics_vectors(ids if by_id else None)
    of = {track_id: n for n, track_id in enumerate(known)}
    owners = np.array([of.get(track_id, -1) for track_id in ids], np.int32)
    none, one = np.zeros(LYRICS_DIM, np.float32), np.ones(LYRICS_DIM, np.float32)
    return Part("lyrics", vectors.astype(np.float16), none, one, owners)  # the type that they are stored in


def lyrics_of(store: Store, track_ids: list[str]) -> Values:
    """The column of the vectors of words of these tracks, NaN where they have none; nothing where no track has any."""
    part = _lyrics(store, track_ids, True)
    return {} if part.owners is None else {LYRICS: part.rows(np.arange(len(track_ids)))}


def as_values(column: Iterable, name: str) -> np.ndarray:
    """A column as parts take it: text as objects with None, numbers as float32 with NaN."""
    if name == LYRICS:
        return np.stack([np.full(LYRICS_DIM, np.nan, np.float32) if x is None else x for x in column])
    if name in TEXTS:
        return np.array([text or None for text in column], object)
    return np.array(column, np.float32)  # None becomes NaN


def sample_bound(n: int) -> str:
    """The id below which about `SAMPLE` of n tracks lie; above all ids where there are no more."""
    if n <= SAMPLE:
        return "g"  # after the last hexadecimal digit
    return f"{int(2**64 * SAMPLE / n):016x}"
