"""Kinds of files that Chromium does not know are played all the same."""

import pytest

import earmark
from live_server import LiveServer
from page_helpers import heading, until
from sounds import tune, write_sound


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("playing")
    (root / "music").mkdir()
    write_sound(root / "music" / "a.aiff", tune(1, 20.0), tags={"title": "Apple"})
    write_sound(root / "music" / "b.wma", tune(2, 20.0), tags={"title": "Window"})
    earmark.Catalogue(root / "catalogue").scan(root / "music")
    server = LiveServer(root / "catalogue")
    yield server
    server.end()


@pytest.mark.parametrize("title", ["Apple", "Window"])
def test_it_is_heard(open_page, server, title):
    with server.client() as api:
        (track,) = (x for x in api.get("/api/v1/tracks").json()["items"] if x["title"] == title)
    page = open_page(f"/tracks/{track['track_id']}")
    heading(page, title)
    page.locator("article").get_by_role("button", name=f"Play {title}").click()
    until(page, "(async () => (await import('/static/js/player.js')).player.time > 1)()")
    page.locator("#player").get_by_role("button", name="Pause").wait_for()
