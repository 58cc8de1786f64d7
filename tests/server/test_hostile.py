"""Input that wants to do harm, sent to a live server; titles with scripts stand in tests/page."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_server import finished

NAMES = ("title", "tempo", "tags", "track_id", "shown", "rowid", "title; DROP TABLE tracks", 'title" OR 1=1 --', "")
PIECES = (
    "title",
    "=",
    "'x'",
    "''",
    "'",
    '"',
    ";",
    "--",
    "/*",
    "OR",
    "1=1",
    "(",
    ")",
    "SELECT",
    "sleep(9)",
    "LIKE",
    "%",
    "\0",
)
VALUES = st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.sampled_from(PIECES))
TREES = st.recursive(
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(NAMES),
        st.sampled_from(["eq", "ne", "lt", "in", "between", "like", "has", "is_null", "exec"]),
        st.one_of(VALUES, st.lists(VALUES, max_size=3)),
    ),
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda parts: {"and": parts}),
        below.map(lambda part: {"not": part}),
        st.dictionaries(st.sampled_from(["and", "or", "sql", "field"]), below, max_size=2),
    ),
    max_leaves=6,
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(tree=TREES)
def test_a_filter_in_json_is_understood_or_refused(client, tree):
    answer = client.post("/api/v1/tracks:search", json={"filter": tree, "fields": ["title"]})
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"


@FEW
@given(parts=st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_filter_in_text_is_understood_or_refused(client, parts):
    answer = client.get("/api/v1/tracks", params={"where": " ".join(parts), "fields": "title"})
    assert answer.status_code in (200, 400, 422), answer.text
    assert client.get("/api/v1/catalogue").json()["tracks"] == 5


def test_an_earprint_that_swells_costs_its_job_alone(client):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("S.npy", b"\0" * 200_000_000)
    job = client.post("/api/v1/analyses", params={"name": "bomb.earprint"}, content=bomb.getvalue()).json()
    job = finished(client, job)
    assert job["state"] == "failed"
    assert job["error"]["source"] == "bomb.earprint"
    assert client.get("/api/v1/catalogue").status_code == 200


@pytest.mark.parametrize("name", ["../../x.mp3", "..\\..\\x.mp3", "C:\\x.mp3", "x\0.mp3", "/etc/passwd", "a" * 4000])
def test_no_name_of_an_upload_is_a_path(client, live, name):
    job = finished(client, client.post("/api/v1/analyses", params={"name": name}, content=b"no sound").json())
    assert job["state"] == "failed"
    assert "/" not in job["spec"]["name"]
    assert len(job["spec"]["name"]) <= 210


def test_a_form_of_many_fields_is_refused_at_once(client):
    form = "&".join(f"f{i}=1" for i in range(100_000)).encode()
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post("/api/v1/analyses", content=form, headers={"Content-Type": kind})
        assert answer.status_code in (202, 413, 415)
        answer = client.post("/api/v1/similar", content=form, headers={"Content-Type": kind})
        assert answer.status_code in (400, 413, 415, 422)


def test_what_nobody_asked_for_is_refused(client, ids):
    for method, path, body in (
        ("PATCH", f"/api/v1/tracks/{ids['Low']}/corrections", {"tempo": 90, "owner": "me"}),
        ("POST", "/api/v1/keys", {"name": "x", "scopes": ["read"], "id": "00000000"}),
        ("POST", "/api/v1/scans", {"options": {"worker_memory": 1}}),
        ("POST", "/api/v1/exports", {"format": "csv", "path": "/tmp/x"}),
        ("POST", "/api/v1/webhooks", {"url": "https://a.example/", "types": ["job.finished"], "secret": "whsec_"}),
    ):
        assert client.request(method, path, json=body).status_code == 422, path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("song.mp3", b"#EXTM3U\n#EXTINF:1,x\nfile:///etc/passwd\n"),
        ("song.mp3", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:1/x.ts\n"),
        ("concat:a.mp3|b.mp3", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("http://127.0.0.1:1/song.mp3", b"RIFF" + b"\0" * 200),
    ],
)
def test_an_upload_that_names_other_files_is_no_sound(client, name, content):
    job = finished(client, client.post("/api/v1/analyses", params={"name": name}, content=content).json())
    assert job["state"] == "failed", job
    assert "passwd" not in str(job["error"])
