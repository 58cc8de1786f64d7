"""How far a long command is, as lines of text: for terminals and for logs."""

import time


class PrintedProgress:
    """An `earmark.progress.Progress` that prints a line every so many seconds, and at the end of each stage."""

    def __init__(self, seconds: float = 10.0) -> None:
        self.seconds, self.started, self.printed = seconds, time.monotonic(), 0.0

    def __call__(self, what: str, done: float, total: float, note: str = "") -> None:
        """Take notice; arguments as in `earmark.progress.Progress`."""
        now = time.monotonic() - self.started
        if done < total and now - self.printed < self.seconds:
            return
        self.printed = now
        print(f"{now:6.0f} s  {what} {done:g}/{total:g}  {note}".rstrip(), flush=True)
