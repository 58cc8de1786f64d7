"""Ranges of histograms, taken by dragging and by keyboard."""

import re

import pytest

from page_helpers import heading, serious, until

BARS = "[...document.querySelectorAll('.histo.tall [aria-label^=Energy]')]"
SAYS = f"{BARS}[0].closest('section').querySelector('[role=status]').textContent"


@pytest.fixture
def energy(open_page):
    """The start page, and the bars of its histogram of energy."""
    page = open_page("/")
    page.wait_for_selector(".startgrid")
    return page, page.get_by_role("link", name=re.compile("^Energy "))


def edges(bars, first: int, last: int) -> tuple[str, str]:
    """From where the first bar goes, and to where the last one does."""
    found = [re.match(r"Energy (\S+) to (\S+) ", bars.nth(i).get_attribute("aria-label")) for i in (first, last)]
    return found[0][1], found[1][2]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_drag_over_bars_asks_for_their_range(energy, backwards):
    page, bars = energy
    n = bars.count()
    low, high = edges(bars, 1, n - 2)
    counts = [int(re.search(r": ([\d,]+) track", bars.nth(i).get_attribute("aria-label"))[1]) for i in range(1, n - 1)]
    boxes = [bars.nth(i).bounding_box() for i in ((n - 2, 1) if backwards else (1, n - 2))]
    middle = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    page.mouse.move(*middle[0])
    page.mouse.down()
    page.mouse.move(*middle[1], steps=6)
    assert page.evaluate(SAYS).startswith(f"{low} to {high} : {sum(counts)} track")
    assert page.evaluate(f"{BARS}.filter((x) => x.classList.contains('is-in')).length") == n - 2
    page.mouse.up()
    until(page, f"location.search === '?q=energy%3A{low}..{high}'")


def test_a_range_is_taken_by_keyboard_and_let_go(energy):
    page, bars = energy
    bars.first.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    low, high = edges(bars, 1, 4)
    until(page, f"{SAYS}.startsWith('{low} to {high} ')")
    page.keyboard.press("Escape")
    assert page.evaluate(SAYS) == ""
    page.keyboard.press("Shift+End")
    low, high = edges(bars, 4, bars.count() - 1)
    assert serious(page) == []
    page.keyboard.press("Enter")
    until(page, f"location.search === '?q=energy%3A{low}..{high}'")
    page.wait_for_selector("tr[data-row], .empty")


def test_arrows_on_a_bar_do_not_move_the_sound_and_enter_alone_asks_for_one_bar(energy):
    page, bars = energy
    assert page.locator(".histo.tall [tabindex='0']").count() == page.locator(".histo.tall").count()
    bars.first.focus()
    page.keyboard.press("ArrowRight")
    low, high = edges(bars, 1, 1)
    page.keyboard.press("Enter")
    until(page, f"location.search === '?q=energy%3A{low}..{high}'")


def test_the_histograms_beside_the_table_are_dragged_too(open_page):
    page = open_page("/tracks")
    page.wait_for_selector("tr[data-row]")
    heading(page, "Tracks")
    histo = page.locator(".facet", has_text="Energy").locator(".histo")
    box = histo.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 10, steps=5)
    low, high = (page.get_by_label(f"{what} energy").input_value() for what in ("Lowest", "Highest"))
    page.mouse.up()
    until(page, f"document.querySelector('#q').value === 'energy:{low}..{high}'")
    assert float(low) < float(high)
