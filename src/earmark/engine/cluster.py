"""Tasks on a Ray cluster: an `Executor` of actors, each with a worker process beside it.

Ray moves tasks and replies and tells when a machine is lost; who does what is decided here, so that a task that was
lost is known and done again elsewhere. Replies are checked as those of a local worker, and go to the one writer of the
scan.
"""

import os
import time
from collections import deque
from dataclasses import dataclass, field

from earmark.engine.limits import Limits
from earmark.engine.local import COMMAND, LATER, ONE_THREAD, SUSPECT
from earmark.engine.node import NodeWorker, fingerprint
from earmark.engine.protocol import Failed, Reply, Task
from earmark.engine.ray_session import RaySession
from earmark.engine.wire import WireError, decode_answer, encode
from earmark.errors import ClusterLost, one_line
from earmark.settings import cores
from earmark.tagger.model import Model

AHEAD = 2  # tasks that an actor has at once: it need not wait for the next
POLL = 0.2  # seconds after which a call to end is noticed at the latest
MOST_LOST = 3  # machines that may be lost under one file
MOST_REFUSALS = 3  # machines, one after another, that cannot work
START_LIMIT = 600.0  # seconds without one machine that works; clouds take minutes to start one


@dataclass(eq=False)
class _Seat:
    """One actor.

    Attributes
    ----------
    actor : Ray's handle
    tasks : that it has, oldest first
    ready : it has said that it can work
    """

    actor: object
    tasks: deque[Task] = field(default_factory=deque)
    ready: bool = False


