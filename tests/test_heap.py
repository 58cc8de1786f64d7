"""Memory that was freed goes back to the system."""

import subprocess
import sys

import pytest

from earmark import heap

FREED = """
import psutil
from earmark import heap

def megabytes():
    return psutil.Process().memory_info().rss / 1e6

many = [bytes(10_000) for _ in range(20_000)]
last = bytes(10_000)  # behind all others: they are not at the end of the arena when they are freed
del many
before = megabytes()
heap.give_back()
print(before - megabytes())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux")
def test_what_was_freed_is_given_back():
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 100


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(heap.ctypes, "CDLL", None)
    heap.give_back()
    heap.share_arenas()


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux")
def test_the_library_takes_the_number_of_arenas():
    assert heap._call("mallopt", heap.M_ARENA_MAX, heap.FEW) == 1
