"""Folders -> catalogue: find sound files, plan, have them analysed, write. It survives kills and goes on later."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from earmark.analysis import Analysis, versions
from earmark.audio.discover import Problem, SoundFile, find_sound_files
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store
from earmark.engine.executor import Executor
from earmark.engine.local import LocalExecutor
from earmark.engine.plan import Known, Plan, Wanted, first_task, make_plan, outdated, task_after
from earmark.engine.protocol import Analysed, Failed, Identified, Limits, Reply
from earmark.engine.writer import Writer
from earmark.errors import CatalogueError
from earmark.progress import Progress, silent
from earmark.settings import MAX_SECONDS, TIME_LIMIT
from earmark.tagger.model import Model

STAGE = "analysing"  # the stage that progress is told of, counted in bytes of the files


@dataclass
class ScanReport:
    """What a scan did.

    Attributes
    ----------
    found : sound files in the folders
    unchanged : known from before and passed over
    analysed : tracks analysed now
    recognised : new paths of audio that was known: moved, copied or retagged files
    failed : failures in these folders now, old ones that did not change included
    gone : paths in the catalogue, below these folders, that are no longer there
    removed : tracks dropped by ``prune``
    audio_seconds, seconds : of sound analysed, of wall clock
    interrupted : stopped early; the next scan goes on from there
    """

    found: int = 0
    unchanged: int = 0
    analysed: int = 0
    recognised: int = 0
    failed: list[FileState] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    removed: int = 0
    audio_seconds: float = 0.0
    seconds: float = 0.0
    interrupted: bool = False


@dataclass(frozen=True)
class ScanOptions:
    """How to scan.

    Attributes
    ----------
    workers : processes; None is one a core
    time_limit : seconds of wall clock that one file may take
    max_seconds : of each track that are analysed
    prune : drop paths that are gone, and tracks that no path leads to any more
    retry : try again what failed before, though it did not change
    keep_earprints : keep every track's spectrogram in the catalogue, so that later versions need no audio
    """

    workers: int | None = None
    time_limit: float = TIME_LIMIT
    max_seconds: float = MAX_SECONDS
    prune: bool = False
    retry: bool = False
    keep_earprints: bool = False

    @property
    def limits(self) -> Limits:
        """What one file may cost."""
        return Limits(self.time_limit, self.max_seconds)


DEFAULT_OPTIONS = ScanOptions()


def scan(
    store: Store,
    folders: list[str | os.PathLike],
    model: Model,
    model_name: str = "default",
    options: ScanOptions = DEFAULT_OPTIONS,
    progress: Progress = silent,
    executor: Executor | None = None,
) -> ScanReport:
    """Bring the catalogue up to date with `folders`.

    Files that are known and unchanged are skipped; every other file ends as a track or as a failure with its cause.
    Ctrl-C keeps what is done and returns a report that says so.

    Parameters
    ----------
    model_name : the name that the model is found by later, to analyse a file that the catalogue does not hold
    executor : where the files are analysed; processes of this machine by default. It is closed at the end.

    Raises
    ------
    FileError : a folder does not exist
    CatalogueError : another scan is at work on this catalogue
    """
    lock = FileLock(store.path / "scan.lock")
    try:
        with lock.acquire(timeout=0):
            return _scan(store, folders, model, model_name, options, progress, executor)
    except Timeout:
        raise CatalogueError(store.path, "another scan is at work on it", "Wait until it has finished.") from None


def _scan(store, folders, model, model_name, options, progress, executor) -> ScanReport:
    began = time.monotonic()
    store.migrate()
    store.set_model(model, model_name)
    wanted, known = _wanted(store, model, options), Known(store.files(), store.versions())
    writer = Writer(store)
    found = find_sound_files(folders, store.path, lambda problem: writer.add(_state_of_problem(problem, wanted)))
    plan = make_plan(found, known, wanted)
    report = ScanReport(found=len(found), unchanged=plan.unchanged)
    n_workers = min(options.workers or os.cpu_count() or 1, len(plan.files))
    executor = executor or LocalExecutor(model.path, n_workers, options.limits)
    _Run({file.path: file for file in found}, known, wanted, writer, report, progress).through(plan, executor)
    _settle(store, folders, {file.path for file in found}, options, report)
    report.seconds = time.monotonic() - began
    return report


def _wanted(store: Store, model: Model, options: ScanOptions) -> Wanted:
    folder = store.earprint_path("").parent
    earprints = str(folder) if options.keep_earprints or folder.exists() else None
    return Wanted(versions(model), options.retry, earprints)


def _state_of_problem(problem: Problem, wanted: Wanted) -> FileState:
    return FileState(problem.path, 0, 0, wanted.text, None, problem.problem, problem.remedy)


@dataclass
class _Run:
    """The loop of one scan: replies come in, states and analyses go to the writer, follow-up tasks to the executor."""

    files: dict[str, SoundFile]
    known: Known
    wanted: Wanted
    writer: Writer
    report: ScanReport
    progress: Progress

    def through(self, plan: Plan, executor: Executor) -> None:
        """Have every task of the plan done, and what follows from it."""
        tally, waiting = _Tally(self.progress, self.report, plan.files), iter(plan.files)
        with _woken_by_ctrl_c(executor, self.report):
            try:
                for file in islice(waiting, executor.capacity):
                    executor.submit(first_task(file, self.known, self.wanted))
                while tally.left and (reply := executor.wait()) is not None:
                    if not self._take(reply, executor):
                        continue
                    tally.count(self.files[reply.path])
                    for file in islice(waiting, 1):
                        executor.submit(first_task(file, self.known, self.wanted))
            finally:
                executor.close()
            self.writer.flush()

    def _take(self, reply: Reply, executor: Executor) -> bool:
        """Whether its file is done."""
        match reply:
            case Identified(path, track_id):
                task = task_after(path, track_id, self.known, self.wanted)
                if task is not None:
                    executor.submit(task)
                    return False
                self._note(path, track_id)
            case Analysed(path, analysis):
                self._note(path, analysis.track_id, analysis)
            case Failed(path, problem, remedy):
                self.writer.add(self._state(path, problem=problem, remedy=remedy))
        return True

    def _state(self, path: str, **outcome: str) -> FileState:
        """The file as it was found, with what came of it."""
        file = self.files[path]
        return FileState(path, file.size, file.mtime_ns, self.wanted.text, **outcome)

    def _note(self, path: str, track_id: str, analysis: Analysis | None = None) -> None:
        """A file that leads to a track. Two copies may be analysed at the same moment; the second is no new track."""
        state = self._state(path, track_id=track_id)
        if analysis is None or not outdated(track_id, self.known, self.wanted):
            self.report.recognised += 1
            self.writer.add(state)
            return
        self.known.versions[track_id] = self.known.versions.get(track_id, {}) | analysis.versions
        self.known.sizes.add(state.size)
        self.report.analysed += 1
        self.report.audio_seconds += analysis.analysed
        self.writer.add(state, analysis)


class _Tally:
    """How far a scan is, in bytes, which foretell the time better than files; tells it to `progress`."""

    def __init__(self, progress: Progress, report: ScanReport, todo: Sequence[SoundFile]) -> None:
        self._progress, self._report, self._began = progress, report, time.monotonic()
        self._n, self.left = len(todo), len(todo)
        self._bytes, self._total = 0, sum(file.size for file in todo) or 1
        progress(STAGE, 0, self._total, f"{self._n} files to listen to, {report.unchanged} known")

    def count(self, file: SoundFile) -> None:
        """One more file is done."""
        self.left -= 1
        self._bytes += file.size
        seconds = max(time.monotonic() - self._began, 1e-3)
        done = self._n - self.left
        rate = f"{60 * done / seconds:.0f} tracks/min, {self._report.audio_seconds / seconds:.0f} x real time"
        self._progress(STAGE, self._bytes, self._total, f"{done}/{self._n} files, {rate}")


@contextmanager
def _woken_by_ctrl_c(executor: Executor, report: ScanReport) -> Iterator[None]:
    """Ctrl-C wakes the loop and ends it, in place of an exception that could strike inside the store.

    Pressed a second time, it is an exception again.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's alone
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(*_) -> None:
        signal.signal(signal.SIGINT, before)
        report.interrupted = True
        executor.wake()

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _settle(store: Store, folders: list, found: set[str], options: ScanOptions, report: ScanReport) -> None:
    """What is left to say once all files are done: failures, paths that are gone; and a tidy store."""
    roots = tuple(os.path.abspath(folder) for folder in folders)
    here = {path: state for path, state in store.files().items() if _is_below(path, roots)}
    report.failed = [here[path] for path in sorted(here) if here[path].track_id is None and os.path.lexists(path)]
    report.gone = [path for path in sorted(here) if path not in found and not os.path.lexists(path)]
    if options.prune and not report.interrupted:
        report.removed = store.forget(report.gone)
    store.tidy()


def _is_below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or Path(path).is_relative_to(root) for root in roots)
