"""Jobs over HTTP, with the real work in real processes."""

import csv
import io
import subprocess
import sys
import time

import pytest

from catalogues import write_music
from earmark.library import Catalogue, ScanOptions
from live_server import LiveServer, finished
from sounds import tune, write_sound


def accepted(answer) -> dict:
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/jobs/{answer.json()['id']}"
    return answer.json()


def test_an_export_is_a_download(client, ids):
    wanted = {"format": "csv", "filter": {"field": "title", "op": "ne", "value": "Low"}}
    headers = {"Idempotency-Key": "once"}
    job = accepted(client.post("/api/v1/exports", json=wanted, headers=headers))
    assert accepted(client.post("/api/v1/exports", json=wanted, headers=headers))["id"] == job["id"]
    job = finished(client, job)
    answer = client.get(job["links"]["result"])
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["title"] for row in rows} == set(ids) - {"Low"}
    assert client.post("/api/v1/exports", json={"where": "nonsense ="}).status_code == 400


def test_a_scan_of_known_folders_and_of_others(live_copy, prepared, tmp_path):
    server = live_copy()
    with server.client("read", "write-catalogue") as writer, server.client("admin") as admin:
        job = finished(writer, accepted(writer.post("/api/v1/scans", json={})))
        assert job["state"] == "succeeded"
        assert job["result"]["unchanged"] == 5
        music = write_music(tmp_path / "more", ["one", "two"])
        assert writer.post("/api/v1/scans", json={"folders": [str(music)]}).status_code == 403
        assert writer.post("/api/v1/scans", json={"model": "/etc/passwd"}).status_code == 403
        job = finished(admin, accepted(admin.post("/api/v1/scans", json={"folders": [str(music)]})))
        assert job["result"]["analysed"] == 2
        assert writer.get("/api/v1/catalogue").json()["tracks"] == 7


@pytest.fixture
def many(tmp_path):
    """A folder of sounds that a scan needs some seconds for."""
    return write_music(tmp_path / "many", [f"sound {i}" for i in range(40)], 4.0)


def scanning(client, many) -> dict:
    """A scan that has begun to analyse."""
    options = {"workers": 1}
    job = accepted(client.post("/api/v1/scans", json={"folders": [str(many)], "options": options}))
    for _ in range(600):
        now = client.get(f"/api/v1/jobs/{job['id']}").json()
        if now["progress"] and now["progress"]["done"] > 0 or now["state"] not in ("queued", "running"):
            assert now["state"] == "running", now
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def test_a_scan_is_paused_goes_on_and_survives_a_power_cut(live_copy, many):
    server = live_copy()
    with server.client("admin") as admin:
        job = scanning(admin, many)
        assert admin.patch(job["links"]["self"], json={"state": "paused"}).status_code == 202
        job = finished(admin, job)
        assert job["state"] == "paused"
        kept = admin.get("/api/v1/catalogue").json()["tracks"]
        assert 5 < kept < 45
        admin.patch(job["links"]["self"], json={"state": "queued"})
        while admin.get(job["links"]["self"]).json()["state"] != "running":
            time.sleep(0.05)
    server.kill()
    time.sleep(1)
    again = LiveServer(server.catalogue)
    with again.client("admin") as admin:
        assert admin.get(job["links"]["self"]).json()["state"] == "interrupted"
        assert admin.get("/api/v1/catalogue").json()["tracks"] >= kept
        admin.patch(job["links"]["self"], json={"state": "queued"})
        job = finished(admin, job)
        assert job["state"] == "succeeded", job
        assert admin.get("/api/v1/catalogue").json()["tracks"] == 45
        assert admin.get("/api/v1/failures").json()["items"] == []
    assert again.end() == ""
    assert Catalogue(server.catalogue).check().is_whole


def test_a_scan_is_cancelled_and_keeps_what_is_done(live_copy, many):
    with live_copy().client("admin") as admin:
        job = scanning(admin, many)
        assert admin.delete(job["links"]["self"]).status_code == 202
        assert finished(admin, job)["state"] == "cancelled"
        assert 5 <= admin.get("/api/v1/catalogue").json()["tracks"] < 45


