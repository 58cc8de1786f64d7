"""Copies of a catalogue that are consistent though a scan is writing, and the way back.

A copy holds one version of each table: the list of its files and these files, none of which is ever changed. The
version of the files is read before and after that of the tracks; where no write came between, the tables belong
together. A file that a tidy drops while it is copied makes the copy begin anew with the newest versions.

A copy is a folder, which is itself a catalogue, or a ``.tar`` of one. Its sums list every file of it.
"""

import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from earmark.audio.earprint import EARPRINT_SUFFIX
from earmark.catalogue.checksums import NAME as SUMS
from earmark.catalogue.checksums import Sum, read_sums, sum_of, table_files, write_sums
from earmark.catalogue.mirror import MIRRORED, NOTES, mirror_path
from earmark.catalogue.objects import ObjectPlace
from earmark.catalogue.place import Place
from earmark.catalogue.places import EARPRINTS, TABLES, check_place, has_table, table_path
from earmark.catalogue.tables import Table, repair_remedy
from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueError
from earmark.files import whole_file

ATTEMPTS = 5
ELSEWHERE = "Free space, or choose another place."


@dataclass(frozen=True)
class BackupReport:
    """Where a copy is, how many files it has and their bytes."""

    path: Path | Place
    n_files: int
    n_bytes: int