class RayExecutor:
    """An `Executor` on a Ray cluster.

    Parameters
    ----------
    model, model_name : that the machines load, by its path or else by its name
    n_workers : actors, each of which takes a core; None is one a core of the cluster. More than there are cores wait
        until there are, and make a cluster that can grow do so
    limits : of one file
    address : of the cluster; None starts Ray on this machine alone
    command : what the actors start, for tests

    Raises
    ------
    MissingPackage, ConfigError : see `RaySession`
    """

    def __init__(
        self,
        model: Model,
        model_name: str,
        n_workers: int | None,
        limits: Limits,
        address: str | None = None,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._model = model
        self._arguments = (os.fspath(model.path), model_name, fingerprint(model), limits, command)
        self._session = RaySession(address, n_workers or cores())
        self._ray = self._session.ray
        remote = self._ray.remote(NodeWorker)
        environment = {"env_vars": ONE_THREAD} if address else None
        self._class = remote.options(num_cpus=1, max_restarts=0, max_task_retries=0, runtime_env=environment)
        self._n_seats = n_workers or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        self.capacity = AHEAD * self._n_seats
        self._tasks: deque[Task] = deque()
        self._replies: deque[Reply] = deque()
        self._seats: list[_Seat] = []
        self._asked: dict[object, tuple[_Seat, Task | None]] = {}  # Ray's reference -> what it will be the reply to
        self._lost: dict[str, int] = {}  # path -> machines that were lost under it
        self._woken, self._refusals, self._idle_since = False, 0, time.monotonic()

    def submit(self, task: Task) -> None:
        """Add a task."""
        self._tasks.append(task)

    def wake(self) -> None:
        """Let `wait` return None; only a flag is set, as a signal handler may."""
        self._woken = True

    def wait(self) -> Reply | None:
        """The next reply; None after `wake`. Raises ClusterLost where no machine is left that works."""
        while not self._woken:
            self._fill()  # first: an actor shall not wait while replies that are there are written
            if self._replies:
                return self._replies.popleft()
            self._collect()
            self._check_alive()
        self._woken = False
        return None

    def close(self) -> None:
        """End all actors, and with them their workers."""
        for seat in self._seats:
            self._end(seat)
        self._session.close()

    # -- who does what ---------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """As many actors as are wanted, and each with as many tasks as it may have, the emptiest first."""
        wanted = min(self._n_seats, len(self._tasks) + sum(len(seat.tasks) for seat in self._seats))
        while len(self._seats) < wanted:
            seat = _Seat(self._class.remote(*self._arguments))
            self._seats.append(seat)
            self._asked[seat.actor.ready.remote()] = seat, None
        for n in range(AHEAD):
            for seat in self._seats:
                if self._tasks and seat.ready and len(seat.tasks) == n:
                    self._give(seat, self._tasks.popleft())

    def _give(self, seat: _Seat, task: Task) -> None:
        seat.tasks.append(task)
        self._asked[seat.actor.ask.remote(encode(task))] = seat, task

    def _collect(self) -> None:
        """Take in every reply that is there, at least one if it comes within `POLL`."""
        waiting = list(self._asked)
        if not waiting:
            return
        ready, rest = self._ray.wait(waiting, num_returns=1, timeout=POLL)
        if ready and rest:
            ready += self._ray.wait(rest, num_returns=len(rest), timeout=0)[0]
        for reference in ready:
            if reference in self._asked:  # not lost with the actor, just now
                self._take(reference, *self._asked.pop(reference))

    def _take(self, reference: object, seat: _Seat, task: Task | None) -> None:
        try:
            said = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:  # a fault of ours; the actor lives on
            self._fault(seat, task, one_line(error.cause or error))
        except self._ray.exceptions.RayError as error:
            self._give_up(seat, task, one_line(error))
        else:
            self._hear(seat, task, said)

    def _hear(self, seat: _Seat, task: Task | None, said: bytes | str) -> None:
        if task is None and said:
            self._refuse(seat, said)
        elif task is None:
            seat.ready, self._refusals = True, 0
        else:
            seat.tasks.remove(task)
            self._replies.append(self._checked(said, task))

    def _checked(self, said: bytes, task: Task) -> Reply:
        try:
            return decode_answer(said, task, self._model)
        except WireError as error:
            return Failed(task.path, f"its decoder has a fault or was taken over: it sent {error}", SUSPECT)

    # -- what is lost ----------------------------------------------------------------------------------------------

    def _fault(self, seat: _Seat, task: Task | None, what: str) -> None:
        if task is None:
            self._refuse(seat, f"a fault in its start ({what})")
            return
        seat.tasks.remove(task)
        self._replies.append(
            Failed(task.path, f"a fault in the analysis ({what})", "Please report this with the file.")
        )

    def _give_up(self, seat: _Seat, task: Task | None, what: str) -> None:
        """An actor died, or its machine: its tasks are done elsewhere, the one at hand `MOST_LOST` times at most."""
        at_hand, tasks = (seat.tasks[0] if seat.tasks else None), list(seat.tasks)
        self._drop(seat)
        if at_hand is None:
            self._count_refusal(what)
        for lost in reversed(tasks):
            n = self._lost[lost.path] = self._lost.get(lost.path, 0) + (lost is at_hand)
            if n < MOST_LOST:
                self._tasks.appendleft(lost)
            else:
                problem = f"the machines that it was on were lost, {n} times ({what})"
                self._replies.append(Failed(lost.path, problem, LATER, again=True))

    def _refuse(self, seat: _Seat, why: str) -> None:
        self._drop(seat)
        self._count_refusal(why)

    def _count_refusal(self, why: str) -> None:
        self._refusals += 1
        if self._refusals >= MOST_REFUSALS and not any(seat.ready for seat in self._seats):
            raise ClusterLost("the cluster", f"its machines cannot work: {why}", "Mend that, and scan again.")

    def _drop(self, seat: _Seat) -> None:
        self._seats.remove(seat)
        for reference in [reference for reference, (whose, _) in self._asked.items() if whose is seat]:
            del self._asked[reference]
        self._end(seat)

    def _end(self, seat: _Seat) -> None:
        try:
            self._ray.kill(seat.actor)
        except Exception:  # it is gone, or Ray is
            return

    def _check_alive(self) -> None:
        if any(seat.ready for seat in self._seats):
            self._idle_since = time.monotonic()
        elif time.monotonic() - self._idle_since > START_LIMIT:
            problem = f"no machine of it has been ready to work for {START_LIMIT:.0f} s"
            raise ClusterLost("the cluster", problem, "Look at `ray status`; scan again when it has free cores.")
