"""Your word on many tracks at once, by mouse and by keyboard, and the way back for all of them."""

import re

import pytest

from page_helpers import serious, titles, until

TOLD = "(n) => document.querySelector('dialog [role=status]')?.textContent.includes(`${n} tracks corrected`)"


@pytest.fixture
def corrections(api, ids):
    """Reads the corrections of every track by title; what a test leaves behind is taken back."""

    def read():
        return {title: api.get(f"/api/v1/tracks/{x}/corrections").json() for title, x in ids.items()}

    yield read
    for track_id in ids.values():
        said = api.get(f"/api/v1/tracks/{track_id}/corrections").json()
        tags = {name: None for name in said if "/" in name}
        api.patch(f"/api/v1/tracks/{track_id}/corrections", json={"tempo": None, "key": None, "tags": tags})


def opened(page):
    """The dialog over Alpha, Beta and Gamma."""
    titles(page)
    for title in ["Alpha", "Beta", "Gamma"]:
        page.get_by_label(f"Choose {title}").check()
    page.get_by_role("button", name="Correct", exact=True).click()
    return page.get_by_role("dialog")


def test_tempo_key_and_a_tag_of_three_tracks_are_corrected_and_all_taken_back(open_page, api, ids, corrections):
    before = corrections()
    bpm = {title: api.get(f"/api/v1/tracks/{x}").json()["tempo"]["bpm"] for title, x in ids.items()}
    page = open_page("/tracks")
    dialog = opened(page)
    assert serious(page) == []
    dialog.get_by_label("Tempo").select_option("half of it")
    dialog.get_by_label("Key").select_option("Eb minor")
    dialog.get_by_label("Tag", exact=True).fill("piano")
    dialog.get_by_role("button", name="Correct 3 tracks").click()
    until(page, TOLD, 3)
    found = corrections()
    for title in ["Alpha", "Beta", "Gamma"]:
        assert float(found[title]["tempo"]) == pytest.approx(bpm[title] / 2, abs=0.01)
        assert {**found[title], "tempo": ""} == {"tempo": "", "key": "Eb minor", "instrument/piano": "yes"}
    dialog.get_by_role("button", name="Close").click()
    page.locator("tr[data-row]", has_text="Alpha").get_by_text("2A").wait_for()  # the table shows it at once
    page.get_by_role("button", name=re.compile("^Undo: half the tempo, Eb minor, piano")).click()
    page.get_by_text("taken back of 3 tracks").first.wait_for()
    assert corrections() == before
    until(page, "!document.querySelector('.selbar').textContent.includes('Undo')")


def test_it_is_done_by_keyboard_alone(open_page, corrections):
    page = open_page("/tracks")
    titles(page)
    for key in ["j", "x", "j", "Shift+X"]:
        page.keyboard.press(key)
    page.get_by_text("2 chosen").wait_for()
    page.get_by_role("button", name="Correct", exact=True).focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.getAttribute('aria-label') === 'Tempo'")
    page.keyboard.type("to")
    page.keyboard.press("Tab")
    page.keyboard.type("91.5")
    page.keyboard.press("Enter")
    until(page, TOLD, 2)
    assert sorted(x.get("tempo", "") for x in corrections().values()) == ["", "", "91.5", "91.5"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # Undo
    page.get_by_text("taken back of 2 tracks").first.wait_for()
    assert not any(corrections().values())


def test_what_was_corrected_again_meanwhile_stays(open_page, api, ids, corrections):
    page = open_page("/tracks")
    dialog = opened(page)
    dialog.get_by_label("Tempo").select_option("to a number")
    dialog.get_by_label("BPM").fill("90")
    dialog.get_by_role("button", name="Correct 3 tracks").click()
    until(page, TOLD, 3)
    api.patch(f"/api/v1/tracks/{ids['Beta']}/corrections", json={"tempo": 77})
    dialog.get_by_role("button", name="Undo").click()
    page.get_by_text("taken back of 2 tracks; 1 changed meanwhile stay").first.wait_for()
    assert {title: x.get("tempo") for title, x in corrections().items() if x} == {"Beta": "77"}


def test_what_says_nothing_or_no_tag_is_not_sent(open_page, corrections):
    page = open_page("/tracks")
    dialog = opened(page)
    dialog.get_by_role("button", name="Correct 3 tracks").click()
    message = "document.querySelector('dialog [list]').validationMessage"
    assert page.evaluate(message) == "Say a tempo, a key or a tag"
    dialog.get_by_label("Tag", exact=True).fill("zither of glass")
    dialog.get_by_role("button", name="Correct 3 tracks").click()
    assert page.evaluate(message).startswith("Choose one of the model's tags")
    assert not any(corrections().values())
