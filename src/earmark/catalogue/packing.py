"""Packs what tracks show where that was not done yet, and tells where what is packed is not what the columns hold.

Nothing is heard again. What was packed stays packed: interrupted, the next scan goes on with the tracks that are left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from earmark.catalogue.files import FileState, file_of_row
from earmark.catalogue.recordings import after_writing
from earmark.catalogue.schema import SHOWN, base_schema
from earmark.catalogue.shown import (
    Shown,
    listed_columns,
    pack_shown,
    packed_columns,
    shown_of,
    unpack_shown,
    with_shown,
)
from earmark.catalogue.tables import ROWS, Table, decoded
from earmark.errors import CatalogueError

AT_ONCE = 512  # rows that are read and packed together; as many as a fragment has are written together


def pack_tracks(files: Table, tracks: Table | None) -> Iterator[float]:
    """Pack every track that is not packed yet; tells after each write which share is done."""
    if tracks is None:
        return
    tracks.add_columns(base_schema())
    lacking, done, packed = f"{SHOWN} IS NULL", 0, []
    total, names = tracks.count(lacking), [*packed_columns(tracks.schema.names), SHOWN]
    for batch in tracks.batches(names, AT_ONCE, lacking):
        packed.append(_packed(files, pa.Table.from_batches([batch])))
        done += batch.num_rows
        if sum(map(len, packed)) >= ROWS or done == total:
            tracks.update("track_id", pa.concat_tables(packed))
            packed.clear()
            yield done / total


def _packed(files: Table, rows: pa.Table) -> pa.Table:
    return with_shown(rows, files_of(files, rows["track_id"].to_pylist())).select(["track_id", SHOWN])


def files_of(files: Table, track_ids: Iterable[str]) -> dict[str, list[FileState]]:
    """track_id -> the files that lead to it, of those that have any."""
    return after_writing(map(file_of_row, files.read_among("track_id", track_ids).to_pylist()), ())


def pack_again(files: Table, tracks: Table, track_ids: list[str]) -> None:
    """Pack these tracks anew, of columns and files as they are."""
    found = files_of(files, track_ids)
    tracks.upsert("track_id", [{"track_id": i} for i in track_ids], lambda whole: with_shown(whole, found))


@dataclass
class Mispacked:
    """Ids of tracks whose ``shown`` does not agree with the tables.

    Attributes
    ----------
    wrong : it cannot be read, or holds other values than the columns
    behind : it names other files than lead to the track: a scan is at work or was killed
    """

    wrong: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


def mispacked(tracks: Table | None, paths: dict[str, set[str]]) -> Mispacked:
    """Compare what is packed with the columns, and with the paths that lead to each track."""
    found = Mispacked()
    if tracks is None or SHOWN not in tracks.schema.names:
        return found
    names, listed = packed_columns(tracks.schema.names), listed_columns(tracks.schema.names)
    for batch in tracks.batches([*names, SHOWN], AT_ONCE, f"{SHOWN} IS NOT NULL"):
        rows = pa.Table.from_batches([batch])
        for packed, right in zip(rows[SHOWN].to_pylist(), shown_of(rows, {}), strict=True):
            shown, track_id = _unpacked(tracks, packed, listed), right.row["track_id"]
            if shown is None or _plain(shown) != _plain(right):
                found.wrong.append(track_id)
            elif {file.path for file in shown.files} != paths.get(track_id, set()):
                found.behind.append(track_id)
    return found


def _plain(shown: Shown) -> bytes:
    """Without its files; not-a-number is equal to itself here."""
    return pack_shown(Shown(shown.row, (), shown.vectors))


def _unpacked(tracks: Table, packed: bytes, listed: list[str]) -> Shown | None:
    try:
        with decoded(tracks.path):
            return unpack_shown(packed, listed)
    except CatalogueError:
        return None
