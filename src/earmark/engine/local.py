"""Tasks in processes of this machine: one plain subprocess a worker, with one thread that talks to it.

A crash ends one process and costs one file. Too much time or memory is noticed from outside by a `Watch`; time from
inside too, should the scan itself be gone. Pools of the standard library cannot name the file that killed a worker, and
break as a whole.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading

from earmark.audio.addresses import is_address
from earmark.engine.limits import GRACE, Limits
from earmark.engine.protocol import Failed, Heard, Identify, Opened, Reply, Task
from earmark.engine.signals import ENDING
from earmark.engine.watch import Watch
from earmark.engine.wire import WireError, decode_answer, receive, send
from earmark.tagger.model import Model

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
COMMAND = (sys.executable, "-m", "earmark.engine.worker")
SUSPECT = "The file is damaged or hostile: convert it with another program, or remove it."
SLOW = "Check that it plays; on a slow disk or computer give it more with `--time-limit`."
LARGE = "Allow more with `--worker-memory`, if you trust the file."
LATER = "Scan again when more memory is free, or with fewer `--workers`."
START_LIMIT = 300.0  # seconds that a worker may take to start, on a machine that is busy
STOPPED = "the scan was stopped", "Run it again: it goes on from there."
FROM_OUTSIDE = {*ENDING, getattr(signal, "SIGKILL", None)}  # no decoder ends itself by one of these


class LocalExecutor:
    """An `Executor` of `n_workers` processes, each started when it is first needed and again after it died.

    Parameters
    ----------
    model : that the processes load
    limits : a process that takes more than they allow is killed
    command : what to start, for tests of decoders that crash
    """

    def __init__(self, model: Model, n_workers: int, limits: Limits, command: tuple[str, ...] = COMMAND) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self.capacity = 2 * n_workers  # each has its next task at hand while the scan writes
        self._workers = [WorkerProcess(model, limits, command) for _ in range(n_workers)]
        for worker in self._workers:
            threading.Thread(target=self._attend, args=(worker,), daemon=True).start()

    def _attend(self, worker: "WorkerProcess") -> None:
        """One thread a worker: hand it tasks until there are no more to come."""
        while (task := self._tasks.get()) is not None:
            self._replies.put(worker.ask(task))

    def submit(self, task: Task) -> None:
        """Add a task."""
        self._tasks.put(task)

    def wait(self) -> Reply | None:
        """The next reply; None after `wake`."""
        return self._replies.get()

    def wake(self) -> None:
        """Let `wait` return None; a SimpleQueue may be used in a signal handler."""
        self._replies.put(None)

    def close(self) -> None:
        """Kill the processes; their threads end with them."""
        for worker in self._workers:
            worker.close()
            self._tasks.put(None)


class WorkerProcess:
    """One process of `earmark.engine.worker`, seen from the scan."""

    def __init__(self, model: Model, limits: Limits, command: tuple[str, ...] = COMMAND) -> None:
        values = (limits.time_limit, limits.max_seconds, limits.worker_memory)
        self._command = [*command, str(model.path), *map(str, values)]
        self._model, self._limits = model, limits
        self._process: subprocess.Popen | None = None
        self._watch: Watch | None = None
        self._n_done = 0  # tasks of this process, which may have left something in its memory
        self._closed = False

    def ask(self, task: Task) -> Reply:
        """Send one task and wait; a crash, a hang or nonsense becomes the `Failed` that stands for it."""
        if self._closed:
            return Failed(task.path, *STOPPED)
        process, ready = self._process, self._process is not None
        try:
            if not ready:
                process = self._start()
                decode_answer(receive(process.stdout), None, self._model)  # a slow start is not the file's fault
                ready = True
            return self._done(process, self._converse(process, task))
        except (EOFError, OSError, ValueError) as error:  # ValueError: the pipe was closed under it
            if process is None:
                return Failed(task.path, f"no worker could be started ({error})", LATER, again=True)
            return self._after_death(process.wait(), task, ready)
        except WireError as error:
            self._end(process)
            return Failed(task.path, f"its decoder has a fault or was taken over: it sent {error}", SUSPECT)

    def _start(self) -> subprocess.Popen:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(self._command, env=os.environ | ONE_THREAD, **pipes)
        self._process, self._watch, self._n_done = process, Watch(process, self._limits.worker_memory), 0
        self._watch.begin(START_LIMIT, START_LIMIT)
        if self._closed:  # meanwhile
            process.kill()
        return process

    def _converse(self, process: subprocess.Popen, task: Task) -> Reply:
        """Send the task and read until its reply comes; each piece of news, in its order, gives it another limit."""
        size, far, expected = (
            _size_of(task),
            is_address(task.path),
            [] if isinstance(task, Identify) else [Opened, Heard],
        )
        self._watch.begin(self._limits.opening(size, far) + GRACE, self._limits.time_limit + GRACE)
        send(process.stdin, task)
        while True:
            answer = decode_answer(receive(process.stdout), task, self._model)
            if not isinstance(answer, Opened | Heard):
                return answer
            if type(answer) not in expected:
                raise WireError("news that was told before")
            del expected[: expected.index(type(answer)) + 1]
            self._watch.allow(self._allowance(answer, size, far) + GRACE)

    def _allowance(self, news: Opened | Heard, size: int, far: bool) -> float:
        return self._limits.hearing(size, news.seconds, far) if isinstance(news, Opened) else self._limits.time_limit

    def _done(self, process: subprocess.Popen, reply: Reply) -> Reply:
        self._n_done += 1
        self._watch.rest()
        if self._watch.verdict:  # it was killed just after it replied
            self._end(process)
        return reply

    def _after_death(self, code: int, task: Task, ready: bool) -> Reply:
        self._process = None
        if self._closed:
            return Failed(task.path, *STOPPED)
        if self._watch.verdict == "memory" and self._n_done:  # what earlier files left there is not this one's fault
            return self.ask(task)
        return self._cause_of_death(code, task.path) if ready else self._cause_of_no_start(code, task.path)

    def _cause_of_death(self, code: int, path: str) -> Failed:
        if self._watch.verdict == "memory":
            return Failed(path, f"needed more than {self._limits.worker_memory / 1e9:g} GB of memory", LARGE)
        if self._watch.verdict == "time":
            return Failed(path, f"its decoder hung and was stopped after {self._watch.seconds:.0f} s", SLOW)
        if -code in FROM_OUTSIDE:
            return Failed(path, f"killed from outside ({_name_of(code)}), perhaps for lack of memory", LATER, True)
        return Failed(path, f"its decoder crashed ({_name_of(code)})", SUSPECT)

    def _cause_of_no_start(self, code: int, path: str) -> Failed:
        """None of them is the fault of the file that waits."""
        if self._watch.verdict == "memory":
            limit = f"{self._limits.worker_memory / 1e9:g} GB"
            return Failed(path, f"a worker alone needs more than {limit} of memory", "Raise `--worker-memory`.", True)
        return Failed(path, f"no worker could be started ({_name_of(code)})", LATER, again=True)

    def close(self) -> None:
        """End the process; one that is at work is killed."""
        self._closed = True
        if self._process is not None:
            self._end(self._process)

    def _end(self, process: subprocess.Popen) -> None:
        self._process = None
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # a task may still lie in its buffer
                pipe.close()


def _size_of(task: Task) -> int:
    if is_address(task.path):
        return task.size
    try:
        return os.path.getsize(task.path)
    except OSError:
        return 0  # the worker will say what is wrong with it


def _name_of(code: int) -> str:
    """An exit code in words: the signal that killed the process, or the number."""
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"signal {-code}"
