import json

import pytest

from earmark.errors import NotFound
from earmark.server.jobs import MOST_QUEUED, JobStore
from earmark.server.problems import Refused


def test_a_job_outlives_its_server(tmp_path):
    store = JobStore(tmp_path)
    job = store.create("export", {"format": "csv"}, "me", "once")
    job.state, job.progress = "succeeded", {"done": 3}
    store.save(job)
    again = JobStore(tmp_path).get(job.id)
    assert (again.kind, again.spec, again.state, again.progress) == (
        "export",
        {"format": "csv"},
        "succeeded",
        {"done": 3},
    )
    assert again.seq >= job.seq


def test_what_ran_when_the_server_died_was_interrupted(tmp_path):
    store = JobStore(tmp_path)
    states = {}
    for state in ("queued", "running", "paused", "receiving", "failed"):
        job = store.create("scan", {}, "me")
        job.state = state
        store.save(job)
        states[job.id] = state
    found = {job.id: job.state for job in JobStore(tmp_path).all()}
    expected = {"running": "interrupted"}
    assert found == {i: expected.get(state, state) for i, state in states.items() if state != "receiving"}


def test_a_damaged_record_costs_itself(tmp_path):
    store = JobStore(tmp_path)
    first, second = store.create("scan", {}, "me"), store.create("scan", {}, "me")
    (store.folder(first) / "job.json").write_text("{")
    assert [job.id for job in JobStore(tmp_path).all()] == [second.id]


def test_the_same_request_is_the_same_job(tmp_path):
    store = JobStore(tmp_path)
    job = store.create("scan", {}, "me", "once")
    assert store.asked("scan", {}, "me", "once") is job
    assert store.asked("scan", {}, "other", "once") is None
    for kind, spec in (("export", {}), ("scan", {"folders": ["x"]})):
        with pytest.raises(Refused, match="another question"):
            store.asked(kind, spec, "me", "once")
    assert store.asked("scan", {}, "me", None) is None


def test_uploads_are_swept_after_an_hour_and_others_after_a_month(tmp_path, monkeypatch):
    store = JobStore(tmp_path)
    upload, scan = store.create("analysis", {}, "me", state="succeeded"), store.create("scan", {}, "me", state="failed")
    for hours, left in ((0.9, {upload.id, scan.id}), (1.1, {scan.id}), (24 * 31, set())):
        now = upload.created_at + 3600 * hours
        with monkeypatch.context() as patch:
            patch.setattr("earmark.server.jobs.time.time", lambda now=now: now)
            store.sweep()
        assert {job.id for job in store.all()} == left
        assert {path.name for path in tmp_path.iterdir()} == left


def test_those_who_watch_are_woken_by_every_change(tmp_path):
    job = JobStore(tmp_path).create("scan", {}, "me")
    before, seq = job.changed, job.seq
    job.touch()
    assert before.is_set()
    assert job.seq > seq
    assert not job.changed.is_set()


def test_too_many_jobs_are_refused(tmp_path):
    store = JobStore(tmp_path)
    for _ in range(MOST_QUEUED):
        store.create("scan", {}, "me")
    with pytest.raises(Refused, match="jobs wait"):
        store.create("scan", {}, "me")


def test_a_cancelled_upload_is_not_queued_when_it_has_come(tmp_path):
    store = JobStore(tmp_path)
    job = store.create("analysis", {}, "me", state="receiving")
    job.state = "cancelled"
    store.received(job)
    assert job.state == "cancelled"


def test_a_job_that_is_not_there(tmp_path):
    with pytest.raises(NotFound):
        JobStore(tmp_path).get("0" * 16)
    assert json.dumps(JobStore(tmp_path).create("scan", {}, "me").to_dict())
