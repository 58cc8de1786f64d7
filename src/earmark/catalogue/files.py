"""A path as a scan last saw it, and its row in the table of files."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.errors import as_unicode


@dataclass(frozen=True, slots=True)
class FileState:
    """One path as last seen: it leads to a track, or failed with a problem and a remedy.

    Attributes
    ----------
    path : absolute
    size, mtime_ns : bytes, nanoseconds; what tells whether the file has changed
    versions : of the analysis that saw it, as text, see `earmark.analysis.join_versions`
    track_id : the track that it leads to; None where it failed
    problem, remedy : why it failed and what to do; None where it did not
    info : its tags and how it is coded; None where it failed, and where an older earmark saw it
    differs : whether its tags are others than those that the track shows, see `earmark.catalogue.recordings`
    """

    path: str
    size: int
    mtime_ns: int
    versions: str
    track_id: str | None = None
    problem: str | None = None
    remedy: str | None = None
    info: FileInfo | None = None
    differs: bool = False

    def to_dict(self) -> dict:
        """The JSON object of ``failures --json``."""
        return {"path": as_unicode(self.path), "problem": self.problem, "remedy": self.remedy}

    def to_dict_of_track(self) -> dict:
        """An element of ``files`` in the JSON of a track."""
        info = self.info or FileInfo()
        told = {name: getattr(part, name) for part in (info.tags, info.sound) for name in part.__dataclass_fields__}
        return {"path": as_unicode(self.path), **told, "size": self.size}


def row_of_file(state: FileState) -> dict:
    """The row of one path; its key is the path's own bytes, so that any name is kept."""
    return {
        "key": os.fsencode(state.path), "path": as_unicode(state.path), "size": state.size, "mtime_ns": state.mtime_ns,
        "stamp": state.versions, "track_id": state.track_id, "problem": state.problem, "remedy": state.remedy,
        "seen_at": int(time.time()), "differs": int(state.differs), **_info_columns(state.info),
    }  # fmt: skip


def _info_columns(info: FileInfo | None) -> dict:
    """All null where there is none."""
    if info is None:
        return dict.fromkeys(INFO)
    tags = asdict(info.tags)
    heard = asdict(info.sound) | {"checksum": info.checksum, "lyrics": info.lyrics or None}
    return tags | {"file_genre": tags.pop("genre"), **heard}


TAGS = ("title", "artist", "album", "year", "file_genre")
"""The columns of a file's tags: the same in the table of files and in that of tracks."""

INFO = (*TAGS, "codec", "bit_rate", "sample_rate", "n_channels", "checksum", "lyrics")


def file_of_row(row: dict) -> FileState:
    """What `row_of_file` made a row of; rows of an older earmark have fewer columns."""
    return FileState(
        path=os.fsdecode(row["key"]), size=row["size"], mtime_ns=row["mtime_ns"], versions=row["stamp"],
        track_id=row["track_id"], problem=row["problem"], remedy=row["remedy"], info=_info_of(row),
        differs=bool(row.get("differs")),
    )  # fmt: skip


SEEN = ("key", "size", "mtime_ns", "stamp", "track_id", "problem", "remedy", "checksum")
"""The columns of `SeenFiles`; rows of an older earmark have no checksum."""

UNREAD = FileTags(), SoundFormat()


class SeenFiles(Mapping[str, FileState]):
    """Path -> what a scan needs to know of a file, of the columns `SEEN`; tags and coding are left empty in `info`.

    There may be millions: a state is made of the columns when it is asked for, and rows are found by the hashes of
    their paths. That takes 250 bytes a file, where a dict of states took 700.
    """

    def __init__(self, table: pa.Table) -> None:
        self._size, self._mtime_ns = (table[name].to_numpy() for name in ("size", "mtime_ns"))
        stamps = table["stamp"].combine_chunks().fill_null("").dictionary_encode()  # one text for nearly all files
        self._stamps, self._stamp = stamps.dictionary.to_pylist(), stamps.indices.to_numpy()
        others = [name for name in table.column_names if name not in ("size", "mtime_ns", "stamp")]
        filled = [name for name in others if name == "key" or table[name].null_count < len(table)]
        self._columns = {name: table[name].combine_chunks() for name in filled}
        hashes = np.fromiter((hash(os.fsdecode(key)) for key in _each(self._columns["key"])), np.int64, len(table))
        self._rows = np.argsort(hashes).astype(np.uint32)
        self._hashes = hashes[self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return map(os.fsdecode, _each(self._columns["key"]))

    def __getitem__(self, path: str) -> FileState:
        key, wanted = os.fsencode(path), hash(path)
        place = int(self._hashes.searchsorted(wanted))
        while place < len(self._rows) and self._hashes[place] == wanted:
            row = int(self._rows[place])
            if self._columns["key"][row].as_py() == key:
                return self._state(path, row)
            place += 1
        raise KeyError(path)

    def _state(self, path: str, row: int) -> FileState:
        told = {name: column[row].as_py() for name, column in self._columns.items() if name != "key"}
        info = None if told.get("checksum") is None else FileInfo(*UNREAD, told["checksum"])
        seen = int(self._size[row]), int(self._mtime_ns[row]), self._stamps[self._stamp[row]]
        return FileState(path, *seen, told.get("track_id"), told.get("problem"), told.get("remedy"), info)


def _each(column: pa.Array, at_once: int = 4096) -> Iterator:
    """Its values, a few of them at a time as objects of Python."""
    for start in range(0, len(column), at_once):
        yield from column.slice(start, at_once).to_pylist()


def _info_of(row: dict) -> FileInfo | None:
    if row.get("checksum") is None:
        return None
    tags = FileTags(*(row[column] for column in TAGS))
    sound = SoundFormat(row["codec"], row["bit_rate"], row["sample_rate"], row["n_channels"])
    return FileInfo(tags, sound, row["checksum"], row.get("lyrics") or "")
