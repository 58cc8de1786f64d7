import sys
import time
from pathlib import Path

import pytest

from earmark.engine.local import LocalExecutor, WorkerProcess, _name_of
from earmark.engine.protocol import Failed, Identified, Identify, Limits
from sounds import chord, write_sound

HOSTILE = (sys.executable, str(Path(__file__).parents[1] / "helpers" / "hostile_worker.py"))


@pytest.fixture
def executor(model):
    made = []

    def make(n_workers=1, time_limit=60.0, command=HOSTILE):
        made.append(LocalExecutor(model.path, n_workers, Limits(time_limit), command))
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
    worker = WorkerProcess(model.path, Limits())
    worker.close()
    reply = worker.ask(Identify("/a.flac"))
    assert (reply.problem, reply.remedy) == ("the scan was stopped", "Run it again: it goes on from there.")


@pytest.mark.parametrize(("code", "name"), [(-11, "SIGSEGV"), (-9, "SIGKILL"), (3, "exit code 3"), (-99, "signal 99")])
def test_exit_codes_in_words(code, name):
    assert _name_of(code) == name
