"""All songs that a catalogue holds more than once: as several files, as several recordings, as several versions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from earmark.catalogue.store import Store
from earmark.explore.alignment import MAX_OFFSET
from earmark.explore.copies import Copy, copy_of
from earmark.explore.songs import CLOSE, NEAR, RECORDING, SAME, VERSION, Song, Songs, same_tempo

AUDIO = "audio"
KINDS = (AUDIO, RECORDING, VERSION)
BLOCK = 2048  # tracks that are compared with as many at once


@dataclass(frozen=True)
class Group:
    """One song that is there more than once.

    Attributes
    ----------
    kind : ``audio``, files of equal sound; ``recording``, another encoding, mastering or trim of one recording, a file
        for each; ``version``, one song of one artist recorded or mixed otherwise, a file for each recording
    copies : the better file first
    """

    kind: str
    copies: tuple[Copy, ...]

    def to_dict(self) -> dict:
        """The JSON object of ``duplicates --json``."""
        return {"kind": self.kind, "files": [copy.to_dict() for copy in self.copies]}


def duplicates(store: Store) -> list[Group]:
    """The groups of every kind, by kind and then by the path of their best file.

    Raises
    ------
    CatalogueError : nothing was scanned yet
    """
    copies = _copies(store)
    songs = Songs(store, store.scanned_model().id)
    known = songs.read(copies[track_id][0] for track_id in sorted(copies))
    found = _Sets([song.track_id for song in known])
    groups = [Group(AUDIO, tuple(files)) for _, files in copies.values() if len(files) > 1]
    for a, b in near_pairs(known):
        if not found.joined(a.track_id, b.track_id) and songs.is_recording(a, b):
            found.join(a.track_id, b.track_id)
    groups += _best_of_each(RECORDING, ([copies[i][1] for i in ids] for ids in found.many()))
    groups += _versions(known, found, copies)
    return sorted(groups, key=lambda group: (KINDS.index(group.kind), group.copies[0].path))


def _copies(store: Store) -> dict[str, tuple[dict, list[Copy]]]:
    """track_id -> its row and its files, the best first; of tracks that have any."""
    columns = ["track_id", "title", "artist", "album", "duration", "tempo"]
    rows = {row["track_id"]: row for row in store.table().select(columns).to_pylist()} if len(store) else {}
    copies: dict[str, tuple[dict, list[Copy]]] = {}
    for file in store.files().values():
        if file.track_id in rows:
            row = rows[file.track_id]
            copies.setdefault(file.track_id, (row, []))[1].append(copy_of(file, row))
    return {track_id: (row, sorted(files, key=lambda copy: copy.rank)) for track_id, (row, files) in copies.items()}


def _versions(songs: list[Song], recordings: "_Sets", copies: dict) -> list[Group]:
    """Recordings joined by artist and title; a group only where that joins two or more of them."""
    first: dict[tuple[str, str], str] = {}
    versions = _Sets([song.track_id for song in songs])
    for song in songs:
        versions.join(song.track_id, recordings.head(song.track_id))
        if song.key is not None:
            versions.join(first.setdefault(song.key, song.track_id), song.track_id)
    found = []
    for ids in versions.many():
        by_recording: dict[str, list[Copy]] = {}
        for track_id in ids:
            by_recording.setdefault(recordings.head(track_id), []).extend(copies[track_id][1])
        found.append(list(by_recording.values()))
    return _best_of_each(VERSION, found)


def _best_of_each(kind: str, groups: Iterable[list[list[Copy]]]) -> list[Group]:
    best = ([min(files, key=lambda copy: copy.rank) for files in group] for group in groups)
    return [Group(kind, tuple(sorted(files, key=lambda copy: copy.rank))) for files in best if len(files) > 1]


def near_pairs(songs: list[Song]) -> Iterator[tuple[Song, Song]]:
    """Every two songs that are near enough in length, sound and tempo to be compared over time.

    Blocks of songs in the order of their length are multiplied with those blocks only that are near in length.
    """
    songs = sorted((song for song in songs if song.vector is not None), key=lambda s: (s.duration, s.track_id))
    if not songs:
        return
    durations, vectors = np.array([song.duration for song in songs]), np.stack([song.vector for song in songs])
    for start in range(0, len(songs), BLOCK):
        block = slice(start, start + BLOCK)
        end = int(np.searchsorted(durations, durations[block][-1] + MAX_OFFSET, "right"))
        for other in range(start, end, BLOCK):
            yield from _near(songs, durations, vectors, block, slice(other, min(other + BLOCK, end)))


def _near(songs, durations, vectors, rows: slice, columns: slice) -> Iterator[tuple[Song, Song]]:
    cosines = vectors[rows] @ vectors[columns].T
    apart = np.abs(durations[rows][:, None] - durations[columns])
    same = (cosines >= SAME) & (apart <= MAX_OFFSET)
    for i, j in np.argwhere(same | ((cosines >= NEAR) & (apart <= CLOSE))).tolist():
        a, b = songs[rows.start + i], songs[columns.start + j]
        if rows.start + i < columns.start + j and (same[i, j] or same_tempo(a.tempo, b.tempo)):
            yield a, b


class _Sets:
    """Ids in sets that grow together: a union-find."""

    def __init__(self, ids: list[str]) -> None:
        self._above = {i: i for i in ids}

    def head(self, member: str) -> str:
        """The one id that stands for the set of an id."""
        while self._above[member] != member:
            self._above[member] = member = self._above[self._above[member]]
        return member

    def joined(self, a: str, b: str) -> bool:
        """Whether two ids are in one set."""
        return self.head(a) == self.head(b)

    def join(self, a: str, b: str) -> None:
        """Make one set of the sets of two ids."""
        a, b = sorted((self.head(a), self.head(b)))
        self._above[b] = a

    def many(self) -> list[list[str]]:
        """The sets of two ids and more."""
        sets: dict[str, list[str]] = {}
        for member in self._above:
            sets.setdefault(self.head(member), []).append(member)
        return [ids for ids in sets.values() if len(ids) > 1]
