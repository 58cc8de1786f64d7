import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from earmark.analysis import versions
from earmark.engine import local as local_module
from earmark.engine.limits import Limits
from earmark.engine.local import LocalExecutor, WorkerProcess, _name_of
from earmark.engine.protocol import Analyse, Failed, Identified, Identify
from sounds import chord, write_sound

SOME_LIES = ("truncated", "nested", "nan", "other path", "old news", "pickle")  # test_wire.py has all
HOSTILE = (sys.executable, str(Path(__file__).parents[1] / "helpers" / "hostile_worker.py"))


@pytest.fixture
def executor(model):
    made = []

    def make(n_workers=1, limits=Limits(60.0), command=HOSTILE):  # noqa: B008
        made.append(LocalExecutor(model, n_workers, limits, command))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_every_task_has_one_reply(executor, music):
    local = executor(2)
    paths = sorted(map(str, music.iterdir()))
    for path in paths:
        local.submit(Identify(path))
    replies = [local.wait() for _ in paths]
    assert sorted(reply.path for reply in replies) == paths
    assert all(isinstance(reply, Identified) for reply in replies)
    assert local.capacity == 4


def test_a_worker_that_died_is_started_again_and_the_file_named(executor, music):
    local = executor()
    crash = write_sound(music / "crash.flac", chord(0.5))
    for path in (crash, music / "low.flac"):
        local.submit(Identify(str(path)))
    first, second = local.wait(), local.wait()
    assert first == Failed(str(crash), "its decoder crashed (SIGSEGV)", first.remedy)
    assert isinstance(second, Identified)


def test_a_worker_that_lies_is_ended_and_costs_one_file(executor, music, model):
    """Nothing that it sends is believed, run or taken for an answer about another file."""
    local = executor()
    lies = [write_sound(music / f"{name}.flac", chord(0.5)) for name in SOME_LIES]
    for path in (*lies, music / "low.flac"):
        local.submit(Analyse(str(path), frozenset(versions(model))))
    *replies, last = [local.wait() for _ in range(len(lies) + 1)]
    assert [reply.path for reply in replies] == list(map(str, lies))
    assert all(isinstance(reply, Failed) and not reply.again for reply in replies)
    problems = {Path(reply.path).stem: reply.problem for reply in replies}
    assert problems.pop("truncated") == "its decoder crashed (exit code 0)"
    assert {problem.split(": ")[0] for problem in problems.values()} == {"its decoder has a fault or was taken over"}
    assert last.analysis.track_id
    assert not list(music.glob("*.owned"))


def test_too_much_memory_is_named_with_the_option(executor, music):
    local = executor(limits=Limits(60.0, worker_memory=400_000_000))
    greedy = write_sound(music / "greedy.flac", chord(0.5))
    for path in (music / "low.flac", greedy, music / "low.flac"):
        local.submit(Identify(str(path)))
    before, reply, after = [local.wait() for _ in range(3)]
    assert (reply.problem, reply.again) == ("needed more than 0.4 GB of memory", False)
    assert "`--worker-memory`" in reply.remedy
    assert isinstance(before, Identified)
    assert isinstance(after, Identified)


def test_a_hang_is_ended_by_the_limit_of_its_file(executor, music):
    local = executor()
    local.submit(Identify(str(write_sound(music / "hang.flac", chord(0.5)))))
    reply = local.wait()
    assert reply.problem == "its decoder hung and was stopped after 12 s"
    assert not reply.again


def test_a_worker_that_was_killed_from_outside_says_nothing_about_the_file(executor, music):
    local = executor()
    local.submit(Identify(str(write_sound(music / "killed.flac", chord(0.5)))))
    reply = local.wait()
    assert (reply.problem, reply.again) == ("killed from outside (SIGKILL), perhaps for lack of memory", True)


@pytest.mark.parametrize("command", [(sys.executable, "-c", "raise SystemExit(3)"), ("/no/such/program",)])
def test_a_worker_that_does_not_start_says_nothing_about_the_file(executor, command):
    local = executor(command=command)
    local.submit(Identify("/a.flac"))
    reply = local.wait()
    assert reply.problem.startswith("no worker could be started")
    assert reply.again


def test_a_worker_that_is_too_large_by_itself_says_so(executor):
    local = executor(limits=Limits(worker_memory=20_000_000))
    local.submit(Identify("/a.flac"))
    assert local.wait().problem == "a worker alone needs more than 0.02 GB of memory"


def test_wake_lets_wait_return_none(executor):
    local = executor()
    local.wake()
    assert local.wait() is None


def test_close_kills_what_is_at_work(executor, music):
    local = executor()
    local.submit(Identify(str(write_sound(music / "hang.flac", chord(0.5)))))
    time.sleep(0.2)
    began = time.monotonic()
    local.close()
    assert time.monotonic() - began < 10


def test_a_closed_worker_answers_that_the_scan_was_stopped(model):
    worker = WorkerProcess(model, Limits())
    worker.close()
    reply = worker.ask(Identify("/a.flac"))
    assert (reply.problem, reply.remedy) == local_module.STOPPED


ORPHANS = """
import sys, threading, time
from earmark.engine.limits import Limits
from earmark.engine.local import LocalExecutor
from earmark.engine.protocol import Identify
from earmark.tagger.model import load_model
executor = LocalExecutor(load_model(sys.argv[1]), 2, Limits(), (sys.executable, sys.argv[2]))
executor.submit(Identify(sys.argv[3]))  # hangs
executor.submit(Identify(sys.argv[4]))  # is done; its worker waits
executor.wait()
print(*(worker._process.pid for worker in executor._workers), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker ends when its file is done")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_no_worker_survives_its_parent(model, music, number):
    hang = write_sound(music / "hang.flac", chord(0.5))
    arguments = (model.path, HOSTILE[1], hang, music / "low.flac")
    parent = subprocess.Popen([sys.executable, "-c", ORPHANS, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    assert len(workers) == 2
    time.sleep(1.0)  # the one that hangs has started
    os.kill(parent.pid, number)
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs(workers, timeout=5)
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(("code", "name"), [(-11, "SIGSEGV"), (-9, "SIGKILL"), (3, "exit code 3"), (-99, "signal 99")])
def test_exit_codes_in_words(code, name):
    assert _name_of(code) == name
