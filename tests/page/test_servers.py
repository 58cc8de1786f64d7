"""Media servers on the page: named, tried, changed, and given a playlist; in front of servers of our own."""

import pytest

from earmark.interop.servers.known import known_servers, remove_server
from earmark.interop.servers.songs import Song
from live_server import LiveServer
from media_servers import SECRET, USER, media_server
from page_helpers import serious, until


@pytest.fixture(scope="module")
def home(collection, tmp_path_factory):
    """A server that may ask servers of this machine, and the folder where it keeps their names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_MEDIA", str(tmp_path_factory.mktemp("media")))
        live = LiveServer(collection / "catalogue", "--media-host", "127.0.0.1")
        yield live
        live.end()


@pytest.fixture
def server(home):
    """In place of the other server, so that `open_page` opens this one."""
    yield home
    for name in known_servers():
        remove_server(name)


@pytest.fixture
def api(server):
    with server.client() as client:
        yield client


@pytest.fixture
def ids(api):
    return {track["title"]: track["track_id"] for track in api.get("/api/v1/tracks").json()["items"]}


@pytest.fixture(params=["navidrome", "jellyfin", "plex"])
def media(request, collection):
    """A server that has the first file of the collection, and nothing else."""
    song = Song("s1", "A title", duration=1.0, path=str(collection / "music" / "1.flac"))
    with media_server(request.param, [song]) as media:
        media.kind = request.param
        yield media


def named(page, media) -> None:
    """Name the server in Settings, by hand."""
    page.get_by_label("Name of the server").fill("home")
    page.get_by_label("Kind of server").select_option(media.kind)
    page.get_by_label("Address of the server").fill(media.base)
    page.get_by_label("User", exact=True).fill(USER)
    page.get_by_label("Secret", exact=True).fill(SECRET)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Test home").wait_for()


def test_a_server_is_named_tried_and_given_a_playlist(open_page, media, ids, api):
    page = open_page("/settings")
    named(page, media)
    assert SECRET not in page.content()
    page.get_by_role("button", name="Test home").click()
    page.locator(".hooks").get_by_text("lets us in").wait_for()
    made = api.post("/api/v1/playlists", json={"name": "Evening", "tracks": [ids["Alpha"], ids["Beta"]]}).json()
    try:
        page.goto(f"{page.url.rpartition('/')[0]}/playlists/{made['id']}")
        page.locator("summary", has_text="Send").click()
        page.get_by_role("button", name="Look on home").click()
        page.get_by_text("1 of 2 tracks found there").wait_for(timeout=60_000)
        page.locator(".exports li", has_text="Beta").wait_for()
        assert media.lists == {}
        page.get_by_role("button", name="Send to home").click()
        page.get_by_text("it is there").wait_for(timeout=60_000)
        assert media.lists == {"Evening": ["s1"]}
        assert serious(page) == []
    finally:
        api.delete(f"/api/v1/playlists/{made['id']}")


@pytest.fixture
def navidrome():
    with media_server("navidrome", []) as media:
        media.kind = "navidrome"
        yield media


def test_a_wrong_secret_is_told_and_mended(open_page, navidrome):
    page = open_page("/settings")
    named(page, navidrome)
    page.get_by_role("button", name="Change home").click()
    page.get_by_label("Secret of home").fill("wrong")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_text("home is changed").first.wait_for()
    page.get_by_role("button", name="Test home").click()
    page.locator(".problem", has_text="Wrong username or password").wait_for()
    assert serious(page) == []
    page.get_by_role("button", name="Change home").click()
    page.get_by_label("Secret of home").fill(SECRET)
    page.get_by_role("button", name="Change", exact=True).click()
    until(page, "!document.querySelector('.hooks .problem')")
    page.get_by_role("button", name="Test home").click()
    page.get_by_text("lets us in").wait_for()
    page.get_by_role("button", name="Forget home").click()
    page.get_by_text("None yet. Navidrome").wait_for()


def test_an_address_that_no_key_may_name_is_refused_and_without_servers_settings_are_offered(open_page, ids, api):
    page = open_page("/settings")
    page.get_by_label("Name of the server").fill("x")
    page.get_by_label("Address of the server").fill("http://10.0.0.7:4533")
    page.get_by_label("Secret", exact=True).fill("x")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".problem", has_text="private network").wait_for()
    made = api.post("/api/v1/playlists", json={"name": "Nowhere", "tracks": [ids["Alpha"]]}).json()
    try:
        page.goto(f"{page.url.rpartition('/')[0]}/playlists/{made['id']}")
        page.locator("summary", has_text="Send").click()
        page.get_by_role("link", name="Name one in Settings").click()
        until(page, "location.pathname === '/settings'")
    finally:
        api.delete(f"/api/v1/playlists/{made['id']}")
