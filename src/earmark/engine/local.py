"""Tasks in processes of this machine: one plain subprocess a worker, with one thread that talks to it.

A crash ends one process and costs one file. A hang is ended from outside by a timer here, and from inside by an alarm
should the scan itself be gone. Pools of the standard library cannot name the file that killed a worker, and break as a
whole.
"""

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from earmark.engine.protocol import Failed, Limits, Reply, Task

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
COMMAND = (sys.executable, "-m", "earmark.engine.worker")
SUSPECT = "The file is damaged or hostile: convert it with another program, or remove it."
START_LIMIT = 300.0  # seconds that a worker may take to start, on a machine that is busy
STOPPED = "the scan was stopped", "Run it again: it goes on from there."


class LocalExecutor:
    """An `Executor` of `n_workers` processes, each started when it is first needed and again after it died.

    Parameters
    ----------
    model_path : the model file
    limits : a process that is silent for longer is killed
    command : what to start, for tests of decoders that crash
    """

    def __init__(self, model_path: Path, n_workers: int, limits: Limits, command: tuple[str, ...] = COMMAND) -> None:
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self.capacity = 2 * n_workers  # each has its next task at hand while the scan writes
        self._workers = [WorkerProcess(model_path, limits, command) for _ in range(n_workers)]
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

    def __init__(self, model_path: Path, limits: Limits, command: tuple[str, ...] = COMMAND) -> None:
        self._command = [*command, str(model_path), str(limits.time_limit), str(limits.max_seconds)]
        self._limit = 1.2 * limits.time_limit + 5  # the process gives up by itself before that, unless it hangs
        self._process: subprocess.Popen | None = None
        self._closed = False

    def ask(self, task: Task) -> Reply:
        """Send one task and wait; a crash or a hang becomes the `Failed` that stands for it."""
        if self._closed:
            return Failed(task.path, *STOPPED)
        process, hung = self._process, threading.Event()
        try:
            if process is None:
                process = self._start()
                with _killed_after(START_LIMIT, process, hung):
                    pickle.load(process.stdout)  # it says that it is ready: a slow start is not the file's fault
            with _killed_after(self._limit, process, hung):
                pickle.dump(task, process.stdin)
                process.stdin.flush()
                return pickle.load(process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # ValueError: the pipe was closed under it
            return self._cause_of_death(process, task.path, hung.is_set())

    def _start(self) -> subprocess.Popen:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD,
        )
        return self._process

    def _cause_of_death(self, process: subprocess.Popen, path: str, hung: bool) -> Failed:
        code = process.wait()
        self._process = None
        if self._closed:
            return Failed(path, *STOPPED)
        if hung:
            return Failed(path, f"its decoder hung and was stopped after {self._limit:.0f} s", SUSPECT)
        return Failed(path, f"its decoder crashed ({_name_of(code)})", SUSPECT)

    def close(self) -> None:
        """End the process; one that is at work is killed."""
        self._closed = True
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # a task may still lie in its buffer
                    pipe.close()


@contextlib.contextmanager
def _killed_after(seconds: float, process: subprocess.Popen, hung: threading.Event) -> Iterator[None]:
    """Kill the process unless the block ends in time; `hung` tells that it was so."""

    def give_up() -> None:
        hung.set()
        process.kill()

    timer = threading.Timer(seconds, give_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _name_of(code: int) -> str:
    """An exit code in words: the signal that killed the process, or the number."""
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"signal {-code}"
