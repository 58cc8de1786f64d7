"""Is a catalogue whole? Every file against its sum, every table to its last value, every id, every cross reference.

It changes nothing and needs no lock, so it may run during a scan.
"""

import os
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.compute as pc

from earmark.audio.earprint import EARPRINT_SUFFIX, read_earprint_head
from earmark.audio.earprint_head import is_track_id
from earmark.catalogue.checksums import damage, read_sums, table_files
from earmark.catalogue.documents import unreadable
from earmark.catalogue.mirror import MIRRORED, notes_fault, read_mirror
from earmark.catalogue.packing import Mispacked, mispacked
from earmark.catalogue.place import Place
from earmark.catalogue.places import DRAFT, EARPRINTS, NO_CATALOGUE, TABLES, has_table, missing_table, table_path
from earmark.catalogue.probe import Probe, probe
from earmark.catalogue.schema import is_steps, is_vector
from earmark.catalogue.tables import Table
from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueError, EarmarkError, printable

ASKED, NEAREST = 50, 10  # vectors that an index is asked about, and how many near each
NEEDED = {
    "files": ("key", "path", "size", "mtime_ns", "track_id", "stamp"),
    "tracks": ("track_id", "analysis_version"),
    "corrections": ("key", "track_id", "field", "value"),
    "documents": ("key", "kind", "document"),
    "steps": ("track_id",),
}
"""Table -> the columns without which nothing can be read from it."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: where, what, and whether it is damage that repair is for."""

    where: str
    what: str
    is_damage: bool = True


