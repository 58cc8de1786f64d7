"""Tags planned, written and taken back over HTTP: a real server, real files."""

import os
import shutil
import time

import mutagen
import pytest

from earmark.library import Catalogue, ScanOptions
from live_server import LiveServer, finished

PLANS = "/api/v1/tag-plans"
GAIN = {"fields": ["gain", "own"]}


@pytest.fixture
def started(prepared, tmp_path):
    """Starts a server over music of its own: `start("--write-files")` gives a client; `start.music` is the folder."""
    music = shutil.copytree(prepared / "music", tmp_path / "music")
    Catalogue(tmp_path / "catalogue").scan(music, prepared / "tiny.onnx", ScanOptions(workers=1))
    servers = []

    def start(*options):
        servers.append(LiveServer(tmp_path / "catalogue", *options))
        client = servers[-1].client()
        client.server = servers[-1]
        return client

    start.music = music
    yield start
    for server in servers:
        server.kill()


def done(client, answer) -> dict:
    assert answer.status_code == 202, answer.text
    return finished(client, answer.json())


def planned(client, **asked) -> str:
    job = done(client, client.post(PLANS, json=asked))
    assert job["state"] == "succeeded", job
    return job["result"]["plan"]


def test_from_the_question_to_the_file_and_back(started):
    client, song = started("--write-files"), started.music / "low.flac"
    others = {path: path.read_bytes() for path in started.music.iterdir() if path != song}
    before = song.read_bytes()
    job = done(client, client.post(PLANS, json={"where": "title = 'Low'", **GAIN}))
    assert job["result"] == client.get(job["links"]["result"]).json()
    assert (job["result"]["files"], job["result"]["values"]["gain"]) == (1, 1)
    place = f"{PLANS}/{job['result']['plan']}"
    plan = client.get(place).json()
    (file,) = plan["items"]
    assert (file["path"], plan["next"], plan["written"]) == (str(song), None, 0)
    gain = next(change for change in file["changes"] if change["field"] == "gain")
    assert (gain["name"], gain["old"]) == ("REPLAYGAIN_TRACK_GAIN", [])
    assert song.read_bytes() == before

    job = done(client, client.post(f"{place}:apply", json={"keep_times": True}))
    assert job["result"] == {"act": "apply", "plan": plan["id"], "written": 1, "already": 0, "refused": 0}
    assert client.get(job["links"]["result"]).json()["written"] == [str(song)]
    assert [mutagen.File(song)["REPLAYGAIN_TRACK_GAIN"][0]] == gain["new"]
    assert [(kept["id"], kept["written"]) for kept in client.get(PLANS).json()["items"]] == [(plan["id"], 1)]

    assert done(client, client.post(f"{place}:apply", json={}))["result"]["already"] == 1
    assert done(client, client.post(f"{place}:undo"))["result"]["written"] == 1
    assert song.read_bytes() == before
    assert {path: path.read_bytes() for path in others} == others
    assert client.get(place).json()["written"] == 0
    job = done(client, client.post(f"{place}:undo"))
    assert (job["state"], job["error"]["problem"]) == ("failed", "no tags to be undone")
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == client.post(f"{place}:apply", json={}).status_code == 404


