"""Folder -> catalogue: find, skip what is known, listen in parallel, write in batches, survive anything."""

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from earmark.analysis import Analysis, join_versions, versions
from earmark.audio.discover import Found, Problem, find_audio
from earmark.catalogue.store import CatalogueStore, FileState
from earmark.engine.worker import Request, Worker
from earmark.errors import CatalogueError, EarmarkError
from earmark.settings import MAX_SECONDS, TIME_LIMIT
from earmark.tagger.model import Model

FLUSH_TRACKS = 64  # what a kill can cost: at most so many tracks of work,
FLUSH_SECONDS = 5.0  # or so many seconds of it, have to be done again


@dataclass(frozen=True, slots=True)
class Event:
    """One file is done: told to the progress display."""

    file: Found
    state: FileState
    analysis: Analysis | None = None


@dataclass
class ScanReport:
    """What a scan did.

    Attributes
    ----------
    found : sound files in the folders
    unchanged : known from before and skipped
    analysed : listened to now
    recognised : new paths of audio that was known: moved, copied or retagged files
    failed : failures in these folders now, old ones that did not change included
    gone : paths in the catalogue, below these folders, that are no longer there
    removed : tracks dropped by ``prune``
    audio_seconds, seconds : of sound listened to, of wall clock
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
    max_seconds : of each track that are listened to
    prune : drop paths that are gone, and tracks that no path leads to any more
    retry : try again what failed before, though it did not change
    keep_earprints : keep every track's spectrogram in the catalogue, so that later versions need no audio
    worker_command : another worker program, for tests
    """

    workers: int | None = None
    time_limit: float = TIME_LIMIT
    max_seconds: float = MAX_SECONDS
    prune: bool = False
    retry: bool = False
    keep_earprints: bool = False
    worker_command: list[str] | None = None


DEFAULT_OPTIONS = ScanOptions()


def scan(
    store: CatalogueStore,
    folders: list[str | os.PathLike],
    model: Model,
    model_name: str = "default",
    options: ScanOptions = DEFAULT_OPTIONS,
    on_start: Callable[[int, list[Found]], None] = lambda unchanged, todo: None,
    on_event: Callable[[Event], None] = lambda event: None,
) -> ScanReport:
    """Bring the catalogue up to date with `folders`.

    Files that are known and unchanged are skipped; every other file ends as a track or as a failure with its cause.
    Ctrl-C keeps what is done and returns a report that says so.

    Raises
    ------
    AudioError : a folder does not exist
    CatalogueError : another scan is at work on this catalogue
    """
    lock = FileLock(store.path / "scan.lock")
    try:
        with lock.acquire(timeout=0):
            return _Scan(store, folders, model, model_name, options).run(on_start, on_event)
    except Timeout:
        raise CatalogueError(store.path, "another scan is at work on it", "Wait until it has finished.") from None


