"""From one track to another: both ends found, the steps heard, the way kept as a playlist and exported."""

import pytest

from page_helpers import heading, serious, until

WAY = "[...document.querySelectorAll('.plrows .ttl')].map((x) => x.textContent)"


def test_the_way_is_found_and_kept_as_a_playlist_that_can_be_exported(open_page, api, ids):
    page = open_page(f"/similar?seed={ids['Alpha']}")
    page.get_by_role("link", name="The way to another track").click()
    heading(page, "The way from one track to another")
    page.get_by_label("Find the track to which it goes").fill("gamma")
    page.get_by_role("button", name="More like Gamma").click()
    until(page, f"location.search === '?from={ids['Alpha']}&to={ids['Gamma']}'")
    page.get_by_label("Tracks", exact=True).fill("3")
    page.keyboard.press("Tab")
    until(page, f"{WAY}.length === 3")
    asked = {"start": ids["Alpha"], "end": ids["Gamma"], "count": 3}
    found = [x["track_id"] for x in api.post("/api/v1/paths", json=asked).json()["items"]]
    page.get_by_role("button", name="Keep as a playlist").click()
    heading(page, "Alpha to Gamma")
    kept = page.url.rpartition("/")[2]
    try:
        rows = api.get(f"/api/v1/playlists/{kept}").json()["rows"]
        assert [row["track_id"] for row in rows] == found
        assert (found[0], found[-1]) == (ids["Alpha"], ids["Gamma"])
        page.locator(".exports summary", has_text="Export").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="M3U8").click()
        assert "3.flac" in download.value.path().read_text(encoding="utf-8")
    finally:
        api.delete(f"/api/v1/playlists/{kept}")


def test_two_chosen_tracks_have_a_way_that_turns_round_and_plays(open_page, ids):
    page = open_page("/tracks")
    for title in ["Alpha", "Beta"]:
        page.get_by_label(f"Choose {title}").check()
    page.get_by_role("link", name="The way", exact=True).click()
    until(page, f"{WAY}[0] === 'Alpha'")
    page.get_by_role("button", name="The other way round").click()
    until(page, f"{WAY}[0] === 'Beta'")
    assert page.url.endswith(f"from={ids['Beta']}&to={ids['Alpha']}")
    page.get_by_role("button", name="Play", exact=True).first.click()
    page.locator("#player .pl-title", has_text="Beta").wait_for()


def test_rules_that_leave_no_way_are_told(open_page, ids):
    page = open_page(f"/similar?from={ids['Alpha']}&to={ids['Beta']}&where=nonsense+%3E+1")
    page.locator(".problem", has_text="nonsense").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_and_axe_finds_nothing_serious(open_page, ids, width, scheme):
    page = open_page(f"/similar?from={ids['Alpha']}&to={ids['Beta']}&count=3", width, scheme)
    until(page, f"{WAY}.length === 3")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page) == []
