"""The first view: counts that filter, and the first run of an empty catalogue."""

import re

import pytest

from live_server import LiveServer
from page_helpers import heading, until
from sounds import tune, write_sound


def test_bars_of_the_start_page_are_filters(open_page, api):
    n = api.get("/api/v1/catalogue").json()["tracks"]
    page = open_page("/")
    heading(page, f"{n} tracks")
    page.get_by_text("1 file failed").wait_for()
    page.get_by_role("link", name=re.compile("^Energy .*: [1-9]")).first.click()
    until(page, "location.pathname === '/tracks' && location.search.startsWith('?q=energy')")
    until(page, "document.querySelectorAll('tr[data-row]').length >= 1")


@pytest.fixture
def fresh(tmp_path):
    """A server over a catalogue that nothing was scanned into, and a folder of music."""
    (tmp_path / "music").mkdir()
    write_sound(tmp_path / "music" / "one.flac", tune(3, 6.0), tags={"title": "The first"})
    server = LiveServer(tmp_path / "catalogue")
    yield server, tmp_path / "music"
    server.end()


def test_the_first_run_takes_a_folder_and_shows_tracks_as_they_come(browser, fresh):
    server, music = fresh
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.base}/enter?token={server.token}")
    heading(page, "Where is your music?")
    page.get_by_label("Folder on the machine").fill(str(music))
    page.get_by_role("button", name="Scan").click()
    page.locator(".arriving", has_text="The first").wait_for(timeout=90_000)
    page.get_by_text("succeeded: 1 track").wait_for()
    page.get_by_role("link", name="Start", exact=True).click()
    heading(page, "1 track")
    context.close()
