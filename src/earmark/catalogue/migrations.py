"""Steps that bring a catalogue of an older earmark up to date, by number. A scan runs them; reading needs none of them.

The version of a catalogue is noted in its table of files. A new step is a function and its entry in `MIGRATIONS`; a
change that old code cannot read, or that reading needs, also raises `OLDEST_READABLE`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from earmark.catalogue.keys import COLUMN, FORMER
from earmark.catalogue.packing import pack_tracks
from earmark.catalogue.schema import FILES, base_schema
from earmark.catalogue.split import move_steps
from earmark.catalogue.tables import Table, repair_remedy
from earmark.errors import CatalogueError


@dataclass(frozen=True)
class Migration:
    """One step.

    Attributes
    ----------
    version : of the catalogue once the step is done
    what : in a few words
    run : given the table of files and the table of tracks (None while nothing was analysed); may be run twice. A long
        one yields the share that is done
    """

    version: int
    what: str
    run: Callable[[Table, Table | None], Iterable[float] | None]


def _index_ids(files: Table, tracks: Table | None) -> None:
    files.index("key", "BTREE")
    files.index("track_id", "BTREE")
    if tracks is not None:
        tracks.index("track_id", "BTREE")


def _count_files(files: Table, tracks: Table | None) -> None:
    """The tags of each file are read by the scan that runs this: its rows have no checksum yet."""
    files.add_columns(FILES)
    if tracks is None:
        return
    tracks.add_columns(base_schema())
    paths = Counter(files.read(["track_id"], pc.field("track_id").is_valid())["track_id"].to_pylist())
    ids = tracks.read(["track_id"])["track_id"].to_pylist()
    if ids:
        counts = pa.array([paths[track_id] for track_id in ids], pa.int32())
        tracks.update("track_id", pa.table({"track_id": ids, "n_files": counts}))


def _respell_keys(files: Table, tracks: Table | None) -> None:
    """``D# major`` becomes ``Eb major``; a column written by a later earmark or by hand stays as it is."""
    if tracks is None or COLUMN not in tracks.schema.names:
        return
    former = [name for name, present in FORMER.items() if name != present]
    rows = tracks.read_among(COLUMN, former, ["track_id", COLUMN])
    if len(rows):
        present = [FORMER[name] for name in rows[COLUMN].to_pylist()]
        tracks.update("track_id", pa.table({"track_id": rows["track_id"], COLUMN: present}))


def _hold_lyrics(files: Table, tracks: Table | None) -> None:
    """Those of known files arrive when they are read again: retagged, or by ``scan --reread``."""
    files.add_columns(FILES)
    if tracks is not None:
        tracks.add_columns(base_schema())


MIGRATIONS = (
    Migration(2, "index the columns that single tracks and files are found by", _index_ids),
    Migration(3, "keep tags with files, and count the files of every track", _count_files),
    Migration(4, "respell keys", _respell_keys),
    Migration(5, "keep activations apart, in a tenth of their room", move_steps),
    Migration(6, "keep what a track shows in one place", pack_tracks),
    Migration(7, "have room for lyrics", _hold_lyrics),
)
OLDEST_READABLE = 1
VERSION = MIGRATIONS[-1].version


def version_of(files: Table) -> int:
    """The version noted in the table of files; raises CatalogueError for one that this earmark cannot read."""
    folder, note = files.path.parent, files.metadata.get("schema_version", "0")
    if not note.isdecimal():
        raise CatalogueError(files.path, f"its version cannot be read ({note[:20]!r})", repair_remedy(folder))
    found = int(note)
    if found > VERSION:
        raise CatalogueError(folder, f"made by a newer earmark (version {found})", "Update earmark to open it.")
    if found < OLDEST_READABLE:
        raise CatalogueError(folder, f"of a version {found} that is no longer read", "Scan into a new folder.")
    return found


Tell = Callable[[str, float], None]
"""Told what is being done and which share of it is, 0..1."""


def migrate(files: Table, tracks: Table | None, tell: Tell = lambda what, share: None) -> list[Migration]:
    """Run the steps that are missing and note each as done; returns them. Interrupted, it goes on from there."""
    missing = [step for step in MIGRATIONS if step.version > version_of(files)]
    for step in missing:
        for share in step.run(files, tracks) or ():
            tell(step.what, share)
        files.note(schema_version=str(step.version))
    return missing
