"""Settings: webhooks are made, looked into, given another secret, and forgotten; an export with other folders."""

import pytest

from page_helpers import serious

URL = "https://hook.example.org/earmark"  # never told anything here


@pytest.fixture
def hooked(open_page, api):
    """Settings with one webhook, made by hand."""
    page = open_page("/settings")
    page.get_by_label("Address that is told").fill(URL)
    page.get_by_role("button", name="Make a webhook").click()
    yield page
    for hook in api.get("/api/v1/webhooks").json()["items"]:
        api.delete(f"/api/v1/webhooks/{hook['id']}")


def test_the_secret_is_shown_once(hooked, api):
    box = hooked.get_by_role("dialog")
    secret = box.locator("code").inner_text()
    assert secret.startswith("whsec_")
    box.get_by_role("button", name="Close").click()
    hooked.locator(".hooks", has_text=URL).wait_for()
    assert secret not in hooked.content()
    (hook,) = api.get("/api/v1/webhooks").json()["items"]
    assert (hook["url"], hook["types"]) == (URL, ["job.finished", "track.failed"])
    hooked.get_by_role("button", name="New secret").click()
    assert box.locator("code").inner_text() not in ("", secret)
    box.get_by_role("button", name="Close").click()
    hooked.get_by_text("the former secret signs too").wait_for()


def test_it_is_stopped_begun_again_and_forgotten(hooked, api):
    hooked.get_by_role("dialog").get_by_role("button", name="Close").click()
    hooked.get_by_role("button", name="Stop").click()
    hooked.locator(".hooks", has_text="stopped").wait_for()
    assert serious(hooked) == []
    hooked.get_by_role("button", name="Begin again").click()
    hooked.get_by_role("button", name="Test", exact=True).wait_for()
    hooked.get_by_role("button", name="Deliveries").click()
    hooked.get_by_text("It was told nothing yet.").wait_for()
    hooked.get_by_role("button", name="Forget", exact=True).click()
    hooked.get_by_text("An address given here is told").wait_for()
    assert api.get("/api/v1/webhooks").json()["items"] == []


def test_an_address_in_the_machine_is_refused_with_what_helps(open_page):
    page = open_page("/settings")
    page.get_by_label("Address that is told").fill("http://127.0.0.1:9/hook")
    page.get_by_role("button", name="Make a webhook").click()
    page.locator(".problem", has_text="private network").wait_for()


def test_an_export_says_how_many_files_are_found_there(open_page, ids, api, tmp_path):
    made = api.post("/api/v1/playlists", json={"name": "Abroad", "tracks": [ids["Alpha"], ids["Beta"]]}).json()
    try:
        page = open_page(f"/playlists/{made['id']}")
        page.get_by_text("Export", exact=True).click()
        page.get_by_text("2 of 2 files found there").wait_for()
        page.get_by_label("Where the player finds").fill(str(tmp_path))
        page.get_by_text("0 of 2 files found there").wait_for()
        page.get_by_label("Where the player finds").fill("/data/elsewhere")
        page.get_by_text("2 of 2 files found there").wait_for()
        href = page.get_by_role("link", name="M3U8").get_attribute("href")
        assert "/data/elsewhere/1.flac" in api.get(href).text
        assert serious(page) == []
    finally:
        api.delete(f"/api/v1/playlists/{made['id']}")
