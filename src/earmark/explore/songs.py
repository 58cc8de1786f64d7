"""Which tracks are the same song: another encoding of one recording, or another version of it by the same artist."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from earmark.catalogue.shown import Found
from earmark.catalogue.store import Store
from earmark.explore.alignment import MAX_OFFSET, Changes, agreement_of, changes_of
from earmark.explore.titles import song_key
from earmark.tagger.model import Activations

RECORDING, VERSION = "recording", "version"
NEAR, CLOSE = 0.5, 2.5  # cosine and seconds of difference within which two tracks of one tempo may be one recording,
AGREES = 0.5  # and agreement in time from which they are;
SAME = 0.93  # cosine from which a track may be a trimmed one of any tempo, up to MAX_OFFSET shorter,
SAME_AGREES = 0.35  # and its agreement; chosen by benchmarks/duplicates.py, see docs/benchmarks.md
TEMPO = 0.02  # relative difference of equal tempi, octaves apart or not
KEPT = 256  # tracks whose changes over time are kept for further comparisons, about 200 kB each


@dataclass(frozen=True)
class Song:
    """What tells whether a track is the same song as another.

    Attributes
    ----------
    track_id : of the track
    duration : seconds
    key : of artist and title, see `song_key`; None where these tell too little
    tempo : beats a minute; None where there is none
    vector : embedding of length 1, float32 [dim]; None where the model has not analysed the track
    """

    track_id: str
    duration: float
    key: tuple[str, str] | None
    tempo: float | None
    vector: np.ndarray | None = field(repr=False, compare=False)


class Songs:
    """The songs of a catalogue, compared two at a time; what is read of a track is kept.

    Parameters
    ----------
    model_id : the model whose embeddings and activations are compared
    """

    def __init__(self, store: Store, model_id: str) -> None:
        self._store, self.model_id = store, model_id
        self._songs: dict[str, Song] = {}
        self._strangers: dict[str, Activations] = {}
        self._ahead: dict[str, tuple] = {}
        self._heard = lru_cache(maxsize=KEPT)(self._changes)

    def add(self, song: Song, activations: Activations) -> None:
        """A song that the catalogue does not hold."""
        self._songs[song.track_id], self._strangers[song.track_id] = song, activations

    def read(self, rows: Iterable[dict]) -> list[Song]:
        """The songs of tracks, in their order; each row has what `song_of` needs."""
        rows = list(rows)
        ids = [row["track_id"] for row in rows]
        vectors = self._store.embeddings(self.model_id, [i for i in ids if i not in self._songs])
        for row in rows:
            vector = vectors.get(row["track_id"])
            self._songs.setdefault(row["track_id"], song_of(row, vector))
        return [self._songs[i] for i in ids]

    def of(self, found: Iterable[Found]) -> list[Song]:
        """The songs of answers that were found with their vectors of `model_id`."""
        found = list(found)
        for one in found:
            if one.track_id not in self._songs:
                self._songs[one.track_id] = song_of(one.row, one.vector)
        return [self._songs[one.track_id] for one in found]

    def read_ahead(self, track_ids: Iterable[str]) -> None:
        """Read at once what is needed to compare these tracks over time, as far as it can be kept."""
        wanted = [i for i in dict.fromkeys(track_ids) if i not in self._strangers][:KEPT]
        self._ahead = self._store.movements(wanted, self.model_id)

    def relation(self, a: Song, b: Song) -> str | None:
        """``recording``, ``version`` or None for two different songs."""
        if self.is_recording(a, b):
            return RECORDING
        return VERSION if a.key is not None and a.key == b.key else None

    def is_recording(self, a: Song, b: Song) -> bool:
        """Whether two tracks hold one recording."""
        needed = needed_agreement(a, b)
        return needed is not None and self.agreement(a.track_id, b.track_id) >= needed

    def agreement(self, a: str, b: str) -> float:
        """See `earmark.explore.alignment.agreement_of`; 0 where the activations of a track are not kept."""
        x, y = self._heard(a), self._heard(b)
        return 0.0 if x is None or y is None else agreement_of(x, y)

    def _changes(self, track_id: str) -> Changes | None:
        if stranger := self._strangers.get(track_id):
            return changes_of(stranger.times, stranger.embedding)
        known = self._ahead if track_id in self._ahead else self._store.movements([track_id], self.model_id)
        return changes_of(*known[track_id]) if track_id in known else None


def song_of(row: dict, vector: np.ndarray | None) -> Song:
    """The song of a row with ``track_id``, ``duration``, ``artist``, ``title`` and ``tempo``."""
    unit = None if vector is None else unit_of(vector)
    key = song_key(row["artist"] or "", row["title"] or "")
    return Song(row["track_id"], row["duration"], key, row.get("tempo"), unit)


def unit_of(vector: np.ndarray) -> np.ndarray:
    """A vector of length 1 in the same direction, float32 [dim]; catalogues keep half precision."""
    vector = np.asarray(vector, np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def needed_agreement(a: Song, b: Song) -> float | None:
    """The agreement in time from which two tracks are one recording; None where they are too far apart to be one.

    Most pairs are settled here, by length, sound and tempo; to compare two over time takes some milliseconds.
    """
    apart = abs(a.duration - b.duration)
    if a.vector is None or b.vector is None or apart > MAX_OFFSET:
        return None
    cosine = float(a.vector @ b.vector)
    if cosine >= SAME:
        return SAME_AGREES
    return AGREES if cosine >= NEAR and apart <= CLOSE and same_tempo(a.tempo, b.tempo) else None


def same_tempo(a: float | None, b: float | None) -> bool:
    """Whether two tempi are equal, or octaves apart; two tracks without one have the same."""
    if not a or not b:
        return not a and not b
    octaves = np.log2(a / b)
    return abs(octaves - round(octaves)) <= np.log2(1 + TEMPO)
