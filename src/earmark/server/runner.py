"""Starts jobs in processes of their own, takes their news, and ends them; `SLOTS` says how many at once."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from earmark.server.jobs import RESUMABLE, Job, JobStore
from earmark.server.problems import Refused

COMMAND = (sys.executable, "-m", "earmark.server.work")
SLOTS = {"scan": 1, "watch": 1, "tags": 1}
"""Kind -> jobs of it at once. A watch scans too, when no scan does: the catalogue has one writer."""
LANES = {"reanalysis": "scan"}  # kinds that wait in the lane of another
OTHERS = 2  # jobs at once of all other kinds together
PATIENCE = 30.0  # seconds that a job has to end by itself, a scan to keep what is done
LINE = 2**20  # bytes of a line of news at most
SWEEP = 600.0  # seconds between two looks for what is old
DIED = {"problem": "its process ended without a word", "remedy": "Look into the log, then resume it."}


async def spawn(
    catalogue: str | os.PathLike, folder: Path, command: tuple[str, ...] = COMMAND
) -> asyncio.subprocess.Process:
    """The process of the job that a folder describes, see `earmark.server.work`.

    In a session of its own: a Ctrl-C at the terminal is the server's, which ends its jobs in order.
    """
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    words = (*command, str(catalogue), str(folder))
    return await asyncio.create_subprocess_exec(
        *words, stdin=pipe, stdout=pipe, stderr=null, start_new_session=True, limit=LINE
    )


class Runner:
    """The jobs of one server.

    Parameters
    ----------
    catalogue : the one that they work on
    told : called with each job that has ended
    heard : called with a watch whenever it tells how far it is, and perhaps has changed tracks
    """

    def __init__(
        self,
        catalogue: str | os.PathLike,
        store: JobStore,
        command: tuple[str, ...] = COMMAND,
        told: Callable[[Job], None] = lambda job: None,
        heard: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self._catalogue, self.store, self._command, self._told, self._heard = catalogue, store, command, told, heard
        self._running: dict[str, asyncio.subprocess.Process | None] = {}
        self._wanted: dict[str, str] = {}  # job -> the state that it is being ended for
        self._tasks: set[asyncio.Task] = set()
        self._closing = False

    def start(self) -> None:
        """Go on with what waits since an earlier run, and with a watch that its end has interrupted."""
        self._keep(self._sweep())
        for job in self.store.all():
            if job.kind == "watch" and job.state == "interrupted":
                self.resume(job)
        self.pump()

    def pump(self) -> None:
        """Start what can be started; called whenever a job comes or ends."""
        for job in [] if self._closing else self.store.waiting():
            lane = _lane(job)
            same = [id_ for id_ in self._running if _lane(self.store.get(id_)) == lane]
            if job.id not in self._running and len(same) < SLOTS.get(lane, OTHERS):
                self._running[job.id] = None
                self._keep(self._run(job))

    def _keep(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        while True:
            self.store.sweep()
            await asyncio.sleep(SWEEP)

    # -- one job --------------------------------------------------------------------------------------------------

    async def _run(self, job: Job) -> None:
        job.state, job.started_at, job.finished_at = "running", time.time(), None
        job.error = job.result = None
        self.store.save(job)
        try:
            process = await spawn(self._catalogue, self.store.folder(job), self._command)
            self._running[job.id] = process
            if job.id in self._wanted:  # meanwhile
                process.stdin.close()
            await self._listen(job, process)
            await process.wait()
        except OSError as error:
            job.error = {"source": job.kind, "problem": f"no process ({error.strerror})", "remedy": "Resume it later."}
        finally:
            del self._running[job.id]
            self._settle(job)
            self.pump()

    async def _listen(self, job: Job, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ValueError):  # a line that is none ends it
            async for line in process.stdout:
                news = json.loads(line)
                if "progress" in news:
                    job.progress = dict(zip(("stage", "done", "total", "note"), news["progress"], strict=True))
                    job.touch()
                    if job.kind == "watch":
                        self._heard(job)
                else:
                    job.result, job.error = news.get("done"), news.get("failed")

    def _settle(self, job: Job) -> None:
        """The state that a job has when its process has ended."""
        wanted, job.finished_at = self._wanted.pop(job.id, None), time.time()
        done = job.result is not None and not job.result.get("interrupted")
        if done or job.error or not (wanted or job.result):
            job.state = "succeeded" if done else "failed"
            job.error = None if done else job.error or {"source": job.kind} | DIED
        else:
            job.state = wanted or "interrupted"
        with contextlib.suppress(OSError):  # its folder was deleted
            self.store.save(job)
            self._told(job)

    # -- what people do with jobs ---------------------------------------------------------------------------------

    def stop(self, job: Job, state: str) -> None:
        """End a job for a state: ``paused``, ``cancelled`` or ``interrupted``; a scan ends after the file at hand."""
        if job.id in self._running:
            self._wanted[job.id] = state
            process = self._running[job.id]
            if process is not None:
                process.stdin.close()
                self._keep(self._kill_later(process))
        elif state == "paused" and job.state != "queued":
            raise Refused(409, job.id, f"cannot be paused: it is {job.state}", "Resume it first.")
        else:
            job.state = state
            self.store.save(job)

    async def _kill_later(self, process: asyncio.subprocess.Process) -> None:
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            _kill(process)

    def resume(self, job: Job) -> None:
        """Let a job wait for its turn again; a scan goes on where it was, others begin again."""
        if job.state not in RESUMABLE or job.id in self._running:
            raise Refused(409, job.id, f"cannot be resumed: it is {job.state}", "Only what has ended early can be.")
        job.state, job.finished_at = "queued", None
        self.store.save(job)
        self.pump()

    async def close(self) -> None:
        """End all jobs, which are interrupted then, and wait for them."""
        self._closing = True
        for job_id in list(self._running):
            self.stop(self.store.get(job_id), "interrupted")
        deadline = time.monotonic() + PATIENCE + 1
        while self._running and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        for task in self._tasks:
            task.cancel()


def _lane(job: Job) -> str:
    """Jobs of one lane wait for each other."""
    lane = LANES.get(job.kind, job.kind)
    return lane if lane in SLOTS else "others"


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # it leads its own session
        else:
            process.kill()
