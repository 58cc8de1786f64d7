"""What sounds alike on the page: parts that count, a bit of a track, both passages heard in turn."""

import re

from page_helpers import drag_a_bit, heading, titles, until


def test_parts_are_weighted_and_the_address_holds_them(open_page, ids):
    page = open_page(f"/similar?seed={ids['Alpha']}")
    titles(page)
    slider = page.get_by_role("slider", name=re.compile("^rhythm"))
    slider.focus()
    page.keyboard.press("End")
    until(page, "location.search.includes('weights=sound%3A1%2Crhythm%3A2')")
    assert "Alpha" not in titles(page)
    page.get_by_role("button", name="why?").first.click()
    page.locator(".partbars", has_text="rhythm").wait_for()


def test_a_bit_of_a_track_is_a_seed(open_page, ids):
    page = open_page(f"/tracks/{ids['Beta']}")
    drag_a_bit(page)
    page.get_by_role("link", name="Sounds like this bit").click()
    heading(page, "What sounds like these")
    until(page, "decodeURIComponent(location.search).includes('@5.0-10.0')")
    page.get_by_role("button", name="0:05–0:10").wait_for()
    assert "Beta" not in titles(page)


def test_both_passages_are_heard_in_turn(open_page, ids):
    page = open_page(f"/similar?seed={ids['Alpha']}")
    page.get_by_role("button", name="why?").first.click()
    page.get_by_role("button", name="Play A and B in turn").click()
    until(page, "document.querySelector('.pl-says').textContent.startsWith('alike')")
    page.locator(".pl-title", has_text="Alpha").wait_for()
