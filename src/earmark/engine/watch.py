"""A look at a process from outside: it is killed when it takes too long or too much memory.

Time is what the process itself takes: at work on a core, or asleep. Waiting for a core on a busy machine is not its
fault and does not count, but for a bound by the clock on the wall. (Linux tells the two apart; where a system calls
every process running, one that is asleep is ended by the wall clock alone.)

The resident size is watched, not the address space (RLIMIT_AS): networks and decoders map much that they never touch,
and where an allocation is refused they abort without a word.
"""

import math
import subprocess
import threading
import time
from typing import Literal

import psutil

EVERY = 0.05  # seconds between two looks; in that time a process can take a few hundred MB more
MOST_ASLEEP = 0.2  # seconds that count where it is found asleep; a look may be late on a busy machine

Verdict = Literal["time", "memory"]


class Watch:
    """Watches one process until it ends.

    Parameters
    ----------
    memory : bytes that it may have in memory

    Attributes
    ----------
    verdict : why it was killed here; None where it was not
    seconds : what it was allowed last
    """

    def __init__(self, process: subprocess.Popen, memory: float) -> None:
        self.verdict: Verdict | None = None
        self.seconds = self._end = math.inf
        self._spent = self._at_work = 0.0
        self._looked = time.monotonic()
        self._process, self._memory, self._lock = process, memory, threading.Lock()
        threading.Thread(target=self._look_on, daemon=True).start()

    def begin(self, seconds: float, most: float) -> None:
        """A task begins: the process is killed when it has taken `seconds` itself, or `most` have passed."""
        with self._lock:
            self._spent, self._end = 0.0, time.monotonic() + most
            self.seconds = seconds

    def allow(self, seconds: float) -> None:
        """It may take so long since `begin` instead."""
        with self._lock:
            self.seconds = seconds

    def rest(self) -> None:
        """The task is done. Where `verdict` is None afterwards, the process was not killed in its last moment."""
        with self._lock:
            self.seconds = self._end = math.inf

    def _look_on(self) -> None:
        """Ends with the process, which is known to be the same one: nobody but `poll` takes its number away."""
        try:
            seen = psutil.Process(self._process.pid)
            while self._process.poll() is None:
                with self._lock, seen.oneshot():
                    self._count(seen)
                    self._judge(seen.memory_info().rss)
                time.sleep(EVERY)
        except psutil.Error:  # it has just ended
            return

    def _count(self, seen: psutil.Process) -> None:
        """Add what it has taken since the last look."""
        now, times = time.monotonic(), seen.cpu_times()
        worked = times.user + times.system - self._at_work
        asleep = min(now - self._looked, MOST_ASLEEP) if seen.status() != psutil.STATUS_RUNNING else 0.0
        self._spent += max(worked, asleep)
        self._looked, self._at_work = now, self._at_work + worked

    def _judge(self, resident: int) -> None:
        if resident > self._memory:
            self.verdict = "memory"
        elif self._spent > self.seconds or time.monotonic() > self._end:
            self.verdict = "time"
        if self.verdict:
            self._process.kill()