def test_a_scan_waits_for_one_of_the_command_line_while_others_ask(live_copy, many, prepared):
    server = live_copy()
    words = ("scan", str(many), "--catalogue", str(server.catalogue), "--model", str(prepared / "tiny.onnx"))
    code = "from earmark.cli import main; main()"
    with server.client("admin") as admin:
        theirs = subprocess.Popen([sys.executable, "-c", code, *words, "--workers", "1"], stdout=subprocess.PIPE)
        while admin.get("/api/v1/catalogue").json()["tracks"] == 5:
            time.sleep(0.05)
        job = accepted(admin.post("/api/v1/scans", json={}))
        counts = []
        while theirs.poll() is None:
            counts.append(len(admin.get("/api/v1/tracks", params={"limit": 500}).json()["items"]))
        assert counts == sorted(counts)
        theirs.communicate()
        assert finished(admin, job)["state"] == "succeeded"
        assert admin.get("/api/v1/catalogue").json()["tracks"] == 45
    assert theirs.returncode == 0


def test_what_failed_is_tried_again(live_copy, prepared, tmp_path):
    music = write_music(tmp_path / "more", ["one"])
    (music / "broken.mp3").write_bytes(b"ID3" + b"\0" * 4000)
    with live_copy().client("admin") as admin:
        spec = {"folders": [str(music)], "options": {"workers": 1}}
        finished(admin, admin.post("/api/v1/scans", json=spec).json())
        assert [file["path"] for file in admin.get("/api/v1/failures").json()["items"]] == [str(music / "broken.mp3")]
        (music / "broken.mp3").write_bytes(write_sound(tmp_path / "whole.mp3", tune(5)).read_bytes())
        job = admin.post("/api/v1/failures:retry")
        assert job.status_code == 202, job.text
        assert job.json()["spec"]["options"]["retry"]
        assert finished(admin, job.json())["state"] == "succeeded"
        assert admin.get("/api/v1/failures").json()["items"] == []


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("jams", b"PK")])
def test_more_formats_of_exports(live_copy, form, begins):
    with live_copy().client("read") as reader:
        job = finished(reader, reader.post("/api/v1/exports", json={"format": form}).json())
        assert job["state"] == "succeeded", job
        answer = reader.get(job["links"]["result"])
        assert answer.content.startswith(begins)
        assert answer.headers["content-disposition"].endswith({"xlsx": 'earmark.xlsx"', "jams": 'earmark.zip"'}[form])


# -- a watch ----------------------------------------------------------------------------------------------------------


def watching(client, note: str | None = None) -> dict:
    """The watch of a server, between two scans; `note` is a part of what it says then."""
    for _ in range(1200):
        found = [job for job in client.get("/api/v1/jobs").json()["items"] if job["kind"] == "watch"]
        assert len(found) <= 1
        told = (found[0]["progress"] or {}) if found else {}
        if told.get("stage") == "watching" and (note is None or note in told["note"]):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(found)


def titles(client) -> set[str]:
    return {track["title"] for track in client.get("/api/v1/tracks", params={"limit": 500}).json()["items"]}


@pytest.fixture
def own(prepared, tmp_path):
    """A catalogue of music/ in a folder of its own."""
    write_music(tmp_path / "music", ["low", "top"])
    Catalogue(tmp_path / "catalogue").scan(tmp_path / "music", prepared / "tiny.onnx", ScanOptions(workers=1))
    return tmp_path


