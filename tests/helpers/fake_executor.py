"""An executor of a few lines, in this process: what a scan needs, and no more."""

from collections import deque
from pathlib import Path

from earmark.engine.limits import Limits
from earmark.engine.protocol import Failed
from earmark.engine.worker import handle
from earmark.errors import EarmarkError


class FakeExecutor:
    """Does tasks when it is asked for replies, the newest first, and notes what happened."""

    def __init__(self, model, capacity: int = 3, wake_after: int | None = None, limits: Limits = Limits()) -> None:  # noqa: B008
        self.model, self.capacity, self.left, self.limits = model, capacity, wake_after, limits
        self.tasks, self.log, self.most, self.closed = deque(), [], 0, False

    def submit(self, task) -> None:
        self.tasks.append(task)
        self.log.append(task)
        self.most = max(self.most, len(self.tasks))

    def wait(self):
        if self.left == 0:
            return None
        self.left = None if self.left is None else self.left - 1
        task = self.tasks.pop()
        if Path(task.path).name.startswith("bad"):
            return Failed(task.path, "the machine it was on is gone", "Scan again.")
        try:
            return handle(task, self.model, self.limits)
        except EarmarkError as error:
            return Failed(task.path, error.problem, error.remedy)

    def wake(self) -> None:
        self.left = 0

    def close(self) -> None:
        self.closed = True