class _Scan:
    def __init__(self, store: CatalogueStore, folders, model: Model, model_name: str, options: ScanOptions) -> None:
        self.store, self.folders, self.model, self.options = store, folders, model, options
        self.current = versions(model)
        self.stamp = join_versions(self.current)
        self.report = ScanReport()
        store.set_model(model, model_name)
        self.known_files = store.files()
        self.known = store.versions()  # track_id -> versions; grows while the scan runs, so that copies are heard once
        self.known_sizes = {state.size for state in self.known_files.values()}
        self.events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.analyses: list[Analysis] = []
        self.states: list[FileState] = []
        self.flushed_at = time.monotonic()

    def run(self, on_start, on_event) -> ScanReport:
        began = time.monotonic()
        found = find_audio(self.folders, self.store.path, self._note_problem)
        todo = [file for file in found if not self._is_known(file)]
        self.report.found = len(found)
        self.report.unchanged = len(found) - len(todo)
        on_start(self.report.unchanged, todo)
        with self._ctrl_c_ends_the_listening():
            for event in self._listen(todo):
                self._take(event)
                on_event(event)
            self._flush()
            self._settle({file.path for file in found})
        self.report.seconds = time.monotonic() - began
        return self.report

    @contextmanager
    def _ctrl_c_ends_the_listening(self) -> Iterator[None]:
        """Ctrl-C wakes the loop and ends it, in place of an exception that could strike inside the store.

        Pressed a second time, it is an exception again.
        """
        if threading.current_thread() is not threading.main_thread():  # signals are the main thread's alone
            yield
            return
        before = signal.getsignal(signal.SIGINT)

        def stop(*_) -> None:
            signal.signal(signal.SIGINT, before)
            self.report.interrupted = True
            self.events.put(None)  # SimpleQueue may be used in a signal handler

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _is_known(self, file: Found) -> bool:
        state = self.known_files.get(file.path)
        if state is None or (state.size, state.mtime_ns) != (file.size, file.mtime_ns):
            return False
        if state.track_id is None:
            return not self.options.retry and state.stamp == self.stamp
        return not self._stale(state.track_id)

    def _stale(self, track_id: str) -> frozenset[str]:
        """The parts of a track that this version of earmark, or this model, would answer otherwise."""
        stored = self.known.get(track_id, {})
        return frozenset(part for part, version in self.current.items() if stored.get(part) != version)

    def _note_problem(self, problem: Problem) -> None:
        path, what, remedy = problem
        self.states.append(FileState(path, 0, 0, self.stamp, None, what, remedy))

    def _listen(self, todo: list[Found]) -> Iterator[Event]:
        """Events in the order in which files are done, from as many workers as wanted."""
        tasks: queue.SimpleQueue = queue.SimpleQueue()
        for file in sorted(todo, key=lambda file: -file.size):  # long ones first: none is left to one worker at the end
            tasks.put(file)
        n = min(self.options.workers or os.cpu_count() or 1, len(todo))
        workers = [self._make_worker() for _ in range(n)]
        threads = [threading.Thread(target=self._attend, args=(w, tasks), daemon=True) for w in workers]
        for thread in threads:
            thread.start()
        try:
            for _ in todo:
                event = self.events.get()
                if event is None:
                    return
                yield event
        finally:
            for worker in workers:
                worker.close()

    def _make_worker(self) -> Worker:
        options = self.options
        return Worker(self.model.path, options.time_limit, options.max_seconds, options.worker_command)

    def _attend(self, worker: Worker, tasks: queue.SimpleQueue) -> None:
        """One thread a worker: hand it files until there are none."""
        while True:
            try:
                file = tasks.get_nowait()
            except queue.Empty:
                return
            self.events.put(self._process(worker, file))

    def _process(self, worker: Worker, file: Found) -> Event:
        try:
            track_id = self._identify(worker, file)
            parts = self._stale(track_id)
            if not parts:
                return Event(file, self._state(file, track_id))
            # A track that lacks everything is asked for as a whole.
            wanted = None if len(parts) == len(self.current) else parts
            analysis = worker.ask(Request(file.path, wanted, track_id, self._earprints()))
            return Event(file, self._state(file, analysis.track_id), analysis)
        except EarmarkError as error:
            state = FileState(file.path, file.size, file.mtime_ns, self.stamp, None, error.problem, error.remedy)
            return Event(file, state)

    def _identify(self, worker: Worker, file: Found) -> str | None:
        """The track_id of a file that may be known: unchanged, moved, copied or retagged; None of one that is new."""
        state = self.known_files.get(file.path)
        if state and state.track_id and (state.size, state.mtime_ns) == (file.size, file.mtime_ns):
            return state.track_id
        if state or file.size in self.known_sizes:
            return worker.ask(Request(file.path, frozenset()))
        return None

    def _earprints(self) -> str | None:
        folder = self.store.earprint_path("").parent
        return str(folder) if self.options.keep_earprints or folder.exists() else None

    def _state(self, file: Found, track_id: str) -> FileState:
        return FileState(file.path, file.size, file.mtime_ns, self.stamp, track_id)

    def _take(self, event: Event) -> None:
        self.states.append(event.state)
        # Two copies may be heard at the same moment by two workers; the second is no new track.
        if event.analysis is not None and self._stale(event.state.track_id):
            self.analyses.append(event.analysis)
            self.known[event.state.track_id] = self.known.get(event.state.track_id, {}) | event.analysis.versions
            self.known_sizes.add(event.file.size)
            self.report.analysed += 1
            self.report.audio_seconds += event.analysis.analysed
        elif event.state.track_id is not None:
            self.report.recognised += 1
        if len(self.states) >= FLUSH_TRACKS or time.monotonic() - self.flushed_at > FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        self.store.write(self.analyses, self.states, self.model.tagset)
        self.analyses, self.states = [], []
        self.flushed_at = time.monotonic()

    def _settle(self, found: set[str]) -> None:
        """What is left to say once all files are done: failures, paths that are gone; and a tidy store."""
        roots = tuple(os.path.abspath(folder) for folder in self.folders)
        here = {path: state for path, state in self.store.files().items() if _is_below(path, roots)}
        self.report.failed = [here[path] for path in sorted(here) if here[path].track_id is None and _exists(path)]
        self.report.gone = [path for path in sorted(here) if path not in found and not _exists(path)]
        if self.options.prune and not self.report.interrupted:
            self.report.removed = self.store.forget(self.report.gone)
        self.store.tidy()


def _is_below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or Path(path).is_relative_to(root) for root in roots)


def _exists(path: str) -> bool:
    return os.path.lexists(path)
