"""Media servers behind a live server: named, tried and given playlists, in front of a server of our own."""

import json
import shutil

import httpx
import pytest

from earmark.interop.servers.known import KnownServer, add_server, known_server, known_servers, remove_server
from earmark.interop.servers.songs import Song
from earmark.library import Catalogue
from live_server import LiveServer, finished
from media_servers import SECRET, USER, media_server

API = "/api/v1"
SERVERS = f"{API}/servers"


@pytest.fixture(scope="module", autouse=True)
def own_servers(tmp_path_factory):
    """The live servers of these tests know those that are named here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_MEDIA", str(tmp_path_factory.mktemp("media")))
        yield


@pytest.fixture(scope="module")
def catalogue(prepared, tmp_path_factory):
    """With the list Calm of two tracks."""
    found = Catalogue(shutil.copytree(prepared / "catalogue", tmp_path_factory.mktemp("here") / "catalogue"))
    found.make_playlist("Calm", tracks=[track.track_id for track in found.chosen()][:2])
    return found


@pytest.fixture(scope="module")
def running(catalogue):
    """Two live servers: one that may ask servers of this machine, and one that may not."""
    both = LiveServer(catalogue.path, "--media-host", "127.0.0.1"), LiveServer(catalogue.path)
    yield both
    for live in both:
        live.kill()


@pytest.fixture
def server(running):
    yield running[0]
    for name in known_servers():
        remove_server(name)


@pytest.fixture
def strict(running):
    yield running[1]
    for name in known_servers():
        remove_server(name)


@pytest.fixture(params=["navidrome", "jellyfin", "plex"])
def media(request, catalogue):
    """A server of a kind that has the first of the two tracks."""
    track = next(catalogue.chosen())
    with media_server(request.param, [Song("s1", "A title", duration=1.0, path=track.files[0].path)]) as media:
        media.kind = request.param
        yield media


def wanted(media, **changes) -> dict:
    return {"name": "home", "kind": media.kind, "url": media.base, "user": USER, "secret": SECRET} | changes


def test_a_server_is_named_tried_matched_and_given_a_list(server, media, catalogue):
    with server.client() as admin:
        made = admin.post(SERVERS, json=wanted(media))
        assert made.status_code == 201, made.text
        base = made.headers["location"]
        tried = admin.post(f"{base}:test").json()
        assert (tried["ok"], tried["problem"]) == (True, None)
        assert tried["says"].lower().startswith(media.kind)

        job = admin.post(f"{base}:match", json={"playlist": "Calm"})
        assert (job.status_code, job.json()["kind"]) == (202, "push")
        done = finished(admin, job.json())
        assert done["result"] == {"matched": 1, "missing": 1, "written": False}
        report = admin.get(done["links"]["result"]).json()
        first, second, *_ = catalogue.chosen()
        (pair,) = report["pairs"]
        assert (pair["track_id"], pair["by"], pair["song"]["id"]) == (first.track_id, "path", "s1")
        assert report["missing"] == [{"track_id": second.track_id, "title": second.title}]
        assert media.lists == {}

        done = finished(admin, admin.post(f"{base}:push", json={"playlist": catalogue.playlist("Calm").id}).json())
        assert done["result"]["written"] is True
        assert media.lists == {"Calm": ["s1"]}
        assert admin.delete(base).status_code == 204
        assert admin.get(base).status_code == 404
        assert admin.get(SERVERS).json()["items"] == []


@pytest.fixture
def navidrome(catalogue):
    with media_server("navidrome", []) as media:
        media.kind = "navidrome"
        yield media


def test_the_secret_is_in_no_answer(server, navidrome):
    with server.client() as admin:
        answers = [admin.post(SERVERS, json=wanted(navidrome, roots=["/music=/data"]))]
        base = answers[0].headers["location"]
        answers += [admin.get(path) for path in (SERVERS, base, f"{API}/jobs")]
        answers += [admin.post(f"{base}:test"), admin.patch(base, json={"user": "bob"}), admin.post(f"{base}:test")]
        job = admin.post(f"{base}:push", json={"playlist": "Calm"})
        done = finished(admin, job.json())
        assert done["error"]["problem"] == "refuses: Wrong username or password"
        answers += [job, admin.get(f"{API}/jobs/{done['id']}"), admin.post(SERVERS, json=wanted(navidrome))]
        assert [answer.status_code for answer in answers[-3:]] == [202, 200, 409]
        assert SECRET not in "".join(answer.text for answer in answers)
        assert answers[5].json()["user"] == "bob"
        assert (answers[6].json()["ok"], answers[6].json()["problem"]) == (False, done["error"]["problem"])
    assert known_server("home").secret == SECRET


def test_a_secret_stays_with_the_address_that_it_was_given_for(server, navidrome):
    with server.client() as admin, media_server("navidrome", []) as other:
        base = admin.post(SERVERS, json=wanted(navidrome)).headers["location"]
        refused = admin.patch(base, json={"url": other.base})
        assert (refused.status_code, refused.json()["source"]) == (422, "#/body/secret")
        assert admin.patch(base, json={"url": other.base, "secret": "another"}).json()["url"] == other.base
        admin.post(f"{base}:test")
        assert len(other.asked) == 1
        assert known_server("home").secret == "another"
        assert admin.patch(base, json={"name": "x"}).status_code == 422


@pytest.mark.parametrize("scope", ["read", "write-catalogue"])
def test_who_may_what(server, navidrome, scope):
    with server.client() as admin, server.client(scope) as other:
        base = admin.post(SERVERS, json=wanted(navidrome)).headers["location"]
        found = {
            "see": other.get(SERVERS), "name": other.post(SERVERS, json=wanted(navidrome, name="b")),
            "change": other.patch(base, json={"user": "x"}), "try": other.post(f"{base}:test"),
            "push": other.post(f"{base}:push", json={"playlist": "Calm"}), "forget": other.delete(base),
        }  # fmt: skip
    may = {"read": {"see": 200}, "write-catalogue": {"push": 202}}[scope]
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(found, 403) | may


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"url": "http://127.0.0.1:4533"}, 422), ("http://[::1]:4533", 422), ("http://169.254.169.254/", 422),
        ("http://10.0.0.1", 422), ("http://[::ffff:127.0.0.1]/", 422), ("file:///etc/passwd", 422),
        ("http://user:word@example.org/", 422), ("http://example.org/?key=x", 400), ({"kind": "winamp"}, 422),
        ({"kind": "jellyfin", "user": ""}, 400), ({"roots": ["nowhere"]}, 400), ({"secret": ""}, 422),
        ({"owner": "x"}, 422), ({"public": False}, 422), ("https://media.example", 201),
    ],
)  # fmt: skip
def test_what_a_key_may_not_name(strict, changes, status):
    body = {"name": "x", "kind": "plex", "url": "https://media.example", "secret": "s"}
    with strict.client() as admin:
        answer = admin.post(SERVERS, json=body | (changes if isinstance(changes, dict) else {"url": changes}))
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["public"] is True


def test_a_name_of_this_machine_is_refused_when_it_is_asked(strict, navidrome):
    url = navidrome.base.replace("127.0.0.1", "localhost")
    with strict.client() as admin:
        base = admin.post(SERVERS, json=wanted(navidrome, url=url)).headers["location"]
        tried = admin.post(f"{base}:test").json()
    assert (tried["ok"], tried["problem"]) == (False, "lies in this machine or a private network")
    assert navidrome.asked == []


def test_whoever_has_the_printed_address_may_name_one_at_home(strict, navidrome):
    with httpx.Client(base_url=strict.base, follow_redirects=True) as browser:
        browser.get("/enter", params={"token": strict.token})
        made = browser.post(SERVERS, json=wanted(navidrome), headers={"Origin": strict.base})
        assert (made.status_code, made.json()["public"]) == (201, False)
        assert browser.post(f"{made.headers['location']}:test").json()["ok"] is True
    with strict.client() as key:
        cookie = {"cookie": key.post(f"{API}/session").headers["set-cookie"].partition(";")[0]}
    with strict.stranger(headers=cookie) as browser:
        assert browser.post(SERVERS, json=wanted(navidrome, name="other")).status_code == 422


def test_one_that_was_named_on_this_machine_is_there_and_asked(strict, navidrome):
    add_server(KnownServer("n\u00e4s/1:test", "navidrome", navidrome.base, USER, (), SECRET))
    with strict.client() as admin:
        (found,) = admin.get(SERVERS).json()["items"]
        assert (found["name"], found["public"]) == ("n\u00e4s/1:test", False)
        assert admin.post(f"{SERVERS}/{found['id']}:test").json()["ok"] is True


@pytest.mark.parametrize("playlist", ["no such list", "0" * 12])
def test_a_playlist_that_is_not_there_is_told_at_once(server, navidrome, playlist):
    with server.client() as admin:
        base = admin.post(SERVERS, json=wanted(navidrome)).headers["location"]
        answer = admin.post(f"{base}:push", json={"playlist": playlist})
    assert (answer.status_code, answer.json()["type"]) == (400, "/api#not-found")


def test_the_same_request_twice_is_one_job(server, navidrome):
    with server.client() as admin:
        base = admin.post(SERVERS, json=wanted(navidrome)).headers["location"]
        ids = {
            admin.post(f"{base}:match", json={"playlist": "Calm"}, headers={"Idempotency-Key": "a"}).json()["id"]
            for _ in range(2)
        }
        assert len(ids) == 1
        other = admin.post(f"{base}:push", json={"playlist": "Calm"}, headers={"Idempotency-Key": "a"})
        assert other.status_code == 409


def test_what_a_hostile_server_calls_itself_is_shown_in_bounds(server, navidrome):
    navidrome.broken = json.dumps(
        {"subsonic-response": {"status": "ok", "type": "\x1b[2J\u202e<script>" * 1000}}
    ).encode()
    with server.client() as admin:
        base = admin.post(SERVERS, json=wanted(navidrome)).headers["location"]
        says = admin.post(f"{base}:test").json()["says"]
    assert len(says) < 1000
    assert says.isprintable()