@dataclass
class CheckReport:
    """What a check found.

    Attributes
    ----------
    n_rows : table -> rows that can be read
    n_files : files of the tables that were compared with their sums
    n_unsummed : files that have no sum yet: written by a scan that is at work or was killed
    n_earprints : earprints that were read
    recall : share of the 10 nearest that an index of likeness proposes, over 50 of its own vectors; None without one
    findings : what is not as it should be
    """

    n_rows: dict[str, int] = field(default_factory=dict)
    n_files: int = 0
    n_unsummed: int = 0
    n_earprints: int = 0
    recall: float | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether there is no damage."""
        return not any(finding.is_damage for finding in self.findings)


def check(folder: Where) -> CheckReport:
    """Read everything; raises CatalogueError where there is no catalogue."""
    folder = place_of(folder)
    expect_catalogue(folder)
    report = CheckReport()
    if missing := missing_table(folder):
        report.findings.append(Finding(f"{missing}.lance", "is missing"))
    files = look_at_files(folder)
    report.n_files, report.n_unsummed = files.n_summed, len(files.unsummed)
    for name in TABLES:
        if has_table(folder, name):
            found = probe_table(folder, name, files)
            report.n_rows[name] = found.n_readable
            report.findings += _of_table(name, found)
    report.findings += [Finding(file, why) for file, why in sorted(files.damaged.items())]
    if not any(finding.is_damage for finding in report.findings):
        report.findings += _of_rows(folder)
        report.recall = _recall(folder)
    report.findings += _of_earprints(folder, report)
    return report


def _recall(folder: Path) -> float | None:
    """Of the worst index, if there is any."""
    if not has_table(folder, "tracks"):
        return None
    tracks = Table(table_path(folder, "tracks"))
    found = [tracks.recall(column, ASKED, NEAREST) for column in filter(is_vector, tracks.indexed())]
    return min((share for share in found if share is not None), default=None)


def expect_catalogue(folder: Where) -> None:
    """Raise CatalogueError where there is no catalogue, not even a damaged one."""
    if missing_table(folder) is None and not has_table(folder, "files"):
        raise CatalogueError(place_of(folder), *NO_CATALOGUE)


@dataclass
class Files:
    """The files of the tables, below the catalogue: those that are damaged, and how; those that have no sum yet."""

    n_summed: int = 0
    damaged: dict[str, str] = field(default_factory=dict)
    unsummed: list[str] = field(default_factory=list)

    def are_trusted(self, table: str) -> bool:
        """Whether every file of a table is as it was written: then none can abort the process that reads it."""
        return not any(file.startswith(f"{table}.lance/") for file in (*self.damaged, *self.unsummed))


def look_at_files(folder: Where) -> Files:
    """Compare every file of the tables with its sum."""
    folder = place_of(folder)
    sums, found = read_sums(folder), Files()
    for name in table_files(folder):
        known = sums.get(name)
        if known is None:
            found.unsummed.append(name)
        else:
            found.n_summed += 1
        why = damage(folder / name, known)
        if why and (folder / name).exists():  # a scan that is at work drops old versions
            found.damaged[name] = why
    return found


def probe_table(folder: Where, name: str, files: Files, version: int | None = None) -> Probe:
    """Read one version of a table, in a process of its own unless all its files are as they were written."""
    path = table_path(folder, name)
    mine = {file: why for file, why in files.damaged.items() if file.startswith(f"{path.name}/")}
    below = {file.removeprefix(f"{path.name}/"): why for file, why in mine.items()}
    return probe(path, version, below, apart=not files.are_trusted(name))


def _of_table(name: str, found: Probe) -> list[Finding]:
    table = f"{name}.lance"
    if found.fault:
        return [Finding(table, found.fault)]
    bad = [Finding(f"{table}, {part}", why) for part, why in found.bad.items()]
    return [*bad, Finding(table, f"{found.n_lost} rows cannot be read")] if found.n_lost else bad


# -- rows -------------------------------------------------------------------------------------------------------------


@dataclass
class Disorder:
    """Rows that contradict each other or the rules.

    Attributes
    ----------
    bad_ids : ids of tracks that are not 20 hexadecimal digits
    doubled : ids of tracks that stand in several rows
    astray : keys (paths as bytes) of files that lead to tracks that are not there
    doubled_files : keys that stand in several rows
    unknown : tracks with corrections that are not there; no damage, since `--prune` drops tracks and no correction
    stepless : tracks that were tagged and have no activations
    doubled_steps : ids of tracks whose activations stand in several rows
    mispacked : tracks of which what they show is not packed as their columns have it; see `Mispacked`
    unreadable : keys of documents that are no JSON
    """

    bad_ids: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    astray: list[bytes] = field(default_factory=list)
    doubled_files: list[bytes] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    stepless: list[str] = field(default_factory=list)
    doubled_steps: list[str] = field(default_factory=list)
    mispacked: Mispacked = field(default_factory=Mispacked)
    unreadable: list[str] = field(default_factory=list)


def disorder(folder: Where) -> Disorder:
    """Compare the rows of all tables, each of which can be read."""
    tables = {name: Table(table_path(folder, name)) for name in TABLES if has_table(folder, name)}
    ids = Counter(_column(tables.get("tracks"), "track_id"))
    files = tables["files"].read(["key", "track_id"])
    pairs = list(zip(files["key"].to_pylist(), files["track_id"].to_pylist(), strict=True))
    steps = Counter(_column(tables.get("steps"), "track_id"))
    paths: dict[str, set[str]] = {}
    for key, track_id in pairs:
        paths.setdefault(track_id, set()).add(os.fsdecode(key))
    return Disorder(
        bad_ids=sorted(str(i) for i in ids if not is_track_id(i)),
        doubled=sorted(i for i, n in ids.items() if i and n > 1),
        astray=sorted(key for key, track_id in pairs if track_id is not None and track_id not in ids),
        doubled_files=sorted(key for key, n in Counter(key for key, _ in pairs).items() if n > 1),
        unknown=sorted(set(_column(tables.get("corrections"), "track_id")) - set(ids)),
        stepless=sorted(_tagged(tables.get("tracks")) - set(steps)),
        doubled_steps=sorted(i for i, n in steps.items() if n > 1),
        mispacked=mispacked(tables.get("tracks"), paths),
        unreadable=unreadable(tables.get("documents")),
    )


def _tagged(tracks: Table | None) -> set[str]:
    """The tracks whose activations are in the table of steps; none up to version 4, where tracks hold their own."""
    if tracks is None or "model_id" not in tracks.schema.names or any(map(is_steps, tracks.schema.names)):
        return set()
    return set(tracks.read(["track_id"], pc.field("model_id").is_valid())["track_id"].to_pylist())


def _column(table: Table | None, name: str) -> list:
    return table.read([name])[name].to_pylist() if table is not None else []


def _of_rows(folder: Place) -> list[Finding]:
    findings = []
    for name in filter(lambda name: has_table(folder, name), TABLES):
        findings += _of_schema(Table(table_path(folder, name)), name)
    if findings:
        return findings
    found = disorder(folder)
    paths = [printable(os.fsdecode(key)) for key in found.astray]
    said = [
        Finding("tracks.lance", _some("ids are no hash of audio", found.bad_ids)),
        Finding("tracks.lance", _some("tracks stand in several rows", found.doubled)),
        Finding("files.lance", _some("files lead to tracks that are missing", paths)),
        Finding("files.lance", _some("paths stand in several rows", [os.fsdecode(k) for k in found.doubled_files])),
        Finding("tracks.lance", _some("tracks show what their columns do not hold", found.mispacked.wrong)),
        Finding("tracks.lance", _some("tracks show files as they were before a write", found.mispacked.behind), False),
        Finding("steps.lance", _some("tracks have lost their activations", found.stepless)),
        Finding("steps.lance", _some("tracks stand in several rows", found.doubled_steps)),
        Finding("documents.lance", _some("documents cannot be read", found.unreadable)),
        Finding("corrections.lance", _some("tracks with corrections are not there", found.unknown), False),
    ]
    return [finding for finding in said if finding.what] + _of_mirrors(folder)


def _of_schema(table: Table, name: str) -> list[Finding]:
    lacking = [column for column in NEEDED[name] if column not in table.schema.names]
    findings = [Finding(table.path.name, f"the column {column} is missing") for column in lacking]
    if name == "files":
        fault = notes_fault(table)
        findings += [Finding(table.path.name, fault)] if fault else []
    return findings


def _of_mirrors(folder: Place) -> list[Finding]:
    """A mirror that is behind its table is renewed by the next change: a correction was killed before it wrote it."""
    findings = []
    for name, (key, _) in MIRRORED.items():
        rows = Table(table_path(folder, name)).read().to_pylist() if has_table(folder, name) else []
        if {row[key]: row for row in rows} != read_mirror(folder, name):
            findings.append(Finding(f"{name}.jsonl", "is behind its table; the next scan renews it", False))
    return findings


def _some(what: str, which: list[str]) -> str:
    shown = ", ".join(printable(str(name)) for name in which[:3]) + (" ..." if len(which) > 3 else "")
    return f"{len(which)} {what}: {shown}" if which else ""


# -- earprints --------------------------------------------------------------------------------------------------------


def earprints_of(folder: Where) -> list[Place]:
    """What lies among the earprints, drafts aside."""
    earprints = place_of(folder) / EARPRINTS
    return [earprints / name for name in earprints.entries() if not name.startswith(DRAFT)]


def _of_earprints(folder: Place, report: CheckReport) -> list[Finding]:
    """Broken bytes are damage; what is whole but not read (a foreign name, another version) stays where it is."""
    findings = []
    for path in earprints_of(folder):
        report.n_earprints += 1
        broken, refused = _looked_at(path)
        if what := broken or refused:
            findings.append(Finding(f"{EARPRINTS}/{printable(path.name)}", what, bool(broken)))
    return findings


def _looked_at(path: Place) -> tuple[str | None, str | None]:
    """What is wrong with the bytes of an earprint, and else why it is not read."""
    with path.at_hand() as file:
        broken = _broken(file)
        return broken, None if broken else _refused(file)


def is_broken(path: Where) -> str | None:
    """What is wrong with the bytes of an earprint, by the sums that its archive keeps; None where nothing is."""
    with place_of(path).at_hand() as file:
        return _broken(file)


def _broken(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        return f"is damaged ({error})"
    except OSError as error:
        return None if path.is_dir() else f"cannot be read ({error.strerror})"
    return f"is damaged ({bad})" if bad else None


def _refused(path: Path) -> str | None:
    if not path.is_file() or path.suffix != EARPRINT_SUFFIX or not is_track_id(path.stem):
        return "is not named by the id of a track"
    try:
        found = read_earprint_head(path)
    except EarmarkError as error:
        return error.problem
    return None if found.track_id == path.stem else f"is of another track ({printable(found.track_id)})"
