"""Where tasks are done: the protocol that a scan works with, filled by `local` and `cluster` beside this."""

from typing import Protocol

from earmark.engine.protocol import Reply, Task


class Executor(Protocol):
    """Does tasks, several at once, and hands their replies back in the order in which they are done.

    Attributes
    ----------
    capacity : tasks that should be under way at once, so that nothing stands idle
    """

    capacity: int

    def submit(self, task: Task) -> None:
        """Add a task; every task is replied to once, by `Failed` where it cannot be done."""

    def wait(self) -> Reply | None:
        """The next reply, as soon as there is one; None after `wake`."""

    def wake(self) -> None:
        """Let `wait` return None; may be called from a signal handler."""

    def close(self) -> None:
        """End all work at once; tasks that are not done stay undone."""
