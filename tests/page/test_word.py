"""Your word on tags: on the page of a track, and where the start page asks for it."""

import json
import re

from page_helpers import heading, serious, until


def test_a_tag_is_denied_another_added_and_both_taken_back(open_page, ids, api):
    path = f"/api/v1/tracks/{ids['Alpha']}"
    before = api.get(path).json()["tags"]
    page = open_page(f"/tracks/{ids['Alpha']}")
    row = page.locator(".tagrow:has(.fix)").first
    tag = row.get_attribute("data-tag")
    row.get_by_role("button", name=re.compile("^No, not")).click()
    page.locator(f'.tagrow.is-no[data-tag="{tag}"]').wait_for()
    until(page, "document.activeElement.getAttribute('aria-label')?.startsWith('Leave ')")  # the keyboard stays there
    other = next(x["tag"] for x in before["instrument"] if not x["sure"] and f"instrument/{x['tag']}" != tag)
    page.get_by_label("Add a tag").fill(other.replace("_", " "))
    page.keyboard.press("Enter")
    page.locator(f'.tagrow.ear[data-tag="instrument/{other}"]').wait_for()
    assert api.get(f"{path}/corrections").json() == {tag: "no", f"instrument/{other}": "yes"}
    assert serious(page) == []
    page.locator(".toast").get_by_role("button", name="Undo").click()
    until(page, "document.querySelectorAll('.tagrow.ear').length === 1")
    page.locator(".tagrow.ear").get_by_role("button", name=re.compile("^Leave")).click()
    until(page, "document.querySelectorAll('.tagrow.ear').length === 0")
    assert api.get(path).json()["tags"] == before


def test_what_no_tag_is_called_is_not_added(open_page, ids, api):
    page = open_page(f"/tracks/{ids['Alpha']}")
    page.get_by_label("Add a tag").fill("zydeco")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.addtag input').validationMessage.startsWith('Choose one')")
    assert api.get(f"/api/v1/tracks/{ids['Alpha']}/corrections").json() == {}


def test_a_doubt_on_the_start_page_is_settled_and_taken_back(open_page, api):
    page = open_page("/")
    page.locator(".doubts li").first.wait_for()
    row = page.locator(".doubts li").first
    track = row.get_attribute("data-row")
    row.locator(".fix button").first.click()
    page.locator(".doubts li.ear").wait_for()
    assert len(api.get(f"/api/v1/tracks/{track}/corrections").json()) == 1
    page.locator(".toast").get_by_role("button", name="Undo").click()
    until(page, "!document.querySelector('.doubts li.ear')")
    until(page, "document.querySelector('.toast')?.textContent === 'Taken back'")
    assert api.get(f"/api/v1/tracks/{track}/corrections").json() == {}


def test_a_neighbour_is_heard_in_turn(open_page, ids):
    page = open_page(f"/tracks/{ids['Alpha']}")
    page.locator(".near").get_by_role("button", name="Hear it in turn with Beta").click()
    page.locator("#player .pl-title", has_text="Alpha").wait_for()
    until(page, "document.querySelector('.pl-says').textContent !== ''")
    page.locator("#player .pl-title", has_text="Beta").wait_for(timeout=30_000)


def test_phrases_of_the_description_play_what_they_rest_on(open_page, ids, api):
    path = f"/api/v1/tracks/{ids['Alpha']}"
    api.patch(f"{path}/corrections", json={"tags": {"mood/calmness": True}})
    try:
        phrases = api.get(path).json()["phrases"]
        page = open_page(f"/tracks/{ids['Alpha']}")
        page.locator(".sentence .phrase").first.wait_for()
        shown = page.locator(".sentence .phrase").all_inner_texts()
        assert shown == [x["text"] for x in phrases if x["tags"] or x["passages"]]
        page.locator(".sentence .phrase").first.click()
        until(page, "document.querySelector('.toast') || document.querySelector('.pl-says').textContent !== ''")
    finally:
        api.patch(f"{path}/corrections", json={"tags": {"mood/calmness": None}})


def test_json_and_jams_of_a_track_are_copied(open_page, ids, api):
    page = open_page(f"/tracks/{ids['Beta']}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    heading(page, "Beta")
    for button, path in [("Copy JSON", ""), ("Copy JAMS", "/jams")]:
        page.get_by_role("button", name=button).click()
        expected = api.get(f"/api/v1/tracks/{ids['Beta']}{path}").json()
        for _ in range(100):
            text = page.evaluate("navigator.clipboard.readText()")
            if text.startswith("{") and json.loads(text) == expected:
                break
            page.wait_for_timeout(50)
        else:
            raise AssertionError(f"{button} copied {text[:200]}")
