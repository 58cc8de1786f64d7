import subprocess
import sys
import time

import psutil
import pytest

from earmark.engine.watch import Watch


@pytest.fixture
def process():
    made = []

    def start(code):
        made.append(subprocess.Popen([sys.executable, "-c", code]))
        return made[-1]

    yield start
    for one in made:
        one.kill()
        one.wait()


def test_too_much_memory_is_noticed_at_once(process):
    began = time.monotonic()
    greedy = process("x = [bytearray(b'1') * 10**7 for _ in range(100)]\nimport time; time.sleep(60)")
    watch = Watch(greedy, 300e6)
    assert greedy.wait(30) != 0
    assert (watch.verdict, time.monotonic() - began < 20) == ("memory", True)


def test_too_much_time_counts_from_the_beginning_of_a_task(process):
    slow = process("import time; time.sleep(60)")
    watch = Watch(slow, 1e9)
    watch.begin(60.0, 60.0)
    watch.allow(0.3)
    assert slow.wait(30) != 0
    assert (watch.verdict, watch.seconds) == ("time", 0.3)


def test_work_counts_as_well_as_sleep(process):
    busy = process("while True: pass")
    watch = Watch(busy, 1e9)
    watch.begin(0.5, 60.0)
    assert busy.wait(60) != 0
    assert watch.verdict == "time"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all that is not at work counts as waiting")
def test_waiting_for_a_core_does_not_count_but_for_the_wall_clock(process, monkeypatch):
    waiting = process("import time; time.sleep(60)")
    monkeypatch.setattr(psutil.Process, "status", lambda self: psutil.STATUS_RUNNING)  # ready, and not at work
    watch = Watch(waiting, 1e9)
    time.sleep(0.3)
    watch.begin(0.3, 2.0)
    time.sleep(1.0)
    assert watch.verdict is None
    assert waiting.wait(30) != 0
    assert watch.verdict == "time"


def test_nothing_happens_to_one_that_rests(process):
    resting = process("import time; time.sleep(60)")
    watch = Watch(resting, 1e9)
    watch.begin(0.1, 0.1)
    watch.rest()
    time.sleep(0.4)
    assert (watch.verdict, resting.poll()) == (None, None)


def test_an_end_of_its_own_is_no_verdict(process):
    short = process("pass")
    watch = Watch(short, 1e9)
    assert short.wait(30) == 0
    time.sleep(0.2)
    assert watch.verdict is None
