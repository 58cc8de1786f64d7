"""Bars on a terminal, lines in a log, nothing where quiet."""

import io
import sys

import pytest
from rich.console import Console
from rich.progress import Progress as Display
from rich.progress import TextColumn

from earmark.cli.progress import amount, bars, lines, progress_bars, seconds_left
from earmark.progress import silent


class Clock:
    """A time that a test sets, seconds."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_stage_gets_a_line_when_it_begins_and_then_one_every_ten_seconds():
    written, clock = [], Clock()
    progress = lines(written.append, clock)
    for clock.time in range(0, 31):
        progress("files", clock.time, 120)
    assert written == [
        "files: 0/120",
        "files: 10/120, 1:50 left",
        "files: 20/120, 1:40 left",
        "files: 30/120, 1:30 left",
    ]


def test_each_stage_has_its_own_lines_and_a_note_is_part_of_them():
    written, clock = [], Clock()
    progress = lines(written.append, clock)
    progress("spectrograms", 0, 3)
    progress("training", 0, 60, note="48 train, 12 valid")
    progress("training", 1, 60)  # within ten seconds of the first
    assert written == ["spectrograms: 0/3", "training: 0/60, 48 train, 12 valid"]


def test_remaining_time_is_that_of_what_this_run_did():
    written, clock = [], Clock()
    progress = lines(written.append, clock)
    progress("training", 50, 60)  # an earlier run did these
    clock.time = 10.0
    progress("training", 51, 60)
    assert written[-1] == "training: 51/60, 1:30 left"


def test_an_unknown_total_and_one_in_bytes():
    assert amount(12, 0) == "12"
    assert amount(12, 40) == "12/40"
    assert amount(250_000_000, 1_000_000_000) == "25 %"


@pytest.mark.parametrize(("elapsed", "done", "to_do", "left"), [(10, 5, 20, 40), (10, 0, 20, None), (10, 5, 0, None)])
def test_seconds_left(elapsed, done, to_do, left):
    assert seconds_left(elapsed, done, to_do) == left


def test_a_bar_a_stage_with_amount_and_note():
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    display = Display(TextColumn("{task.description} {task.fields[amount]} {task.fields[note]}"), console=console)
    progress = bars(display)
    progress("spectrograms", 1, 2)
    progress("spectrograms", 2, 2)
    progress("excerpts", 7, 0, note="jazz [live]")
    first, second = display.tasks
    assert (first.description, first.completed, first.total, first.fields["amount"]) == ("spectrograms", 2, 2, "2/2")
    assert (second.total, second.fields["amount"], second.fields["note"]) == (None, "7", "jazz [live]")


class Terminal(io.StringIO):
    """A stream that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_bars_go_to_standard_error_and_print_still_to_standard_output(monkeypatch, capsys):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_bars() as progress:
        progress("filters", 3, 9, note="conv[1]")
        print("an answer")
    drawn = sys.stderr.getvalue()
    assert "filters" in drawn
    assert "3/9" in drawn
    assert "conv[1]" in drawn  # no markup is read from it
    assert capsys.readouterr().out == "an answer\n"


def test_in_a_log_there_are_lines_on_standard_error(capsys):
    with progress_bars() as progress:
        progress("filters", 0, 9)
    assert capsys.readouterr() == ("", "filters: 0/9\n")


def test_quiet_writes_nothing(capsys):
    with progress_bars(quiet=True) as progress:
        progress("filters", 3, 9, note="x")
    assert progress is silent
    assert capsys.readouterr() == ("", "")
