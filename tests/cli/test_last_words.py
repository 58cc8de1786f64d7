import os
import subprocess
import sys

import pytest

from earmark.cli.last_words import in_one_line, silence_libraries

ABORT = """
import ctypes, os, sys
from earmark.cli.last_words import silence_libraries
silence_libraries()
os.write(2, b"what a library prints")
print("ours", file=sys.stderr)
ctypes.CDLL(None).abort() if len(sys.argv) > 1 else None
"""


def run(*words, **environment):
    command = [sys.executable, "-c", ABORT, *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


def test_only_our_own_lines_reach_the_terminal():
    assert run().stderr == "ours\n"
    assert "what a library prints" in run(EARMARK_TRACEBACK="1").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_library_that_aborts_leaves_one_line():
    done = run("abort")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1].startswith("earmark: a library ended the program.")


def test_standard_error_that_was_replaced_stays(capsys):
    before = sys.stderr
    silence_libraries()
    assert sys.stderr is before


def test_an_error_that_nobody_foresaw_is_one_line(monkeypatch):
    monkeypatch.delenv("EARMARK_TRACEBACK", raising=False)
    assert in_one_line(OSError(28, "No space left on device", "/x")).startswith("/x: No space left on device.")
    line = in_one_line(ValueError("a\nb"))
    assert "ValueError: a" in line
    assert "\n" not in line
    monkeypatch.setenv("EARMARK_TRACEBACK", "1")
    assert in_one_line(ValueError("a")).startswith("ValueError: a")
