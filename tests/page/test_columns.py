"""Which columns the long table has, and many rows chosen at once."""

import json
import re

import pytest

from page_helpers import serious, titles, until

HEADS = "[...document.querySelectorAll('table.list thead th')].map((x) => x.textContent.trim()).join()"


def heads(page) -> list[str]:
    page.wait_for_selector("table.list tr[data-row]")
    return [text.strip() for text in page.locator("table.list thead th").all_text_contents()][2:]


def test_columns_are_chosen_remembered_and_part_of_the_address(open_page):
    page = open_page("/tracks")
    assert heads(page)[-2:] == ["LUFS", "Length"]
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Album").check()
    page.get_by_label("LUFS").uncheck()
    page.get_by_label("A tag as a column").fill("calm")
    page.keyboard.press("Enter")
    until(page, f"{HEADS}.endsWith('Energy,Length,Album,calm')")
    assert page.locator("tr[data-row]", has_text="Alpha").get_by_text("One").count() == 1
    address = page.url
    assert "album" in address
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("link", name="Tracks", exact=True).first.click()
    assert heads(page)[-2:] == ["Album", "calm"]
    assert page.url == address
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("button", name="The usual ones").click()
    until(page, f"{HEADS}.endsWith('LUFS,Length')")
    assert page.url.endswith("/tracks")


def test_an_address_brings_its_columns_and_the_table_is_sorted_by_a_tag(open_page, api):
    page = open_page("/tracks?columns=mood/calmness,album,nonsense")
    assert heads(page) == ["Track ↑", "calm", "Album"]
    page.get_by_role("button", name="calm", exact=True).click()
    until(page, "location.search.includes('sort=mood_calmness')")
    expected = [x["title"] for x in api.get("/api/v1/tracks?sort=mood_calmness").json()["items"]]
    until(page, "(first) => document.querySelector('tr[data-row] .ttl')?.textContent === first", arg=expected[0])
    assert [x[:20] for x in titles(page)] == [x[:20].strip() for x in expected]
    assert heads(page)[1:] == ["calm ↑", "Album"]


@pytest.mark.parametrize("width", [320, 1280])
def test_chosen_columns_scroll_beside_the_titles_and_not_the_page(open_page, width):
    every = "tags,tempo,camelot,energy,loudness,duration,album,year,metre,path,mood/calmness,true_peak"
    page = open_page(f"/tracks?columns={every}", width)
    assert len(heads(page)) == 13
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".sideways").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.results').scrollLeft > 0")
    assert serious(page) == []


def test_many_rows_are_chosen_by_mouse_and_by_keyboard(open_page):
    page = open_page("/tracks")
    names = titles(page)
    page.get_by_label(f"Choose {names[0]}").check()
    page.get_by_label(f"Choose {names[2]}").click(modifiers=["Shift"])
    page.get_by_text("3 chosen").wait_for()
    assert page.locator("tr.is-picked").count() == 3
    page.get_by_role("button", name="Let go").click()
    page.evaluate("document.activeElement.blur()")
    for key in ["j", "j", "x", "j", "j", "Shift+X"]:
        page.keyboard.press(key)
    page.get_by_text("3 chosen").wait_for()
    assert not page.get_by_label(f"Choose {names[0]}").is_checked()
    page.get_by_label("Choose all that are listed").check()
    page.get_by_text(re.compile(f"{len(names)} chosen")).wait_for()
    page.get_by_label("Choose all that are listed").uncheck()
    page.locator(".selbar").wait_for(state="hidden")


def test_all_that_fit_are_chosen_also_those_that_are_not_listed_yet(open_page, api):
    n = api.get("/api/v1/catalogue").json()["tracks"]  # other tests may have scanned more
    page = open_page("/jobs")
    held = []

    def few(route):
        body = route.request.post_data_json
        if body["limit"] == 100:  # the second page never comes
            return held.append(route)
        return route.continue_(post_data=json.dumps(body | ({"limit": 2} if body["limit"] == 40 else {})))

    page.route("**/api/v1/tracks/search", few)
    page.get_by_role("link", name="Tracks", exact=True).first.click()
    assert len(titles(page)) == 2
    page.get_by_label("Choose all that are listed").check()
    page.get_by_text("2 chosen").wait_for()
    page.get_by_role("button", name="All that fit").click()
    page.get_by_text(f"{n} chosen").wait_for()
