"""Mends a damaged catalogue: keeps what is whole, rebuilds what can be rebuilt, and names what must be heard again.

Table by table it goes back to the version of which most rows can be read, and drops the fragments that cannot. What
only the user knows comes back from its mirror. Tracks that are lost are marked at their paths, so that the next scan
hears them again. The caller holds the lock of scans.
"""

import os
from dataclasses import dataclass, field

from earmark.catalogue.check import Files, disorder, earprints_of, is_broken, look_at_files, probe_table
from earmark.catalogue.checksums import read_sums, update_sums, write_sums
from earmark.catalogue.documents import unreadable
from earmark.catalogue.migrations import VERSION
from earmark.catalogue.mirror import MIRRORED, notes_fault, read_mirror, read_notes
from earmark.catalogue.packing import pack_again
from earmark.catalogue.place import Place
from earmark.catalogue.places import DRAFT, EARPRINTS, TABLES, has_table, manifests, missing_table, rows_of, table_path
from earmark.catalogue.probe import Probe
from earmark.catalogue.schema import FILES
from earmark.catalogue.tables import Table
from earmark.catalogue.where import Where, place_of
from earmark.errors import printable

LOST = {"track_id": None, "problem": "its analysis was lost by damage", "remedy": "Scan its folder again.", "stamp": ""}
"""The columns of a file whose track is lost; without a stamp, the next scan hears it again."""


@dataclass
class RepairReport:
    """What a repair did.

    Attributes
    ----------
    done : a sentence each
    hear_again : paths whose tracks are lost
    earprints : earprints that were dropped
    """

    done: list[str] = field(default_factory=list)
    hear_again: list[str] = field(default_factory=list)
    earprints: int = 0


def repair_tables(folder: Where) -> RepairReport:
    """Make every table readable and the rows of all tables agree; raises CatalogueError where the disk refuses."""
    folder = place_of(folder)
    files, report = look_at_files(folder), RepairReport()
    done = {name: _mend(folder, name, files) for name in TABLES if has_table(folder, name)}
    report.done = [*sum(done.values(), []), *_make_anew(folder)]
    for name in MIRRORED:
        if done.get(name) or not has_table(folder, name):  # a whole table counts more than its mirror
            report.done += _bring_back(folder, name)
    report.done += _mend_notes(folder) + _mend_documents(folder)
    _mend_rows(folder, report)
    _drop_earprints(folder, report)
    for name in filter(lambda name: has_table(folder, name), TABLES):
        Table(table_path(folder, name)).sweep(rows_of(name))
    update_sums(folder)
    return report


# -- one table --------------------------------------------------------------------------------------------------------


def _mend(folder: Place, name: str, files: Files) -> list[str]:
    """Go back to the best version there is, without what cannot be read."""
    best = best_version(folder, name, files)
    if best is None:
        forget_files(folder, [f"{name}.lance/"])
        table_path(folder, name).remove_all()
        return [f"{name}: no version can be read, the table is dropped"]
    newer = [path for version, path in manifests(table_path(folder, name)).items() if version > best.version]
    done = [f"{name}: went back {len(newer)} versions, to {best.version}"] if newer else []
    forget_files(folder, [_manifest_name(name, path) for path in newer])
    for path in newer:
        path.remove()
    return done + _cut(Table(table_path(folder, name)), name, best) + _drop_damaged(folder, name, files)


def best_version(folder: Where, name: str, files: Files) -> Probe | None:
    """The version of a table of which most rows can be read, the newest of these; None where none can be opened."""
    best = None
    for version, path in manifests(table_path(folder, name)).items():
        if _manifest_name(name, path) in files.damaged:
            continue
        found = probe_table(folder, name, files, version)
        if not found.fault and (best is None or found.n_readable > best.n_readable):
            best = found
        if found.is_whole:
            break
    return best


def _manifest_name(name: str, path: Place) -> str:
    return f"{name}.lance/_versions/{path.name}"


def _cut(table: Table, name: str, best: Probe) -> list[str]:
    for index in best.bad_indices:
        table.drop_index(index)
    if best.bad_fragments:
        table.drop_fragments(best.bad_fragments)
    done = [f"{name}: {len(best.bad_indices)} indices are built anew"] if best.bad_indices else []
    return done + ([f"{name}: {best.n_lost} rows are lost"] if best.bad_fragments else [])


def _drop_damaged(folder: Place, name: str, files: Files) -> list[str]:
    """Damaged files that the version does not read: records of old transactions, and old versions."""
    mine = [file for file in files.damaged if file.startswith(f"{name}.lance/")]
    if mine:
        Table(table_path(folder, name)).touch()  # a version after those whose files go
    forget_files(folder, mine)
    for file in mine:
        (folder / file).remove()
    return [f"{name}: {len(mine)} damaged files dropped"] if mine else []


