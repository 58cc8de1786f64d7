"""Search by meaning and sound on the page."""

import re

from page_helpers import heading, titles, until

QUESTION = "/tracks?q=calm+synthesizer+no+vocals&mode=sound"


def test_the_sound_is_asked_and_what_was_understood_can_be_taken_off(open_page):
    page = open_page("/tracks?q=calm+synthesizer+no+vocals")
    page.get_by_role("button", name="Sound", exact=True).click()
    until(page, "location.search.includes('mode=sound')")
    page.locator(".chip", has_text="calm").first.wait_for()
    page.locator(".chip.is-not", has_text="vocals").wait_for()
    page.get_by_role("button", name="Remove not voice/vocals").click()
    until(page, "!document.querySelector('.chip.is-not')")
    assert page.get_by_role("combobox").input_value() == "calm synthesizer"


def test_a_concept_is_weighted_and_left_out(open_page):
    page = open_page(QUESTION)
    page.get_by_role("button", name="More of calm", exact=True).click()
    until(page, "location.search.includes('calmness%3A1.5')")
    assert "Alpha" in titles(page)
    page.get_by_role("button", name="Remove calm", exact=True).click()
    until(page, "!location.search.includes('calmness')")
    until(page, "location.search.includes('synthesizer')")


def test_hits_below_the_line_of_chance_have_another_form(open_page):
    page = open_page(QUESTION)
    answer = page.request.post(
        f"{page.url.split('/tracks')[0]}/api/v1/search",
        data={"text": "calm synthesizer no vocals", "by": "sound", "limit": 100},
    ).json()
    below = sum(hit["chance"] for hit in answer["items"])
    titles(page)
    assert page.locator("tr.is-chance").count() == below
    assert page.locator("tr.chance").count() == (1 if below else 0)
    above = len(answer["items"]) - below
    page.get_by_text(re.compile(f"^{above} tracks? above the line of chance")).wait_for()


def test_the_line_of_chance_stands_before_the_first_hit_below_it(open_page):
    page = open_page("/tracks")
    page.route("**/api/v1/search", _with_chance)
    page.evaluate("history.pushState(null, '', '/tracks?q=calm&mode=sound'); dispatchEvent(new Event('popstate'))")
    page.wait_for_selector("tr.chance")
    classes = page.evaluate("[...document.querySelectorAll('.fits tbody tr')].map((x) => x.className.trim())")
    assert classes == ["", "chance"] + ["is-chance"] * (len(classes) - 2)


def _with_chance(route) -> None:
    answer = route.fetch()
    found = answer.json()
    for i, hit in enumerate(found["items"]):
        hit["chance"] = i > 0
    route.fulfill(response=answer, json=found)


def test_the_passage_of_a_hit_plays(open_page):
    page = open_page(QUESTION)
    page.locator(".match .btn").first.click()
    until(page, "document.querySelector('.pl-says').textContent.startsWith('fits best')")
    page.locator("#player").get_by_role("button", name="Pause").wait_for()
    heading(page, "calm synthesizer")