def backup(folder: Where, target: Path) -> BackupReport:
    """Copy a catalogue into a new folder, or into a ``.tar``, and read the copy again.

    Raises
    ------
    CatalogueError : the catalogue is damaged, the target exists already, or the disk refuses
    """
    folder = place_of(folder)
    check_place(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CatalogueError(target, "exists already", "Name a new folder or a new .tar file.")
    if folder.is_local and target.resolve().is_relative_to(Path(folder).resolve()):
        raise CatalogueError(target, "lies in the catalogue itself", "Name a place outside of it.")
    return _made(target, lambda draft: _copy(folder, draft), lambda draft, sums: _put(draft, target, sums))


def _made(target: Path, fill: Callable[[Path], None], put: Callable[[Path, dict], None]) -> BackupReport:
    """Fill a draft beside `target`, verify it, and put it in its place; `put` takes the draft and its sums."""
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _draft_of(target) as draft:
            fill(draft)
            verify(draft)
            sums = read_sums(draft)
            put(draft, sums)
    return BackupReport(target, len(sums), sum(found.size for found in sums.values()))


def _put(draft: Path, target: Path, sums: dict[str, Sum]) -> None:
    if target.suffix != ".tar":
        if target.is_dir():
            target.rmdir()
        draft.rename(target)
        return
    with whole_file(target) as archive:
        with tarfile.open(archive, "w") as tar:
            for name in (SUMS, *sorted(sums)):
                tar.add(draft / name, name)
        _verify_archive(archive, sums)


def _copy(folder: Place, draft: Path) -> None:
    for attempt in range(ATTEMPTS):
        try:
            _copy_files(folder, draft, _names(folder))
            return
        except FileNotFoundError as error:  # a scan may have dropped it meanwhile, but not each time
            if attempt == ATTEMPTS - 1:
                raise CatalogueError(error.filename, "is missing", repair_remedy(folder)) from None


def _names(folder: Place) -> list[str]:
    """The files that make up the catalogue at one moment, below its folder."""
    files = Table(table_path(folder, "files"))
    while True:
        before = files.version
        others = [Table(table_path(folder, name)) for name in TABLES[1:] if has_table(folder, name)]
        files.refresh()
        if files.version == before:
            break
    names = [f"{table.path.name}/{name}" for table in (files, *others) for name in table.file_names()]
    beside = {mirror_path(folder, name).name for name in MIRRORED} | {NOTES}
    earprints = [f"{EARPRINTS}/{name}" for name in (folder / EARPRINTS).entries() if name.endswith(EARPRINT_SUFFIX)]
    return names + sorted(beside & set(folder.entries())) + earprints


def _copy_files(folder: Place, draft: Path, names: list[str]) -> None:
    """Copy what the draft lacks, drop what no longer belongs to it, and write its sums."""
    known, sums = read_sums(folder), {}
    for name in names:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        if not name.endswith(".lance") or not (draft / name).exists():
            (folder / name).copy_to(draft / name)
        sums[name] = sum_of(draft / name)
        if name in known and known[name].blake2b != sums[name].blake2b and ".lance/" in name:
            raise CatalogueError(folder / name, "was changed after it was written", repair_remedy(folder))
    for path in [path for path in draft.rglob("*") if path.is_file() and path.name != SUMS]:
        if path.relative_to(draft).as_posix() not in sums:
            path.unlink()
    write_sums(draft, sums)


def verify(copy: Path) -> None:
    """Compare every file of a copy with its sum; raises CatalogueError that names the first that differs."""
    sums = read_sums(copy)
    if not sums:
        raise CatalogueError(copy, "no copy of a catalogue", "Name what `earmark catalogue backup` has made.")
    for name, known in sums.items():
        if not (copy / name).is_file() or sum_of(copy / name).blake2b != known.blake2b:
            raise _differs(copy, name)


def _verify_archive(archive: Path, sums: dict[str, Sum]) -> None:
    with tarfile.open(archive) as tar, _scratch(archive.parent) as scratch:
        for member in tar:
            if member.name == SUMS:
                continue
            with tar.extractfile(member) as source, open(scratch / "file", "wb") as copy:
                shutil.copyfileobj(source, copy)
            if sum_of(scratch / "file").blake2b != sums[member.name].blake2b:
                raise _differs(archive, member.name)


def _differs(copy: Path, name: str) -> CatalogueError:
    return CatalogueError(f"{copy}, {name}", "is not what was copied", "Take another backup.")


# -- the way back -----------------------------------------------------------------------------------------------------


def restore(source: Path, folder: Where, force: bool = False) -> BackupReport:
    """Make a catalogue of a copy, which is verified first; the caller holds the lock of scans where there is one.

    force : replace a catalogue that is there; never in an object store

    Raises
    ------
    CatalogueError : the copy is damaged or no copy, a catalogue is there already, or the disk refuses
    """
    place = place_of(folder)
    if not source.exists():
        raise CatalogueError(source, "no such file or folder", "Name what `earmark catalogue backup` has made.")
    if not place.is_local:
        return _restore_at(source, place)
    folder = Path(place)
    if not force and _holds_something(folder):
        raise CatalogueError(folder, "holds something already", "Name a new folder, or give --force to replace it.")
    return _made(folder, lambda draft: _unpack(source, draft), lambda draft, sums: _swap(draft, folder))


def _restore_at(source: Path, place: ObjectPlace) -> BackupReport:
    """Into an object store, where no folder is put in the place of another: the table of files comes last."""
    if any(not name.startswith("scan.lock") for name in place.entries()):
        remedy = "Name another address; in an object store no catalogue is replaced."
        raise CatalogueError(place, "holds something already", remedy)
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        draft = Path(folder)
        _unpack(source, draft)
        verify(draft)
        sums = read_sums(draft)
        for name in sorted(sums, key=lambda name: (name.startswith("files.lance/"), "/_versions/" in name, name)):
            (place / name).copy_from(draft / name)
        write_sums(place, _as_kept(place, sums))
    return BackupReport(place, len(sums), sum(found.size for found in sums.values()))


def _as_kept(place: ObjectPlace, sums: dict[str, Sum]) -> dict[str, Sum]:
    """The sums of the tables' files with the times that these have now."""
    return {name: replace(sums[name], mtime_ns=found.mtime_ns) for name, found in table_files(place).items()}


def _holds_something(folder: Path) -> bool:
    if not folder.is_dir():
        return folder.exists()
    return any(not entry.name.startswith("scan.lock") for entry in folder.iterdir())


def _unpack(source: Path, draft: Path) -> None:
    """Only files that a catalogue has, by names that stay inside of it: an archive may come from anyone."""
    if source.is_dir():
        sums = read_sums(source)
        names = [name for name in (SUMS, *sums) if _is_ours(name) and (source / name).is_file()]
        for name in names:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, draft / name)
        return
    try:
        with tarfile.open(source) as tar:
            members = [member for member in tar if member.isreg() and _is_ours(member.name)]
            tar.extractall(draft, members, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise CatalogueError(
            source, f"no copy of a catalogue ({error})", "Name a folder or .tar of a backup."
        ) from error


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    inside = bool(parts) and not name.startswith("/") and ".." not in parts
    return inside and (parts[0].endswith((".lance", ".jsonl")) or parts[0] == "earprints")


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in the place of the folder; what was there goes last."""
    old = folder.with_name(f".old-{folder.name}")
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _draft_of(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, gone in the end unless it was renamed."""
    draft = target.with_name(f".part-{target.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    with _draft_of(folder / "verify") as scratch:
        yield scratch


@contextmanager
def _disk(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CatalogueError(target, f"cannot be written ({error.strerror or error})", ELSEWHERE) from error
