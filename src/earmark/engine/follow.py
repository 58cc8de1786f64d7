"""Keeps a catalogue current while files come and go: what the system tells of changes, as folders to scan.

A folder is scanned once all that changed in it has been still for a while, so that nothing is heard that is still being
copied. Files that were seen to go are forgotten as paths; their tracks are kept, should they return.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from watchfiles import Change, watch

from earmark.audio.discover import check_folders
from earmark.audio.ignore import IGNORE_FILE
from earmark.audio.junk import file_reason, folder_reason
from earmark.catalogue.store import Store
from earmark.engine.gone import is_below
from earmark.engine.report import ScanReport
from earmark.errors import CatalogueBusy, FileError

SETTLE = 5.0
"""Seconds that files are left alone before they are heard."""
STEP = 0.2  # seconds between two looks at what the system told
ABSENT = 5.0  # seconds between two looks for a folder that has gone
BUSY = 1.0  # seconds between two tries while another process writes

Scan = Callable[[list[str]], ScanReport]
Signature = tuple[int, int, int]


@dataclass
class Changes:
    """What has changed and was not scanned since.

    Parameters
    ----------
    settle : seconds that the files of a folder must have been still
    clock : seconds, ever growing
    """

    settle: float = SETTLE
    clock: Callable[[], float] = time.monotonic
    waiting: dict[str, dict[str, tuple[Signature, float]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def add(self, changes: Iterable[tuple[Change, str]]) -> None:
        """Note changed paths, as `watchfiles` gives them."""
        for change, path in changes:
            self.gone.discard(path)
            if change == Change.deleted and not os.path.lexists(path):
                self.gone.add(path)
            folder = path if os.path.isdir(path) else os.path.dirname(path)
            self.waiting.setdefault(folder, {})[path] = signature(path), self.clock()

    def ready(self) -> list[str]:
        """The folders to scan now, none inside of another; they wait no longer."""
        still = [folder for folder, paths in self.waiting.items() if self._is_still(paths)]
        for folder in still:
            del self.waiting[folder]
        there = {nearest_folder(folder) for folder in still}
        return sorted(folder for folder in there if not is_below(folder, there - {folder}))

    def _is_still(self, paths: dict[str, tuple[Signature, float]]) -> bool:
        now = self.clock()
        for path, (before, _) in list(paths.items()):
            if (found := signature(path)) != before:  # a network drive tells the first change alone
                paths[path] = found, now
        return all(now - since >= self.settle for _, since in paths.values())

    def witnessed(self, paths: Iterable[str]) -> list[str]:
        """Those of `paths` that were seen to go, themselves or with their folder; they are not told again."""
        found = [path for path in paths if is_below(path, self.gone)]
        self.gone.clear()
        return found


def signature(path: str) -> Signature:
    """What tells whether a file, or all that lies in a folder, is still being written: sizes, latest time, how many."""
    try:
        if not os.path.isdir(path):
            found = os.stat(path)
            return found.st_size, found.st_mtime_ns, 1
        inner = [os.stat(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names]
    except OSError:
        return 0, 0, 0
    return sum(i.st_size for i in inner), max((i.st_mtime_ns for i in inner), default=0), len(inner)


def nearest_folder(path: str) -> str:
    """The path itself, or the nearest folder above it that is there."""
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def is_of_interest(path: str, roots: Iterable[str], skip: Path) -> bool:
    """Whether a scan could care about a change: it lies in a watched folder, is not hidden, nor of the catalogue."""
    root = next((root for root in roots if is_below(path, [root])), None)
    if root is None or is_below(path, [str(skip)]):
        return False
    parts = Path(path).relative_to(root).parts
    if not parts:
        return True
    hidden = any(folder_reason(part) for part in parts[:-1])
    return not hidden and (parts[-1] == IGNORE_FILE or not file_reason(parts[-1]))


def follow(
    store: Store,
    folders: list[str],
    scan: Scan,
    settle: float = SETTLE,
    polling: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[ScanReport]:
    """Scan folders, then again what changes in them, until `stop` is set; the report of every scan.

    Parameters
    ----------
    folders : absolute
    scan : what brings the catalogue up to date with some folders
    settle : seconds that files are left alone before they are heard
    polling : look at all files again and again; for drives of other machines, whose changes the system does not tell
    stop : ends it; a scan at work is ended by a signal, see `earmark.engine.signals`

    Raises
    ------
    FileError : a folder is not there at the beginning; later it is waited for
    """
    stop = stop or threading.Event()
    check_folders(folders)
    while not stop.is_set():
        if not all(os.path.isdir(folder) for folder in folders):  # a disk that was taken out
            stop.wait(ABSENT)
            continue
        yield from _while_there(store, folders, scan, Changes(settle), polling, stop)


def _while_there(store, folders, scan, changes: Changes, polling: bool, stop: threading.Event) -> Iterator[ScanReport]:
    """Until one of the folders is gone, or the end."""
    skip = Path(os.path.abspath(str(store.path)))  # an address is a path where nothing is
    told = watch(
        *folders, watch_filter=lambda change, path: is_of_interest(path, folders, skip), stop_event=stop,
        rust_timeout=round(1000 * STEP), yield_on_timeout=True, force_polling=polling, ignore_permission_denied=True,
    )  # fmt: skip
    changes.add(next(told, ()))  # from here on nothing is missed
    report = _scan_again(scan, folders, stop)
    if report is not None:
        yield _unless_interrupted(report, stop)
    while not stop.is_set():
        changes.add(next(told, ()))
        if not all(os.path.isdir(folder) for folder in folders):
            return
        if (ready := changes.ready()) and (report := _scan_again(scan, ready, stop)):
            store.refresh()
            gone = changes.witnessed(report.gone)
            store.forget(gone)
            yield _unless_interrupted(replace(report, gone=sorted(set(report.gone) - set(gone))), stop)


def _unless_interrupted(report: ScanReport, stop: threading.Event) -> ScanReport:
    if report.interrupted:
        stop.set()
    return report


def _scan_again(scan: Scan, folders: list[str], stop: threading.Event) -> ScanReport | None:
    """The report of a scan; it waits while another process writes. None where a folder has gone in this moment."""
    while not stop.is_set():
        try:
            return scan(folders)
        except FileError:
            return None
        except CatalogueBusy:
            stop.wait(BUSY)
    return None
