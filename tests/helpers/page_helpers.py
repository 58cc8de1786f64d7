"""What tests of the page wait for and read."""

import time

import pytest

WAIT = 15.0  # seconds


def until(page, question: str, arg=None) -> None:
    """Wait until JavaScript says yes; asked from outside, since the page's policy forbids to evaluate text."""
    end = time.monotonic() + WAIT
    while not page.evaluate(question, arg):
        assert time.monotonic() < end, f"never: {question}"
        page.wait_for_timeout(30)


def titles(page) -> list[str]:
    """The titles in the long table, from above."""
    page.wait_for_selector("tr[data-row] .ttl, .empty")
    return page.locator("tr[data-row] .ttl").all_inner_texts()


def drag_a_bit(page) -> None:
    """Take the second quarter of a track's time axis with the mouse."""
    page.wait_for_selector(".belief")
    box = page.locator(".over").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=5)
    page.mouse.up()


def heading(page, text) -> None:
    """Wait until the title of the view has this text."""
    until(page, "(text) => document.querySelector('h1')?.textContent.includes(text)", arg=text)


def serious(page) -> list[tuple]:
    """What axe holds to be serious or critical; its script is put in by the browser itself, which no policy forbids."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    found = [x for x in axe.run(page).response["violations"] if x["impact"] in ("serious", "critical")]
    return [(x["id"], [node["html"][:160] for node in x["nodes"]][:4]) for x in found]