@pytest.mark.long
def test_what_comes_changes_and_goes_is_seen_and_a_half_copy_is_waited_for(own):
    server = LiveServer(own / "catalogue", "--watch")
    with server.client() as client:
        client.patch(watching(client)["links"]["self"], json={"state": "paused"})
        quick = {"watch": True, "settle": 0.5}
        job = finished(client, watch := client.get("/api/v1/jobs").json()["items"][0])
        assert (job["state"], job["id"]) == ("paused", watch["id"])
        assert [client.delete(job["links"]["self"]).status_code for _ in range(2)] == [
            202,
            204,
        ]  # ended, then forgotten
        assert accepted(client.post("/api/v1/scans", json=quick))["id"] != job["id"]
        watching(client)
        write_sound(own / "music" / "new.flac", tune(5, 3.0), tags={"title": "New"})
        whole = write_sound(own / "half.flac", tune(6, 6.0), tags={"title": "Half"}).read_bytes()
        with open(own / "music" / "half.flac", "wb") as copy:
            for i in range(8):  # slower than it is left alone, all in all
                copy.write(whole[i * len(whole) // 8 : (i + 1) * len(whole) // 8])
                copy.flush()
                time.sleep(0.2)
        watching(client, "2 heard")
        assert titles(client) == {"Low", "Top", "New", "Half"}
        assert client.get("/api/v1/failures").json()["items"] == []
        write_sound(own / "music" / "new.flac", tune(7, 3.0), tags={"title": "Changed"})
        watching(client, "3 heard")
        (own / "music" / "top.flac").unlink()
        while "Top" in titles(client):
            time.sleep(0.1)
        assert titles(client) == {"Low", "Changed", "Half"}
    assert server.end() == ""
    assert Catalogue(own / "catalogue").check().is_whole


@pytest.mark.long
def test_a_watch_lets_scans_through_and_follows_what_they_add(own):
    server = LiveServer(own / "catalogue")
    with server.client() as client:
        job = accepted(client.post("/api/v1/scans", json={"watch": True, "settle": 0.2}))
        assert accepted(client.post("/api/v1/scans", json={"watch": True}))["id"] == job["id"]
        watching(client)
        more = write_music(own / "more", ["middle"])
        assert (
            finished(client, accepted(client.post("/api/v1/scans", json={"folders": [str(more)]})))["result"][
                "analysed"
            ]
            == 1
        )
        deadline = time.monotonic() + 60
        while "Later" not in titles(client):  # the watch notices within some seconds that there is another folder
            write_sound(more / "later.flac", tune(8, 3.0), tags={"title": "Later"})
            assert time.monotonic() < deadline
            time.sleep(1)
        assert client.get(job["links"]["self"]).json()["state"] == "running"
    server.end()


@pytest.mark.long
def test_a_watch_outlives_the_server_but_not_a_pause(own):
    server = LiveServer(own / "catalogue")
    with server.client() as client:
        job = accepted(client.post("/api/v1/scans", json={"watch": True}))
        watching(client)
    server.kill()
    again = LiveServer(own / "catalogue")
    with again.client() as client:
        assert watching(client)["id"] == job["id"]
        client.patch(job["links"]["self"], json={"state": "paused"})
        assert finished(client, job)["state"] == "paused"
    again.end()
    third = LiveServer(own / "catalogue", "--watch")
    with third.client() as client:
        assert client.get(job["links"]["self"]).json()["state"] == "paused"
        assert accepted(client.post("/api/v1/scans", json={"watch": True}))["id"] == job["id"]
        watching(client)
    third.end()


@pytest.mark.long
def test_a_folder_that_is_away_is_waited_for_and_the_others_are_followed(own, prepared):
    more = write_music(own / "more", ["middle"])
    Catalogue(own / "catalogue").scan(more, prepared / "tiny.onnx", ScanOptions(workers=1))
    (own / "more").rename(own / "away")
    server = LiveServer(own / "catalogue", "--watch")
    with server.client() as client:
        watching(client)
        write_sound(own / "music" / "new.flac", tune(5, 3.0), tags={"title": "New"})
        watching(client, "1 heard")
        assert titles(client) >= {"Low", "New"}
        (own / "away").rename(own / "more")
        write_sound(own / "more" / "later.flac", tune(8, 3.0), tags={"title": "Later"})
        while "Later" not in titles(client):
            time.sleep(0.1)
        assert "Middle" in titles(client)
    server.end()


def test_what_a_watch_cannot_be_asked(live_copy):
    with live_copy().client("write-catalogue") as writer:
        for asked in ({"folders": ["/music"]}, {"model": "default"}, {"settle": -1}):
            assert writer.post("/api/v1/scans", json={"watch": True} | asked).status_code == 422


@pytest.mark.long
def test_a_watch_before_the_first_scan_waits_for_it(tmp_path, prepared):
    server = LiveServer(tmp_path / "new", "--watch")
    with server.client() as client:
        music = write_music(tmp_path / "music", ["low"])
        scan = {"folders": [str(music)], "model": str(prepared / "tiny.onnx")}
        assert finished(client, accepted(client.post("/api/v1/scans", json=scan)))["result"]["analysed"] == 1
        watching(client)
    server.end()


def test_an_export_has_the_columns_that_were_asked_for(client):
    job = accepted(client.post("/api/v1/exports", json={"format": "csv", "fields": ["title", "tempo"]}))
    result = client.get(finished(client, job)["links"]["result"]).text
    assert next(csv.reader(io.StringIO(result))) == ["track_id", "title", "tempo", "model", "model_version", "earmark"]
    for wrong, status in (({"fields": ["tempoo"]}, 400), ({"format": "jams", "fields": ["tempo"]}, 422)):
        assert client.post("/api/v1/exports", json=wrong).status_code == status
