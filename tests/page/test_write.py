"""Tags into files from the page: planned, looked at, written, taken back; over a server that may write."""

import re

import mutagen
import pytest

import earmark
from live_server import LiveServer
from page_helpers import heading, until
from sounds import tune, write_sound


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """Three tunes of which one has a genre, scanned."""
    root = tmp_path_factory.mktemp("write")
    (root / "music").mkdir()
    for seed, tags in enumerate([{"title": "Alpha", "genre": "Polka"}, {"title": "Beta"}, {"title": "<b>Gamma"}], 1):
        write_sound(root / "music" / f"{seed} & co.flac", tune(seed, 20.0), tags=tags)
    earmark.Catalogue(root / "catalogue").scan(root / "music")
    return root / "music"


@pytest.fixture(scope="module")
def server(music):
    server = LiveServer(music.parent / "catalogue", "--write-files")
    yield server
    server.end()


@pytest.fixture
def contents(music):
    """Every file as it is; afterwards it must be so again."""
    before = {path: path.read_bytes() for path in music.iterdir()}
    yield before
    assert {path: path.read_bytes() for path in music.iterdir()} == before


def plan(page) -> None:
    page.get_by_role("button", name="Show what would change").click()
    page.wait_for_selector(".difftbl tbody")


def changed(contents) -> int:
    return sum(path.read_bytes() != before for path, before in contents.items())


def test_values_are_looked_at_written_and_taken_back(open_page, contents, music):
    page = open_page("/tracks")
    page.get_by_role("link", name="Write tags").first.click()
    heading(page, "Write tags")
    plan(page)
    assert page.locator(".difftbl tbody").count() == 3
    first = page.locator(".difftbl tbody").first
    assert "none" in first.locator(".old").first.inner_text()
    assert "REPLAYGAIN_TRACK_GAIN" in first.inner_text()
    page.get_by_label("Write into 2 & co.flac").uncheck()
    page.get_by_role("button", name="Write into 2 files").click()
    assert changed(contents) == 0
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Write into 2 files").click()
    page.get_by_role("button", name="Write", exact=True).click()
    page.get_by_text("2 files written. The sound in them is the same, bit for bit.").wait_for()
    assert changed(contents) == 2
    assert mutagen.File(music / "1 & co.flac")["REPLAYGAIN_TRACK_GAIN"]
    page.reload()
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_text("2 files as they were, byte by byte.").wait_for()
    assert changed(contents) == 0
    page.goto(page.url.partition("/write")[0] + "/write")
    page.get_by_text("Earlier plans").wait_for()


def test_what_a_value_becomes_depends_on_the_mode_and_the_question(open_page, contents):
    page = open_page("/write?q=alpha")
    assert page.get_by_label("Those that fit").is_checked()
    for name in ("tempo", "key", "mood", "ReplayGain", "EARMARK_*", "grouping, your own tags"):
        page.get_by_label(name, exact=True).uncheck()
    page.get_by_label("comment block").check()
    page.get_by_role("button", name="Add to it").click()
    plan(page)
    assert page.locator(".difftbl .grp").count() == 1
    assert "[earmark:" in page.locator(".difftbl").inner_text()
    assert page.get_by_label("comment block").is_checked()  # the form is as it was asked
    assert page.get_by_role("button", name="Add to it").get_attribute("aria-pressed") == "true"
    assert not page.get_by_label("tempo", exact=True).is_checked()


def test_ticked_tracks_and_refused_files(open_page, contents, music):
    song = music / "1 & co.flac"
    song.chmod(0o444)
    page = open_page("/tracks?q=alpha")
    until(page, "document.querySelectorAll('tr[data-row]').length === 1")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("region", name="Chosen tracks").get_by_role("link", name="Write tags").press("Enter")
    heading(page, "Write tags")
    assert page.get_by_label("Those that I ticked (1)").is_checked()
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("No file can be written").wait_for()
    page.get_by_role("button", name="See why").click()
    page.get_by_text("is read-only, or its folder is").wait_for()
    page.get_by_text("Change its permissions, or leave it out.").wait_for()
    song.chmod(0o644)


def test_what_is_written_meanwhile_is_told_by_name(open_page, contents, music):
    page = open_page("/write?q=beta")
    plan(page)
    song = music / "2 & co.flac"
    song.chmod(0o444)
    page.get_by_role("button", name="Write into 1 file").click()
    page.get_by_role("button", name="Write", exact=True).click()
    page.get_by_text("1 file left as it is:").wait_for()
    assert "2 & co.flac" in page.locator(".refused").inner_text()
    song.chmod(0o644)


def test_the_whole_way_by_keyboard_alone(open_page, contents):
    page = open_page("/write")
    page.wait_for_selector(".writeform")
    page.get_by_role("button", name="Show what would change").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".difftbl")
    page.get_by_role("button", name=re.compile("^Write into")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write", exact=True).press("Enter")
    page.get_by_text("bit for bit").wait_for()
    page.get_by_role("button", name="Undo", exact=True).press("Enter")
    page.get_by_text("byte by byte").wait_for()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_plan_does_not_scroll_sideways_and_markup_stays_text(open_page, contents, width):
    page = open_page("/write", width)
    plan(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_plan(open_page, contents, scheme):
    playwright_axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = open_page("/write", scheme=scheme)
    plan(page)
    found = playwright_axe.Axe().run(page).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"]) for x in found if x["impact"] in ("serious", "critical")] == []


def test_a_server_that_does_not_write_says_how_it_would(browser, music):
    server = LiveServer(music.parent / "catalogue")
    context = browser.new_context()
    _, key = server.keys.create("browser", ("admin",))
    context.request.post(f"{server.base}/api/v1/session", headers={"Authorization": f"Bearer {key}"})
    page = context.new_page()
    page.goto(f"{server.base}/write")
    plan(page)
    page.get_by_text("earmark serve --write-files").wait_for()
    assert page.get_by_role("button", name=re.compile("^Write into")).is_disabled()
    context.close()
    server.end()
