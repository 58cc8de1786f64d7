"""How far long work is, on the terminal: a bar a stage, or plain lines where nobody sees bars."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from earmark.cli.render import say
from earmark.errors import printable
from earmark.formats import clock
from earmark.progress import Progress, silent

LINES_EVERY = 10.0
"""Seconds between two plain lines of one stage."""
COUNTED = 100_000
"""A total from here on is shown as a percentage: it is no count that a person reads, but bytes or samples."""


@contextmanager
def progress_bars(quiet: bool = False) -> Iterator[Progress]:
    """A `Progress` that writes to standard error while the block runs.

    On a terminal each stage has a bar with done/total, remaining time and the stage's note; the bars vanish at the end
    of the block. Elsewhere, as in a log, a stage gets a line when it begins and then one every 10 seconds.

    Parameters
    ----------
    quiet : write nothing

    Examples
    --------
    >>> with progress_bars(quiet=True) as progress:
    ...     progress("spectrograms", 3, 10, note="two cannot be read")
    """
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _rich_display() as display:
            yield bars(display)
    else:
        yield lines(lambda line: say(line, err=True))


def bars(display) -> Progress:
    """A `Progress` that keeps a bar a stage in a `rich.progress.Progress` with the fields ``amount`` and ``note``."""
    tasks: dict[str, int] = {}

    def show(what: str, done: float, total: float, note: str = "") -> None:
        fields = {"completed": done, "total": total or None, "amount": amount(done, total), "note": printable(note)}
        if what in tasks:
            display.update(tasks[what], **fields)
        else:
            tasks[what] = display.add_task(printable(what), **fields)

    return show


def lines(write: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Progress:
    """A `Progress` that writes a line when a stage begins, and then one every 10 seconds.

    Parameters
    ----------
    write : takes one line, without its end
    now : the time in seconds, from any zero
    """
    began: dict[str, tuple[float, float]] = {}  # by stage: when, and what was done then
    written: dict[str, float] = {}

    def show(what: str, done: float, total: float, note: str = "") -> None:
        time_now = now()
        start, first = began.setdefault(what, (time_now, done))
        if time_now - written.get(what, -LINES_EVERY) < LINES_EVERY:
            return
        written[what] = time_now
        left = seconds_left(time_now - start, done - first, total - done)
        parts = [f"{what}: {amount(done, total)}", note, "" if left is None else f"{clock(left)} left"]
        write(printable(", ".join(part for part in parts if part)))

    return show


def amount(done: float, total: float) -> str:
    """``12/40``; ``31 %`` of a total that is no count to read; ``12`` where the total is unknown."""
    if not total:
        return f"{done:.0f}"
    return f"{done:.0f}/{total:.0f}" if total < COUNTED else f"{100 * done / total:.0f} %"


def seconds_left(elapsed: float, done: float, to_do: float) -> float | None:
    """Seconds that `to_do` will take, as `done` took `elapsed`; None where nothing is known or left to do."""
    return elapsed * to_do / done if done > 0 and to_do > 0 else None


def _rich_display():
    """Bars on standard error; what a command prints meanwhile still goes to standard output."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Display

    def text(field: str) -> TextColumn:
        return TextColumn(f"{{task.{field}}}", markup=False)

    columns = (text("description"), BarColumn(), text("fields[amount]"), TimeRemainingColumn(), text("fields[note]"))
    return Display(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