def test_pages_have_every_file_once_and_some_are_left_out(started):
    client = started("--write-files")
    place = f"{PLANS}/{planned(client, **GAIN)}"
    paths, cursor = [], {}
    while cursor is not None:
        page = client.get(place, params={"limit": 2, **cursor}).json()
        paths += [file["path"] for file in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert paths == sorted(map(str, started.music.iterdir()))
    assert client.get(place, params={"cursor": "made-up"}).status_code == 400
    assert client.get(place, params={"rows": "all"}).status_code == 422
    time.sleep(1.1)  # when a plan was made is told in seconds
    newer = planned(client, q="low", **GAIN)
    first = client.get(PLANS, params={"limit": 1}).json()
    second = client.get(PLANS, params={"limit": 1, "cursor": first["next"]}).json()
    assert [plan["id"] for plan in first["items"] + second["items"]] == [newer, place.rpartition("/")[2]]
    job = done(client, client.post(f"{place}:apply", json={"skip": paths[:2]}))
    assert client.get(job["links"]["result"]).json()["written"] == paths[2:]


def test_tracks_are_chosen_by_id_and_the_tags_come_as_they_were_asked(started):
    client = started()
    track = client.get("/api/v1/tracks", params={"q": "low"}).json()["items"][0]["track_id"]
    client.patch(f"/api/v1/tracks/{track}/corrections", json={"tempo": 90, "key": "Am"})
    asked = {"tracks": [track], "fields": ["key"], "notation": "camelot", "profile": "rekordbox"}
    (file,) = client.get(f"{PLANS}/{planned(client, **asked)}").json()["items"]
    assert [(change["name"], change["new"]) for change in file["changes"]] == [("INITIALKEY", ["8A"]), ("KEY", ["8A"])]
    gone = done(client, client.post(PLANS, json=asked | {"tracks": ["0" * 20]}))
    assert gone["error"]["source"] == "0" * 20


def test_what_is_refused_is_named_with_what_helps(started):
    client, song = started("--write-files"), started.music / "low.flac"
    place = f"{PLANS}/{planned(client, **GAIN)}"
    song.chmod(0o444)
    job = done(client, client.post(f"{place}:apply", json={}))
    assert (job["state"], job["result"]["written"], job["result"]["refused"]) == ("succeeded", 4, 1)
    (refused,) = client.get(job["links"]["result"]).json()["refused"]
    assert refused["path"] == str(song)
    assert refused["remedy"] == "Change its permissions, or leave it out."
    again = f"{PLANS}/{planned(client, **GAIN)}"
    told = client.get(again, params={"rows": "refused"}).json()
    assert {item["problem"] for item in told["items"]} == {
        "is read-only, or its folder is",
        "has changed since it was scanned",
    }


def test_a_link_out_of_the_folders_is_no_way_to_other_files(started, tmp_path, prepared):
    outside = tmp_path / "private.flac"
    shutil.copy(prepared / "music" / "low.flac", outside)
    (started.music / "low.flac").unlink()
    (started.music / "low.flac").symlink_to(outside)
    Catalogue(tmp_path / "catalogue").scan(started.music, prepared / "tiny.onnx", ScanOptions(workers=1))
    client, before = started("--write-files"), outside.read_bytes()
    place = f"{PLANS}/{planned(client, q='low', **GAIN)}"
    assert "outside of the folders" in client.get(place, params={"rows": "refused"}).json()["items"][0]["problem"]
    assert done(client, client.post(f"{place}:apply", json={}))["result"]["written"] == 0
    assert outside.read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "status"),
    [({"profile": "serato"}, 422), ({"profile": "/etc/x.toml"}, 422), ({"mode": "wipe"}, 422),
     ({"fields": ["bmp"]}, 422), ({"gates": {"loud": 1}}, 422), ({"gates": {"key_confidence": 2}}, 422),
     ({"notation": "german"}, 422), ({"where": "nonsense ="}, 400), ({"q": "low", "tracks": ["0" * 20]}, 400),
     ({"path": "/etc"}, 422)],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_at_once(client, asked, status):
    answer = client.post(PLANS, json=asked)
    assert (answer.status_code, bool(answer.json()["remedy"])) == (status, True), answer.text


def test_who_may_write_and_where(started):
    client = started()
    assert client.get("/api/v1/tag-profiles").json()["writes"] is False
    plan = planned(client, **GAIN)
    before = (started.music / "low.flac").read_bytes()
    for act in ("apply", "undo"):
        answer = client.post(f"{PLANS}/{plan}:{act}", json={})
        assert (answer.status_code, answer.json()["detail"]) == (403, "this server does not write into files")
        assert "--write-files" in answer.json()["remedy"]
    with client.server.client("read", "search", "audio", "analyze", "write-catalogue") as other:
        assert other.get(f"{PLANS}/{plan}").status_code == 200
        for answer in (
            other.post(PLANS, json=GAIN), other.post(f"{PLANS}/{plan}:apply", json={}),
            other.post(f"{PLANS}/{plan}:undo"), other.delete(f"{PLANS}/{plan}"),
        ):  # fmt: skip
            assert (answer.status_code, answer.json()["source"]) == (403, "write-files")
    assert (started.music / "low.flac").read_bytes() == before


def test_without_mutagen_it_says_what_to_install(started, monkeypatch, tmp_path):
    (tmp_path / "no").mkdir()
    (tmp_path / "no" / "sitecustomize.py").write_text(
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'mutagen' else find(name, *more)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'no'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    answer = started().post(PLANS, json=GAIN)
    assert (answer.status_code, answer.json()["type"]) == (501, "/api#missing-package")
    assert "pip install 'earmark[tag]'" in answer.json()["remedy"]


@pytest.mark.long
def test_a_writing_job_that_a_kill_has_ended_goes_on_where_it_may(started, prepared):
    for i in range(60):
        shutil.copy(started.music / "low.flac", started.music / f"low {i}.flac")
    catalogue = started.music.parent / "catalogue"
    Catalogue(catalogue).scan(started.music, prepared / "tiny.onnx", ScanOptions(workers=1))
    client = started("--write-files")
    before = {path: path.read_bytes() for path in started.music.iterdir()}
    plan = planned(client, **GAIN)
    job = client.post(f"{PLANS}/{plan}:apply", json={}).json()
    while not (written := client.get(f"{PLANS}/{plan}").json()["written"]):
        time.sleep(0.02)
    client.server.kill()
    time.sleep(1)
    strict = started()
    job = strict.get(job["links"]["self"]).json()
    assert (job["state"], written < 65) == ("interrupted", True)
    answer = strict.patch(job["links"]["self"], json={"state": "queued"})
    assert (answer.status_code, "--write-files" in answer.json()["remedy"]) == (403, True)
    strict.server.kill()
    client = started("--write-files")
    answer = client.patch(job["links"]["self"], json={"state": "queued"})
    job = done(client, answer)
    assert job["result"]["written"] + job["result"]["already"] == 65
    assert not list(started.music.glob(".earmark*"))
    assert done(client, client.post(f"{PLANS}/{plan}:undo"))["result"]["written"] == 65
    assert {path: path.read_bytes() for path in started.music.iterdir()} == before
