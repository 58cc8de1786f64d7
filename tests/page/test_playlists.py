"""Playlists on the page: made by a recipe, changed by hand, made again, written out."""

import re

import pytest

from page_helpers import heading, until

ROWS = "[...document.querySelectorAll('.plrows .ttl')].map((x) => x.textContent).join('|')"


@pytest.fixture
def playlist(api, ids):
    """A list by hand: Alpha, Beta, Gamma."""
    wanted = {"name": "By hand", "tracks": [ids[x] for x in ("Alpha", "Beta", "Gamma")], "replace": True}
    made = api.post("/api/v1/playlists", json=wanted).json()
    yield made
    api.delete(f"/api/v1/playlists/{made['id']}")


def test_a_recipe_is_tried_and_kept(open_page, api):
    page = open_page("/playlists/new")
    page.get_by_label("Name").fill("Of the page")
    page.get_by_label("Tracks", exact=True).fill("2")
    page.get_by_role("button", name="Preview").click()
    until(page, "document.querySelectorAll('.plrows > li').length === 2")
    assert "Of the page" not in api.get("/api/v1/playlists").text
    page.get_by_role("button", name="Keep it").click()
    heading(page, "Of the page")
    until(page, "document.querySelectorAll('.plrows > li').length === 2")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Forget the list").click()
    heading(page, "Playlists")
    assert "Of the page" not in api.get("/api/v1/playlists").text


def test_rows_are_moved_locked_removed_and_it_is_taken_back(open_page, api, playlist):
    page = open_page(f"/playlists/{playlist['id']}")
    page.get_by_role("button", name="Move Beta up").click()
    until(page, f"{ROWS} === 'Beta|Alpha|Gamma'")
    page.get_by_role("button", name=re.compile("^Beta, 1 of 3")).focus()
    page.keyboard.press("ArrowDown")
    until(page, f"{ROWS} === 'Alpha|Beta|Gamma'")
    until(page, "document.activeElement.dataset.grip === '2'")  # the keyboard stays with its row
    page.get_by_role("button", name="Remove Gamma").click()
    until(page, f"{ROWS} === 'Alpha|Beta'")
    page.get_by_role("button", name=re.compile("^Undo: ")).click()
    until(page, f"{ROWS} === 'Alpha|Beta|Gamma'")
    lock = page.get_by_role("button", name=re.compile("^(Lock|Unlock) Alpha"))
    before = lock.get_attribute("aria-pressed")
    lock.click()
    until(page, f"document.querySelector('.acts [aria-pressed]').getAttribute('aria-pressed') !== '{before}'")
    assert str(api.get(f"/api/v1/playlists/{playlist['id']}").json()["rows"][0]["locked"]).lower() != before


def test_a_row_is_dragged(open_page, playlist):
    page = open_page(f"/playlists/{playlist['id']}")
    page.locator(".plrows li").nth(2).drag_to(page.locator(".plrows li").nth(0))
    until(page, f"{ROWS} === 'Gamma|Alpha|Beta'")


def test_it_is_made_again_around_locked_rows_and_says_what_changed(open_page, api, playlist):
    path = f"/api/v1/playlists/{playlist['id']}"
    api.patch(path, json={"unlock": [2, 3], "lock": [1]})
    page = open_page(f"/playlists/{playlist['id']}")
    page.get_by_label("Tracks", exact=True).fill("2")
    page.get_by_role("button", name="What would change").click()
    page.get_by_text(re.compile("^It would be: .* removed")).wait_for()
    assert len(api.get(path).json()["rows"]) == 3
    page.get_by_role("button", name="Make again").click()
    until(page, "document.querySelectorAll('.plrows > li').length === 2")
    assert page.locator(".plrows .ttl").first.inner_text() == "Alpha"
    page.locator("[aria-label='What changed']").get_by_role("button", name="Undo").click()
    until(page, f"{ROWS} === 'Alpha|Beta|Gamma'")


def test_energy_and_tempo_are_spoken_and_the_list_is_written_out(open_page, playlist):
    page = open_page(f"/playlists/{playlist['id']}")
    page.get_by_role("img", name=re.compile("^Energy of each track: .*Tempo: ")).wait_for()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as waited:
        page.get_by_role("link", name="M3U8").click()
    assert "1.flac" in waited.value.path().read_text(encoding="utf-8")


def test_what_somebody_else_changed_is_not_overwritten(open_page, api, playlist):
    page = open_page(f"/playlists/{playlist['id']}")
    page.wait_for_selector(".plrows li")
    api.patch(f"/api/v1/playlists/{playlist['id']}", json={"move": [[3, 1]]})
    page.get_by_role("button", name="Remove Beta").click()
    until(page, f"{ROWS} === 'Gamma|Alpha|Beta'")
    page.get_by_text("It was changed elsewhere").first.wait_for()


def test_ticked_tracks_go_into_a_list_by_keyboard(open_page, api, ids):
    page = open_page("/tracks?q=alpha")
    until(page, "document.querySelectorAll('tr[data-row]').length === 1")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("region", name="Chosen tracks").get_by_role("button", name="Add to playlist").press("Enter")
    page.get_by_label("Name of a new playlist").fill("Ticked")
    page.keyboard.press("Enter")
    page.get_by_text("1 track added to Ticked").first.wait_for()
    made = next(x for x in api.get("/api/v1/playlists").json()["items"] if x["name"] == "Ticked")
    rows = api.get(f"/api/v1/playlists/{made['id']}").json()["rows"]
    assert [row["track_id"] for row in rows] == [ids["Alpha"]]
    api.delete(f"/api/v1/playlists/{made['id']}")


def test_a_title_of_markup_stays_text_in_a_list(open_page, api, ids):
    hostile = next(x for x in ids if x.startswith("<script>"))
    wanted = {"name": hostile[:200], "tracks": [ids[hostile], ids["Alpha"]], "replace": True}
    made = api.post("/api/v1/playlists", json=wanted).json()
    for width in (320, 1280):
        for path in (f"/playlists/{made['id']}", "/playlists", "/"):
            page = open_page(path, width)
            page.get_by_text("<script>alert(1)</script>").first.wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    api.delete(f"/api/v1/playlists/{made['id']}")


@pytest.mark.parametrize("menu", ["Export", "Send", "More"])
def test_no_menu_of_a_list_leaves_a_narrow_screen(open_page, ids, api, menu):
    made = api.post("/api/v1/playlists", json={"name": "Narrow", "tracks": [ids["Alpha"], ids["Beta"]]}).json()
    try:
        page = open_page(f"/playlists/{made['id']}", width=320)
        page.locator(".head summary", has_text=menu).click()
        box = page.locator(".head details[open] .panel").bounding_box()
        assert (box["x"] >= 0, box["x"] + box["width"] <= 320) == (True, True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    finally:
        api.delete(f"/api/v1/playlists/{made['id']}")
