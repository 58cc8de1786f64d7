"""Analyses over HTTP: of what is sent, and again of what the catalogue holds."""

import json

import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
from live_server import LiveServer, finished
from sounds import tune, write_sound

ANALYSES = "/api/v1/analyses"


def accepted(answer) -> dict:
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/jobs/{answer.json()['id']}"
    return answer.json()


def test_an_upload_is_analysed_compared_and_not_kept(client, live, tmp_path):
    path = write_sound(tmp_path / "mine.flac", tune(3, 3.0), tags={"title": "Mine"})
    job = accepted(client.post(ANALYSES, params={"name": "../../mine.flac"}, content=path.read_bytes()))
    job = finished(client, job)
    assert job["state"] == "succeeded", job
    assert job["spec"]["name"] == "mine.flac"
    assert job["result"]["kept"] is job["result"]["used_for_training"] is False
    result = client.get(job["links"]["result"]).json()
    assert (result["title"], result["path"]) == ("Mine", None)
    similar = client.post("/api/v1/similar", json={"seeds": [{"analysis": job["id"]}]}).json()["items"]
    assert similar
    assert client.get("/api/v1/catalogue").json()["tracks"] == 5
    with live.client("read", "search") as other:
        assert other.get(job["links"]["result"]).status_code == 404
        assert other.post("/api/v1/similar", json={"seeds": [{"analysis": job["id"]}]}).status_code == 404
        assert other.delete(job["links"]["self"]).status_code == 403
    assert client.delete(job["links"]["self"]).status_code == 204
    assert client.get(job["links"]["self"]).status_code == 404


@pytest.mark.parametrize(
    "content", [b"RIFF" + b"\0" * 5000, b"#EXTM3U\nfile:///etc/passwd\n", b"PK\x03\x04" + b"\xff" * 100, b"<svg/>"]
)
def test_a_hostile_upload_costs_its_job_alone(client, content):
    for name in ("x.mp3", "x.earprint", "x.m3u8"):
        job = finished(client, accepted(client.post(ANALYSES, params={"name": name}, content=content)))
        assert job["state"] == "failed"
        assert job["error"]["source"] == name
        assert "root:" not in str(job)
        if content[:4] != b"RIFF":
            break  # one name is enough for each


@pytest.fixture
def own_music(prepared, tmp_path):
    """A server, and the music that it has scanned, to be changed at will."""
    music, model = write_music(tmp_path / "music"), load_model(prepared / "tiny.onnx")
    store = Store(tmp_path / "catalogue", create=True)
    scan(store, [music], model, str(model.path), executor=FakeExecutor(model))
    server = LiveServer(tmp_path / "catalogue")
    yield server, music
    server.kill()


def test_tracks_are_heard_again_and_corrections_stay(own_music, ids):
    server, music = own_music
    with server.client() as admin:
        admin.patch(f"/api/v1/tracks/{ids['Low']}/corrections", json={"tempo": 92})
        (music / "high.flac").unlink()
        tracks = [ids["Low"], ids["High"]]
        job = accepted(admin.post(ANALYSES, json={"tracks": [*tracks, ids["Low"]]}))
        assert (job["kind"], job["spec"]["tracks"]) == ("reanalysis", tracks)
        job = finished(admin, job)
        assert job["state"] == "succeeded", job
        report = admin.get(job["links"]["result"]).json()
        assert (report["found"], report["analysed"], report["gone"]) == (1, 1, [str(music / "high.flac")])
        assert admin.get(f"/api/v1/tracks/{ids['Low']}").json()["tempo"]["bpm"] == 92
        assert admin.get("/api/v1/catalogue").json()["tracks"] == 5


def test_where_no_file_is_left_the_job_says_so(own_music, ids):
    server, music = own_music
    for path in music.iterdir():
        path.unlink()
    with server.client() as admin:
        job = finished(admin, accepted(admin.post(ANALYSES, json={"tracks": [ids["Low"]]})))
    assert (job["state"], job["error"]["problem"]) == ("failed", "none of its files is there")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"tracks": ["0" * 20]}, 400), ({"tracks": []}, 422), ({}, 422), ({"tracks": ["x"]}, 422), ([], 422),
        ({"tracks": ["0" * 20], "more": 1}, 422), ({"tracks": ["0" * 20] * 1001}, 422), (None, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_heard_again_is_refused(client, body, status):
    content = b"" if body is None else json.dumps(body)
    answer = client.post(ANALYSES, content=content, headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_of_json_is_bounded_as_any_other(client):
    huge = b'{"tracks": ["' + b"0" * 2**21 + b'"]}'
    assert client.post(ANALYSES, content=huge, headers={"Content-Type": "application/json"}).status_code == 413


def test_hearing_tracks_again_takes_both_scopes(live, ids):
    body = {"tracks": [ids["Low"]]}
    for scopes in (("analyze",), ("write-catalogue",)):
        with live.client(*scopes) as other:
            assert other.post(ANALYSES, json=body).status_code == 403
