"""Steps that bring a catalogue of an older earmark up to date, by number. A scan runs them; reading needs none of them.

The version of a catalogue is noted in its table of files. A new step is a function and its entry in `MIGRATIONS`; a
change that old code cannot read, or that reading needs, also raises `OLDEST_READABLE`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError


@dataclass(frozen=True)
class Migration:
    """One step.

    Attributes
    ----------
    version : of the catalogue once the step is done
    what : in a few words
    run : given the table of files and the table of tracks (None while nothing was analysed); may be run twice
    """

    version: int
    what: str
    run: Callable[[Table, Table | None], None]


def _index_ids(files: Table, tracks: Table | None) -> None:
    files.index("key", "BTREE")
    files.index("track_id", "BTREE")
    if tracks is not None:
        tracks.index("track_id", "BTREE")


MIGRATIONS = (Migration(2, "index the columns that single tracks and files are found by", _index_ids),)
OLDEST_READABLE = 1
VERSION = MIGRATIONS[-1].version


def version_of(files: Table) -> int:
    """The version noted in the table of files; raises CatalogueError for one that this earmark cannot read."""
    found = int(files.metadata.get("schema_version", "0"))
    folder = files.path.parent
    if found > VERSION:
        raise CatalogueError(folder, f"made by a newer earmark (version {found})", "Update earmark to open it.")
    if found < OLDEST_READABLE:
        raise CatalogueError(folder, f"of a version {found} that is no longer read", "Scan into a new folder.")
    return found


def migrate(files: Table, tracks: Table | None) -> list[Migration]:
    """Run the steps that are missing and note each as done; returns them. Interrupted, it goes on from there."""
    missing = [step for step in MIGRATIONS if step.version > version_of(files)]
    for step in missing:
        step.run(files, tracks)
        files.note(schema_version=str(step.version))
    return missing
