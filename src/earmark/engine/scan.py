"""Folders -> catalogue: find sound files, plan, have them analysed, write. It survives kills and goes on later."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from earmark.analysis import Analysis, versions
from earmark.audio.addresses import place_of
from earmark.audio.discover import Problem, Rules, SoundFile
from earmark.audio.fileinfo import FileInfo
from earmark.audio.remote.find import find_everywhere
from earmark.audio.remote.lists import folders_of, read_list
from earmark.catalogue.files import FileState
from earmark.catalogue.lock import locked
from earmark.catalogue.store import Store
from earmark.engine.earprints import Earprints
from earmark.engine.executor import Executor
from earmark.engine.gone import Seen, settle
from earmark.engine.limits import Limits
from earmark.engine.local import LocalExecutor
from earmark.engine.plan import Known, Plan, Wanted, first_task, make_plan, outdated, task_after
from earmark.engine.protocol import Analysed, Failed, Identified, Reply, Task
from earmark.engine.report import Prune, ScanReport
from earmark.engine.sampling import find_altered
from earmark.engine.signals import woken_by_signals
from earmark.engine.writer import Writer
from earmark.errors import ClusterLost
from earmark.progress import Progress, silent
from earmark.settings import MAX_SECONDS, TIME_LIMIT, WORKER_MEMORY, cores
from earmark.tagger.model import Model

TRY_AGAIN = ""  # versions of a failure that says nothing of its file: they are never those that a scan wants
STAGE = "analysing"  # the stage that progress is told of, counted in bytes of the files


@dataclass(frozen=True)
class ScanOptions:
    """How to scan.

    Attributes
    ----------
    workers : processes; None is one a core
    time_limit : seconds of wall clock that one file may take at most; a short one has less, see `Limits.hearing`
    max_seconds : of each track that are analysed
    prune : drop paths that are gone, and tracks that no path leads to any more, but not where a folder is missing or
        has lost more than half of its files at once; ``"force"``: even then
    reread : read the tags of every file again, whatever its size and time
    reanalyze : hear the sound of every file again, too
    retry : try again what failed before, though it did not change
    keep_earprints : keep every track's spectrogram in the catalogue, so that later versions need no audio
    exclude : patterns of ``.gitignore``, relative to each folder, for what is left out
    include_video : analyse the sound of videos too
    worker_memory : bytes that a worker may have in memory
    lists : files that list addresses, see `earmark.audio.remote.lists`
    engine : ``local``: processes of this machine; ``ray``: those of a Ray cluster
    address : of the cluster, ``auto`` for one that runs here; None starts Ray on this machine alone
    """

    workers: int | None = None
    time_limit: float = TIME_LIMIT
    max_seconds: float = MAX_SECONDS
    prune: Prune = False
    retry: bool = False
    reread: bool = False
    reanalyze: bool = False
    keep_earprints: bool = False
    exclude: tuple[str, ...] = ()
    include_video: bool = False
    worker_memory: int = WORKER_MEMORY
    lists: tuple[str | os.PathLike, ...] = ()
    engine: Literal["local", "ray"] = "local"
    address: str | None = None

    @property
    def rules(self) -> Rules:
        """What is taken of the folders."""
        return Rules(self.exclude, self.include_video)

    @property
    def limits(self) -> Limits:
        """What one file may cost."""
        return Limits(self.time_limit, self.max_seconds, self.worker_memory)


DEFAULT_OPTIONS = ScanOptions()


def scan(
    store: Store,
    folders: Sequence[str | os.PathLike],
    model: Model,
    model_name: str = "default",
    options: ScanOptions = DEFAULT_OPTIONS,
    progress: Progress = silent,
    executor: Executor | None = None,
) -> ScanReport:
    """Bring the catalogue up to date with `folders`.

    Files that are known and unchanged are skipped; every other file ends as a track or as a failure with its cause.
    Ctrl-C, SIGTERM and SIGHUP keep what is done and return a report that says so; a second one is not waited for.

    Parameters
    ----------
    model_name : the name that the model is found by later, to analyse a file that the catalogue does not hold
    executor : where the files are analysed; processes of this machine by default. It is closed at the end.

    Raises
    ------
    FileError : a folder does not exist, or an address cannot be listed
    DataError : a list of addresses is none
    ConfigError : an exclusion is no pattern
    CatalogueError : another scan is at work on this catalogue
    MissingPackage, ClusterLost : of a scan on a cluster; what is done is kept
    """
    with locked(store.path, lambda what, share: progress(what, share, 1)):
        return _scan(store, folders, model, model_name, options, progress, executor)


def _scan(store, folders, model, model_name, options, progress, executor) -> ScanReport:
    began = time.monotonic()
    store.migrate(lambda what, share: progress(what, share, 1))
    store.reconcile()
    store.set_model(model, model_name)
    entries = [entry for path in options.lists for entry in read_list(path)]
    roots = [*map(place_of, folders), *folders_of(entries)]
    earprints = Earprints(store.earprints, options.keep_earprints, options.engine == "ray")
    wanted, writer = _wanted(model, options, earprints.folder), Writer(store)
    known = Known(store.seen(roots), store.versions(), sizes=store.sizes())
    problems: list[Problem] = []
    own = Path(store.path) if store.path.is_local else None
    search = find_everywhere(folders, own, problems.append, options.rules, entries)
    found = search.files
    known.altered = find_altered(found, known)
    for problem in problems:
        writer.add(_state_of_problem(problem, wanted))
    plan = make_plan(found, known, wanted)
    report = ScanReport(found=len(found) + len(problems), unchanged=plan.unchanged, left_out=search.left_out)
    executor = executor or _executor(model, model_name, options, len(plan.files))
    run = _Run({file.path: file for file in found}, known, wanted, writer, report, progress, executor, earprints)
    with store.alone():
        run.through(plan)
    known.files = {}  # `settle` reads what there is by now; there may be millions
    paths = run.files.keys() | {problem.path for problem in problems}
    seen = Seen(roots, paths, search.unread, run.arrived, search.passed)
    settle(store, seen, options.prune, report)
    store.renew_taught()
    store.tidy()
    report.seconds = time.monotonic() - began
    return report


def _executor(model: Model, model_name: str, options: ScanOptions, n_files: int) -> Executor:
    """Where the files are analysed; no cluster is asked where there is nothing to do."""
    if options.engine == "ray" and n_files:
        from earmark.engine.cluster import RayExecutor

        return RayExecutor(model, model_name, options.workers, options.limits, options.address)
    return LocalExecutor(model, min(options.workers or cores(), n_files), options.limits)


def _wanted(model: Model, options: ScanOptions, earprints: str | None) -> Wanted:
    return Wanted(versions(model), options.retry, options.reread, options.reanalyze, earprints)


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
    executor: Executor
    earprints: Earprints
    heard: set[str] = field(default_factory=set)  # track_ids that were analysed
    arrived: set[str] = field(default_factory=set)  # track_ids that were found at a new path
    under_way: int = 0
    aside: dict[str, bool] = field(default_factory=dict)  # path -> whether it waits for, or has had, its second try

    def through(self, plan: Plan) -> None:
        """Have every task of the plan done, and what follows from it."""
        tally, waiting = _Tally(self.progress, self.report, plan.files), iter(plan.files)
        with woken_by_signals(self._stop):
            try:
                for _ in range(self.executor.capacity):
                    self._go_on(waiting)
                while tally.left and (reply := self.executor.wait()) is not None:
                    self.under_way -= 1
                    if self._take(reply):
                        tally.count(self.files[reply.path])
                    self._go_on(waiting)
            except ClusterLost:
                self.writer.flush()
                raise
            finally:
                self.executor.close()
                self.earprints.close()
            self.writer.flush()
        self.report.left = tally.left
        self._take_back()

    def _stop(self) -> None:
        self.report.interrupted = True
        self.executor.wake()

    def _submit(self, task: Task) -> None:
        self.under_way += 1
        self.earprints.bring(task)
        self.executor.submit(task)

    def _go_on(self, waiting: Iterator[SoundFile]) -> None:
        """Fill the place that is free; at the end, what needs a second try has the machine to itself."""
        if self.under_way >= self.executor.capacity:
            return
        if (file := next(waiting, None)) is not None:
            self._submit(first_task(file, self.known, self.wanted))
        elif not self.under_way and (path := next((path for path, waits in self.aside.items() if waits), None)):
            self.aside[path] = False
            self._submit(first_task(self.files[path], self.known, self.wanted))

    def _take(self, reply: Reply) -> bool:
        """Whether its file is done."""
        match reply:
            case Identified(path, track_id, info):
                task = task_after(self.files[path], track_id, self.known, self.wanted)
                if task is not None:
                    self._submit(task)
                    return False
                self._note(path, track_id, info)
            case Analysed(path, analysis, info):
                self.earprints.keep(analysis.track_id)
                self._note(path, analysis.track_id, info, analysis)
            case Failed(path, again=True) if path not in self.aside:
                self.aside[path] = True
                return False
            case Failed(path, problem, remedy, again):
                state = self._state(path, problem=problem, remedy=remedy)
                self.writer.add(replace(state, versions=TRY_AGAIN) if again else state)
        return True

    def _state(self, path: str, **outcome) -> FileState:
        """The file as it was found, with what came of it."""
        file = self.files[path]
        return FileState(path, file.size, file.mtime_ns, self.wanted.text, **outcome)

    def _note(self, path: str, track_id: str, info: FileInfo, analysis: Analysis | None = None) -> None:
        """A file that leads to a track. Two copies may be analysed at the same moment; the second is no new track."""
        state = self._state(path, track_id=track_id, info=info)
        if analysis is not None and self._is_news(track_id):
            self._note_analysis(state, analysis)
            return
        if self._led_there_before(state):
            self.report.reread += 1
        else:
            self.report.recognised += 1
            self.arrived.add(track_id)
        self.writer.add(state)

    def _take_back(self) -> None:
        """What could not be written is none of what was counted: it is among the failures."""
        for state, analysis in self.writer.refused:
            if analysis is not None:
                self.report.analysed -= 1
                self.report.audio_seconds -= analysis.analysed
            elif self._led_there_before(state):
                self.report.reread -= 1
            else:
                self.report.recognised -= 1

    def _led_there_before(self, state: FileState) -> bool:
        before = self.known.files.get(state.path)
        return before is not None and before.track_id == state.track_id

    def _is_news(self, track_id: str) -> bool:
        again = self.wanted.reanalyze and track_id not in self.heard
        return again or bool(outdated(track_id, self.known, self.wanted))

    def _note_analysis(self, state: FileState, analysis: Analysis) -> None:
        self.heard.add(analysis.track_id)
        self.known.versions[analysis.track_id] = self.known.versions.get(analysis.track_id, {}) | analysis.versions
        self.known.sizes.add(state.size)
        self.report.analysed += 1
        self.report.warned += bool(analysis.warnings)
        self.report.audio_seconds += analysis.analysed
        self.writer.add(state, analysis)


class _Tally:
    """How far a scan is, in bytes, which foretell the time better than files; tells it to `progress`."""

    def __init__(self, progress: Progress, report: ScanReport, todo: Sequence[SoundFile]) -> None:
        self._progress, self._report, self._began = progress, report, time.monotonic()
        self._n, self.left = len(todo), len(todo)
        self._bytes, self._total = 0, sum(file.size for file in todo) or 1
        self._tell(f"{self._n} files to listen to, {report.unchanged} known")

    def count(self, file: SoundFile) -> None:
        """One more file is done."""
        self.left -= 1
        self._bytes += file.size
        seconds = max(time.monotonic() - self._began, 1e-3)
        done = self._n - self.left
        rate = f"{60 * done / seconds:.0f} tracks/min, {self._report.audio_seconds / seconds:.0f} x real time"
        self._tell(f"{done}/{self._n} files, {rate}")

    def _tell(self, note: str) -> None:
        with suppress(OSError):  # a terminal that was closed costs nothing that is done
            self._progress(STAGE, self._bytes, self._total, note)
