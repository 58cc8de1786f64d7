"""Jobs in processes: order, ends, restarts; with small programs in place of the real work."""

import asyncio
import sys

import pytest

from earmark.server.jobs import JobStore
from earmark.server.problems import Refused
from earmark.server.runner import Runner

TALK = "import sys, time, threading, os, json; say = lambda **news: print(json.dumps(news), flush=True);"
QUICK = TALK + "say(progress=['writing', 1, 2, '']); say(done={'n': 2})"
FAILS = TALK + "say(failed={'source': 'x', 'problem': 'bad', 'remedy': 'Mend it.'})"
DIES = TALK + "os._exit(3)"
WAITS = TALK + "say(progress=['waiting', 0, 0, '']); sys.stdin.read(); say(done={'interrupted': True})"
DEAF = TALK + "time.sleep(600)"


def through(tmp_path, code: str, act):
    """Run `act(runner)` in a loop in which jobs run this program."""

    async def run():
        runner = Runner(tmp_path / "catalogue", JobStore(tmp_path / "jobs"), (sys.executable, "-c", code))
        runner.start()
        try:
            return await act(runner)
        finally:
            await runner.close()

    return asyncio.run(run())


async def until(job, *states):
    for _ in range(600):
        if job.state in states:
            return job
        await asyncio.sleep(0.05)
    raise AssertionError(job)


@pytest.mark.parametrize(
    ("code", "state", "problem"),
    [(QUICK, "succeeded", None), (FAILS, "failed", "bad"), (DIES, "failed", "its process ended without a word")],
)
def test_how_a_job_ends(tmp_path, code, state, problem):
    async def act(runner):
        job = runner.store.create("export", {}, "me")
        runner.pump()
        return await until(job, "succeeded", "failed")

    job = through(tmp_path, code, act)
    assert job.state == state
    assert (job.error or {}).get("problem") == problem
    if state == "succeeded":
        assert job.progress == {"stage": "writing", "done": 1, "total": 2, "note": ""}
        assert job.result == {"n": 2}
    assert JobStore(tmp_path / "jobs").get(job.id).state == state


def test_scans_run_one_after_another_and_others_beside(tmp_path):
    async def act(runner):
        jobs = [runner.store.create(kind, {}, "me") for kind in ("scan", "scan", "export", "export", "export")]
        runner.pump()
        await until(jobs[0], "running")
        assert [job.state for job in jobs] == ["running", "queued", "running", "running", "queued"]
        runner.stop(jobs[0], "cancelled")
        await until(jobs[1], "running")
        assert jobs[0].state == "cancelled"

    through(tmp_path, WAITS, act)


def test_a_job_is_paused_and_goes_on(tmp_path):
    async def act(runner):
        job = runner.store.create("scan", {}, "me")
        runner.pump()
        await until(job, "running")
        with pytest.raises(Refused, match="cannot be resumed"):
            runner.resume(job)
        runner.stop(job, "paused")
        await until(job, "paused")
        assert job.error is None
        with pytest.raises(Refused, match="cannot be paused"):
            runner.stop(job, "paused")
        runner.resume(job)
        await until(job, "running")
        runner.stop(job, "cancelled")
        return await until(job, "cancelled")

    through(tmp_path, WAITS, act)


def test_a_job_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("earmark.server.runner.PATIENCE", 0.2)

    async def act(runner):
        job = runner.store.create("scan", {}, "me")
        runner.pump()
        await until(job, "running")
        await asyncio.sleep(0.2)
        runner.stop(job, "cancelled")
        await until(job, "cancelled")

    through(tmp_path, DEAF, act)


def test_the_end_of_the_server_interrupts_and_a_restart_goes_on_with_what_waits(tmp_path):
    async def first(runner):
        jobs = [runner.store.create("scan", {}, "me") for _ in range(2)]
        runner.pump()
        await until(jobs[0], "running")
        return jobs

    one, two = through(tmp_path, WAITS, first)
    assert (one.state, two.state) == ("interrupted", "queued")

    async def second(runner):
        assert runner.store.get(one.id).state == "interrupted"
        await until(runner.store.get(two.id), "succeeded")
        runner.resume(runner.store.get(one.id))
        await until(runner.store.get(one.id), "succeeded")

    through(tmp_path, QUICK, second)


def test_a_watch_hinders_no_scan_and_goes_on_after_a_restart(tmp_path):
    async def begin(runner):
        jobs = [runner.store.create(kind, {"act": "plan"}, "me") for kind in ("watch", "scan", "watch", "tags", "tags")]
        runner.pump()
        await until(jobs[0], "running")
        await until(jobs[1], "running")
        await until(jobs[3], "running")
        assert [job.state for job in jobs] == ["running", "running", "queued", "running", "queued"]
        runner.stop(jobs[2], "cancelled")
        return jobs[0].id

    async def goes_on(runner):
        await until(runner.store.get(watch), "running")

    async def is_paused(runner):
        job = runner.store.get(watch)
        await until(job, "running")
        runner.stop(job, "paused")
        await until(job, "paused")

    async def stays(runner):
        assert runner.store.get(watch).state == "paused"

    watch = through(tmp_path, WAITS, begin)
    for act in (goes_on, is_paused, stays):
        through(tmp_path, WAITS, act)


def test_news_of_a_watch_are_heard_while_it_runs(tmp_path):
    heard = []

    async def run():
        store = JobStore(tmp_path / "jobs")
        runner = Runner(tmp_path / "c", store, (sys.executable, "-c", WAITS), heard=lambda job: heard.append(job.kind))
        runner.start()
        for kind in ("watch", "export"):
            job = runner.store.create(kind, {}, "me")
            runner.pump()
            await until(job, "running")
        while not heard:
            await asyncio.sleep(0.02)
        await runner.close()

    asyncio.run(run())
    assert heard == ["watch"]
