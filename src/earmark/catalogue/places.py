"""Where the parts of a catalogue lie, and which of them should be there."""

from collections.abc import Iterable

from earmark.catalogue.checksums import NAME as SUMS
from earmark.catalogue.checksums import glance, read_sums
from earmark.catalogue.mirror import MIRRORED, NOTES, mirror_path, read_mirror
from earmark.catalogue.place import Place
from earmark.catalogue.tables import MANIFEST, ROWS, Table, is_table, repair_remedy
from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueError

TABLES = ("files", "tracks", "corrections", "documents", "steps")
EARPRINTS = "earprints"  # the folder of them
DRAFT = ".part-"  # begins the name of a file that is not yet whole
STEPS_ROWS = 1024  # some 20 MB
NO_CATALOGUE = "no catalogue here", "Make one with `earmark scan FOLDER --catalogue DIR`."


def table_path(folder: Where, name: str) -> Place:
    """Where a table lies."""
    return place_of(folder) / f"{name}.lance"


def rows_of(name: str) -> int:
    """Rows of a table that lie together in one fragment: fewer where they are large."""
    return STEPS_ROWS if name == "steps" else ROWS


def has_table(folder: Where, name: str) -> bool:
    """Whether a table is there, whole or not. One whose first version was never finished is not."""
    return is_table(table_path(folder, name))


def missing_table(folder: Where) -> str | None:
    """A table that is not there, though what lies beside it tells that it was."""
    folder = place_of(folder)
    sums = read_sums(folder)
    beside = [mirror_path(folder, name) for name in MIRRORED] + [folder / NOTES, folder / SUMS]
    others = any(has_table(folder, name) for name in TABLES[1:]) or any(path.exists() for path in beside)
    if others and not has_table(folder, "files"):
        return "files"
    for name in ("tracks", "steps"):
        if not has_table(folder, name) and any(file.startswith(f"{name}.lance/") for file in sums):
            return name
    return next((name for name in MIRRORED if not has_table(folder, name) and read_mirror(folder, name)), None)


def check_place(folder: Where) -> None:
    """Raise CatalogueError where there is no catalogue, or a table of it is missing."""
    if missing := missing_table(folder):
        raise CatalogueError(table_path(folder, missing), "is missing", repair_remedy(folder))
    if not has_table(folder, "files"):
        raise CatalogueError(folder, *NO_CATALOGUE)


def look_over(folder: Where, tables: Iterable[Table]) -> None:
    """Raise CatalogueError where a file of the newest versions is missing, cut or changed, as far as a glance tells."""
    folder = place_of(folder)
    sums = read_sums(folder)
    for table in tables:
        found = glance(folder, [f"{table.path.name}/{name}" for name in table.file_names()], sums)
        if found:
            raise CatalogueError(folder / found[0], found[1], repair_remedy(folder))


def manifests(table: Where) -> dict[int, Place]:
    """Version -> the file that lists what it is made of, newest first."""
    folder = place_of(table) / "_versions"
    paths = [folder / name for name in folder.entries() if name.endswith(MANIFEST)]
    found = {_version_of(path.stem): path for path in paths}
    return dict(sorted(((v, path) for v, path in found.items() if v is not None), reverse=True))


def _version_of(stem: str) -> int | None:
    """Lance counts down from the largest number of 64 bits, so that the newest comes first by name."""
    if not stem.isdigit():
        return None
    number = int(stem)
    return 2**64 - 1 - number if number > 2**63 else number
