"""All that a `Track` shows, packed into one value: read at once, where its columns would be read one by one.

A row of the table of tracks has some 130 columns. Filters need them as they are; to show ten tracks, more than a
thousand pages would be read and decoded for them. So each row also holds its own values and its files in one column,
``shown``. Whatever writes a row of tracks packs it anew (`with_shown`). Where the value is missing, as in a catalogue
of version 5, columns and files are read instead.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgpack
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark.catalogue.files import FileState, file_of_row, row_of_file
from earmark.catalogue.schema import FILES, SHOWN, is_listed, is_vector
from earmark.errors import as_unicode

FORMAT = b"\x01"  # first byte
LARGEST = 1 << 24  # bytes of one track
NOT_OF_FILES = ("path", "seen_at", "lyrics")  # the one follows from the key, the others are shown nowhere
NO_FILE = dict.fromkeys(FILES.names)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a `Track` is made of.

    Attributes
    ----------
    row : column -> value, of the columns that `is_listed` names
    files : that lead to the track
    vectors : column -> embedding of a model, float [dim]
    """

    row: dict[str, Any]
    files: tuple[FileState, ...] = ()
    vectors: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer to a query, before a track is made of it.

    Attributes
    ----------
    shown : what the track will show
    vector : of the model that was asked for, float [dim]; None where it has not analysed the track
    similarity, relevance : as in `earmark.catalogue.track.Hit`
    """

    shown: Shown
    vector: np.ndarray | None = field(default=None, repr=False, compare=False)
    similarity: float | None = None
    relevance: float | None = None

    @property
    def track_id(self) -> str:
        """Of the track."""
        return self.shown.row["track_id"]

    @property
    def row(self) -> dict[str, Any]:
        """Column -> value, see `Shown`."""
        return self.shown.row

    @property
    def files(self) -> tuple[FileState, ...]:
        """That lead to the track."""
        return self.shown.files

    @property
    def path(self) -> str:
        """As in `earmark.catalogue.track.Hit`."""
        return min((as_unicode(file.path) for file in self.files), default=self.track_id)


def pack_shown(shown: Shown) -> bytes:
    """In some 3 kB; columns without a value take no room. Vectors lie in front, as they are."""
    vectors = {name: [vector.dtype.str, vector.tobytes()] for name, vector in shown.vectors.items()}
    row = {name: value for name, value in shown.row.items() if value is not None}
    files = [_packable(file) for file in sorted(shown.files, key=lambda file: file.path)]
    return FORMAT + msgpack.packb([vectors, zlib.compress(msgpack.packb([row, files], datetime=True))])


def _packable(file: FileState) -> dict[str, Any]:
    row = row_of_file(file)
    return {name: value for name, value in row.items() if value is not None and name not in NOT_OF_FILES}


def unpack_shown(packed: bytes, columns: Sequence[str]) -> Shown:
    """What `pack_shown` packed, with these columns of the row in this order.

    Raises ValueError, or another error that `earmark.catalogue.tables.decoded` knows, for anything else.
    """
    vectors, rest = _opened(packed)
    reader = zlib.decompressobj()
    data = reader.decompress(rest, LARGEST)
    if not reader.eof:
        raise ValueError("cut off, or too long")
    row, files = msgpack.unpackb(data, timestamp=3)
    files = tuple(file_of_row(NO_FILE | file) for file in files)
    found = {name: np.frombuffer(vector, kind) for name, (kind, vector) in vectors.items()}
    whole = _nothing_in(tuple(columns)) | row
    if len(whole) > len(columns):  # a column was dropped since
        whole = {name: whole[name] for name in columns}
    return Shown(whole, files, found)


@lru_cache(maxsize=16)
def _nothing_in(columns: tuple[str, ...]) -> dict[str, None]:
    return dict.fromkeys(columns)


def vector_in(packed: bytes, column: str) -> np.ndarray | None:
    """One vector of what `pack_shown` packed, float [dim], without unpacking the rest; None where it has none."""
    found = _opened(packed)[0].get(column)
    return None if found is None else np.frombuffer(found[1], found[0])


def _opened(packed: bytes) -> tuple[dict, bytes]:
    if not packed.startswith(FORMAT):
        raise ValueError(f"packed in format {packed[:1].hex() or 'none'}, which this earmark does not know")
    vectors, rest = msgpack.unpackb(memoryview(packed)[1:])
    return vectors, rest


def listed_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Those of a table's columns that a `Track` is made of."""
    return _listed(tuple(names))


@lru_cache(maxsize=16)
def _listed(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if is_listed(name))


def packed_columns(names: Iterable[str]) -> list[str]:
    """Those of a table's columns that are packed: what is listed, and the vectors."""
    return [name for name in names if is_listed(name) or is_vector(name)]


def with_shown(rows: pa.Table, files: Mapping[str, Iterable[FileState]]) -> pa.Table:
    """Rows of the table of tracks with ``shown`` made anew; as they are where the table has no such column.

    files : track_id -> the files that lead to it
    """
    if SHOWN not in rows.column_names:
        return rows
    packed = [pack_shown(shown) for shown in shown_of(rows, files)]
    place = rows.schema.get_field_index(SHOWN)
    return rows.set_column(place, rows.schema.field(place), pa.array(packed, pa.binary()))


def shown_of(rows: pa.Table, files: Mapping[str, Iterable[FileState]]) -> Iterator[Shown]:
    """What rows show by their columns; floats are of 32 bits there."""
    listed = rows.select(listed_columns(rows.column_names)).to_pylist()
    vectors = {name: vectors_of(rows[name]) for name in filter(is_vector, rows.column_names)}
    for i, row in enumerate(listed):
        own = {name: column[i] for name, column in vectors.items() if column[i] is not None}
        yield Shown(row, tuple(files.get(row["track_id"], ())), own)


def vectors_of(column: pa.ChunkedArray) -> list[np.ndarray | None]:
    """The vectors of a column as it holds them, float [dim] each; None where there is none."""
    dim, valid = column.type.list_size, column.is_valid().to_pylist()
    matrix = iter(pc.list_flatten(column).to_numpy().reshape(-1, dim))  # those that there are
    return [next(matrix) if is_there else None for is_there in valid]
