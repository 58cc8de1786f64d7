import json
from types import SimpleNamespace

from earmark.server import news
from earmark.server.jobs import JobStore


def test_what_a_scan_has_done_is_told_in_parts_and_once(tmp_path, monkeypatch):
    monkeypatch.setattr(news, "AT_ONCE", 2)
    store, told = JobStore(tmp_path), []
    deliveries = SimpleNamespace(tell=lambda kind, data: told.append((kind, data)))
    job = store.create("scan", {}, "me", state="succeeded")
    found = {"analysed": ["a", "b", "c"], "failed": [{"path": "/x", "problem": "bad"}]}
    (store.folder(job) / "news.json").write_text(json.dumps(found))
    news.tell_of_job(deliveries, store, job)
    ended = ("job.finished", {"id": job.id, "kind": "scan", "state": "succeeded"})
    assert told == [
        ("track.analysed", {"job": job.id, "ids": ["a", "b"]}), ("track.analysed", {"job": job.id, "ids": ["c"]}),
        ("track.failed", {"job": job.id, "paths": ["/x"]}), ended,
    ]  # fmt: skip
    told.clear()
    news.tell_of_job(deliveries, store, job)
    assert told == [ended]


def test_what_a_watch_has_heard_is_told_before_it_ends(tmp_path):
    store, told = JobStore(tmp_path), []
    deliveries = SimpleNamespace(tell=lambda kind, data: told.append((kind, data)))
    job = store.create("watch", {}, "me", state="running")
    news.tell_of_tracks(deliveries, store, job)
    (store.folder(job) / "news.json").write_text(json.dumps({"analysed": ["a"], "failed": []}))
    for _ in range(2):
        news.tell_of_tracks(deliveries, store, job)
    assert told == [("track.analysed", {"job": job.id, "ids": ["a"]})]
