"""Plans done and undone: on a copy in the same folder, which takes the file's place once its sound was compared."""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from earmark.audio.decode import content_hash
from earmark.audio.fileinfo import checksum
from earmark.errors import FileError
from earmark.interop.delta import find_delta, restore
from earmark.interop.journal import DONE, UNDONE, Entry, Journal
from earmark.interop.mutagen_files import open_tags
from earmark.interop.plan import AGAIN, FilePlan, Plan, Refusal, check_file, check_inside, real_folders
from earmark.progress import Progress, silent

CHUNK = 1 << 20
LATER = "Undo later runs first, or leave it as it is."


@dataclass
class TagReport:
    """What became of the files of a plan.

    Attributes
    ----------
    run : id of the plan
    written : files that were changed now
    already : files that had been changed before, by the same plan
    refused : files that were left as they are, and why
    """

    run: str
    written: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def apply_plan(
    plan: Plan,
    journal: Journal,
    keep_times: bool = False,
    progress: Progress = silent,
    skip: Collection[str] = (),
    roots: Iterable[str | os.PathLike] | None = None,
) -> TagReport:
    """Write all tags of a plan; what cannot be written is in the report. May be run again after it was stopped.

    Parameters
    ----------
    keep_times : leave the time of change of every file as it was
    skip : paths of the plan that are left out
    roots : only files that truly lie in these folders, links followed; None: wherever they lie

    Raises
    ------
    MissingPackage : mutagen is not installed
    """
    report, inside = TagReport(plan.id), None if roots is None else real_folders(roots)
    left_out = frozenset(skip)
    files = [file for file in plan.files if file.path not in left_out]

    def write(file: FilePlan) -> bool:
        check_inside(file.path, inside)
        return _apply_file(file, plan.id, journal, keep_times)

    _each(files, len(files), report, progress, write)
    return report


def undo_run(run: str, journal: Journal, progress: Progress = silent) -> TagReport:
    """Bring every file of a run back to the bytes that it had; files that were changed since are refused."""
    report = TagReport(run)
    total = journal.count(run)
    _each(journal.written(run), total, report, progress, lambda entry: _undo_file(entry, journal))
    return report


def _each(items: Iterable, total: int, report: TagReport, progress: Progress, do: Callable[..., bool]) -> None:
    """Do something to each file; it returns whether anything was left to do."""
    for i, item in enumerate(items):
        progress("writing tags", i, total)
        try:
            (report.written if do(item) else report.already).append(item.path)
        except FileError as error:
            report.refused.append(Refusal.of(item.path, error))
        except OSError as error:
            report.refused.append(Refusal(item.path, f"cannot be written ({error.strerror or error})", AGAIN))


def _apply_file(file: FilePlan, run: str, journal: Journal, keep_times: bool) -> bool:
    if _is_written(file, run, journal):
        draft_of(file.path).unlink(missing_ok=True)
        return False
    before = _check_unchanged(file)
    with_draft(file.path, lambda draft: _write(file, draft, before, run, journal, keep_times))
    return True


def _is_written(file: FilePlan, run: str, journal: Journal) -> bool:
    """Whether this plan changed the file before; what a killed run did not note is settled by the file itself."""
    entry = journal.latest(run, file.path)
    if entry is None:
        return False
    now = digest(file.path)
    if now == entry.before:
        journal.drop(entry.id)  # killed before the file was changed, or after it was changed back
        return False
    if now == entry.after:
        journal.mark(entry.id, DONE)
    return entry.state == DONE or now == entry.after


def _check_unchanged(file: FilePlan) -> os.stat_result:
    found = check_file(file.path)
    if (found.st_size, found.st_mtime_ns, checksum(file.path).hex()) != (file.size, file.mtime_ns, file.checksum):
        raise FileError(file.path, "has changed since the plan was made", AGAIN)
    return found


def with_draft(path: str, write: Callable[[Path], None]) -> None:
    """Give `write` a path beside a file to make its new form at and to move from; nothing is left there afterwards.

    The name is always the same for a file, so that what a kill leaves is found by the next run; scans pass it over.
    """
    draft = draft_of(path)
    draft.unlink(missing_ok=True)
    try:
        write(draft)
    finally:
        draft.unlink(missing_ok=True)


def draft_of(path: str) -> Path:
    """Where the draft of a file lies."""
    name = hashlib.blake2b(os.fsencode(path), digest_size=8).hexdigest()
    return Path(path).with_name(f".earmark-{name}{Path(path).suffix}")


def _write(file: FilePlan, draft: Path, before: os.stat_result, run: str, journal: Journal, keep_times: bool) -> None:
    shutil.copyfile(file.path, draft)
    _write_tags(file, draft)
    _like(file.path, before, draft)
    if keep_times:
        os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        os.utime(draft)
    _sync(draft)
    if content_hash(draft) != file.track_id:
        raise FileError(file.path, "its sound would not be the same, so nothing was written", "Leave it out.")
    delta = find_delta(file.path, draft)
    row = journal.ready(run, file.path, digest(file.path), digest(draft), before.st_mtime_ns, delta)
    try:
        _replace(draft, file.path, before)
    except (FileError, OSError):
        journal.drop(row)
        raise
    journal.mark(row, DONE)


def _write_tags(file: FilePlan, draft: Path) -> None:
    tags = open_tags(draft)
    for change in file.changes:
        if tags.read(change.name) != change.old:
            raise FileError(file.path, f"its {change.name} is another than in the plan", AGAIN)
        tags.write(change.name, change.new)
    tags.save()


def _like(path: str, before: os.stat_result, draft: Path) -> None:
    """Give a draft the mode, attributes and owner of a file. Raises FileError: it belongs to somebody else."""
    shutil.copystat(path, draft)
    made = draft.stat()
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.chown(draft, before.st_uid, before.st_gid)
            os.chmod(draft, before.st_mode & 0o7777)  # chown takes special bits away
        except PermissionError:
            remedy = "Run as its owner, or leave it out."
            raise FileError(path, "belongs to another user or group, which it would lose", remedy) from None


def _replace(draft: Path, path: str, before: os.stat_result) -> None:
    """Let a draft take the place of a file, unless somebody else has changed that meanwhile."""
    now = os.stat(path)
    if (now.st_ino, now.st_size, now.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns):
        raise FileError(path, "was changed meanwhile", AGAIN)
    os.replace(draft, path)
    _sync_folder(os.path.dirname(path))


def _undo_file(entry: Entry, journal: Journal) -> bool:
    now = digest(entry.path) if os.path.isfile(entry.path) else b""
    if now not in (entry.before, entry.after):
        raise FileError(entry.path, "is missing or was changed since its tags were written", LATER)
    if now == entry.after:
        before = check_file(entry.path)
        with_draft(entry.path, lambda draft: _restore(entry, draft, before))
    journal.mark(entry.id, UNDONE)
    return now == entry.after


def _restore(entry: Entry, draft: Path, before: os.stat_result) -> None:
    restore(entry.path, entry.delta, draft)
    if digest(draft) != entry.before:
        raise FileError(entry.path, "what it was cannot be made again of the journal", LATER)
    _like(entry.path, before, draft)
    os.utime(draft, ns=(before.st_atime_ns, entry.mtime_ns))
    _sync(draft)
    _replace(draft, entry.path, before)


def digest(path: str | os.PathLike) -> bytes:
    """16 bytes over the whole file."""
    found = hashlib.blake2b(digest_size=16)
    with open(path, "rb") as file:
        while part := file.read(CHUNK):
            found.update(part)
    return found.digest()


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: str) -> None:
    """Make a renaming last, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