def forget_files(folder: Where, names: list[str]) -> None:
    """Drop the sums of files, or of all below a folder, before the files themselves: their names may come again."""
    sums = read_sums(folder)
    kept = {file: found for file, found in sums.items() if not file.startswith(tuple(names))} if names else sums
    if len(kept) != len(sums):
        write_sums(folder, kept)


# -- what lies beside -------------------------------------------------------------------------------------------------


def _make_anew(folder: Place) -> list[str]:
    """An empty table of files where there is none; the table of tracks is made by the next scan."""
    gone = [name for name in TABLES if not has_table(folder, name)]
    done = [f"{name}: the table is gone" for name in ("tracks", "steps") if missing_table(folder) == name]
    forget_files(folder, [f"{name}.lance/" for name in gone])
    for name in gone:
        table_path(folder, name).remove_all()
    if "files" in gone:
        notes = {"schema_version": str(VERSION)} | read_notes(folder)
        Table.create(table_path(folder, "files"), FILES.with_metadata(notes))
        done = ["files: the table is gone, the next scan fills a new one"]
    return done


def _bring_back(folder: Place, name: str) -> list[str]:
    """Rows of a mirror that its table lacks."""
    (key, schema), rows, path = MIRRORED[name], read_mirror(folder, name), table_path(folder, name)
    if not rows:
        return []
    table = Table(path) if has_table(folder, name) else Table.create(path, schema)
    have = {row[key] for row in table.read().to_pylist()}
    missing = [row for row_key, row in rows.items() if row_key not in have]
    if missing:
        table.upsert(key, missing)
    return [f"{name}: {len(missing)} brought back from {name}.jsonl"] if missing else []


def _mend_notes(folder: Place) -> list[str]:
    """The notes of the table of files, where they cannot be read, from their mirror."""
    table = Table(table_path(folder, "files"))
    if notes_fault(table):
        table.replace_notes({"schema_version": str(VERSION)} | read_notes(folder))
        return ["files: its notes are brought back"]
    return []


def _mend_documents(folder: Place) -> list[str]:
    """What cannot be read goes, and comes back from the mirror where that is whole."""
    table = Table(table_path(folder, "documents")) if has_table(folder, "documents") else None
    if not (broken := unreadable(table)):
        return []
    table.delete_among("key", broken)
    return [f"documents: {len(broken)} that cannot be read dropped", *_bring_back(folder, "documents")]


def _mend_rows(folder: Place, report: RepairReport) -> None:
    found, files = disorder(folder), Table(table_path(folder, "files"))
    if found.doubled_steps:
        Table(table_path(folder, "steps")).delete_among("track_id", found.doubled_steps)
        report.done.append(f"steps: {len(found.doubled_steps)} doubled tracks dropped")
    for which, why in (
        ({*found.bad_ids, *found.doubled}, "with a wrong or doubled id"),
        ({*found.stepless, *found.doubled_steps}, "without activations"),
    ):
        if which:
            Table(table_path(folder, "tracks")).delete_among("track_id", sorted(which))
            report.done.append(f"tracks: {len(which)} {why} dropped")
    _pack_again(folder, report)
    found = disorder(folder)
    if found.doubled_files:
        files.delete_among("key", found.doubled_files)
        report.done.append(f"files: {len(found.doubled_files)} doubled paths dropped")
    astray = [key for key in found.astray if key not in set(found.doubled_files)]
    if astray:
        files.upsert("key", [{"key": key} | LOST for key in astray])
    report.hear_again = [printable(os.fsdecode(key)) for key in astray]


def _pack_again(folder: Place, report: RepairReport) -> None:
    """What tracks show, of columns and files, where it is not what these hold."""
    found = disorder(folder).mispacked
    if which := sorted({*found.wrong, *found.behind}):
        files, tracks = (Table(table_path(folder, name)) for name in ("files", "tracks"))
        pack_again(files, tracks, which)
        report.done.append(f"tracks: what {len(which)} show is packed anew")


def _drop_earprints(folder: Place, report: RepairReport) -> None:
    """Only those whose bytes are broken: a reader that refuses a whole one is no reason to delete it."""
    broken = [path for path in earprints_of(folder) if is_broken(path)]
    drafts = [folder / EARPRINTS / name for name in (folder / EARPRINTS).entries() if name.startswith(DRAFT)]
    for path in (*broken, *drafts):
        path.remove()
    report.earprints = len(broken)
