"""The main journeys through the page, in a real browser over a real server."""

import re

import pytest

from page_helpers import drag_a_bit, heading, serious, titles, until
from sounds import tune, write_sound

VIEWS = [
    "/",
    "/tracks",
    "/tracks?q=nothing+fits+this",
    "/tracks?q=calm+no+vocals&mode=both",
    "/map",
    "/playlists",
    "/playlists/new",
    "/similar",
    "/write",
    "/jobs",
    "/settings",
]
SECONDS = 'document.querySelector(".playhead").getAttribute("aria-valuetext")'
BARS = '[...document.querySelectorAll(".bl-now .num")].map((x) => x.textContent).join()'


# -- in and around ----------------------------------------------------------------------------------------------------


def test_the_printed_token_lets_a_browser_in_and_a_stranger_is_told_how(open_page, server):
    page = open_page("/tracks", let_in=False)
    heading(page, "Who is there?")
    page.goto(f"{server.base}/enter?token={server.token}")
    page.goto(f"{server.base}/tracks")
    assert "Alpha" in titles(page)


def test_a_key_opens_the_door_too(open_page, server):
    _, key = server.keys.create("door", ("read", "search", "audio"))
    page = open_page("/tracks", let_in=False)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Come in").click()
    assert "Alpha" in titles(page)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", VIEWS)
def test_no_view_scrolls_sideways(open_page, path, width):
    page = open_page(path, width)
    page.wait_for_selector("h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_scheme_is_changed_and_remembered(open_page):
    page = open_page("/tracks", scheme="dark")
    ground = "getComputedStyle(document.body.parentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 15, 17)"
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert page.evaluate(ground) == "rgb(245, 244, 239)"


def test_a_view_that_was_left_does_not_paint_itself_into_the_next_one(open_page):
    page, held = open_page("/jobs"), []
    heading(page, "Jobs")
    page.route("**/api/v1/catalogue?facets=*", lambda route: held.append(route))  # the start page waits for it
    page.get_by_role("link", name="Start", exact=True).click()
    until(page, "location.pathname === '/'")
    while not held:
        page.wait_for_timeout(20)
    page.get_by_role("link", name="Tracks", exact=True).first.click()
    assert len(titles(page)) == 4
    with page.expect_response("**/api/v1/catalogue?facets=*"):
        held[0].continue_()
    page.wait_for_timeout(300)
    assert page.locator(".startgrid").count() == 0
    assert page.locator("h1").count() == 1


# -- search -----------------------------------------------------------------------------------------------------------


def test_words_find_tracks_and_the_address_holds_the_question(open_page):
    page = open_page("/tracks")
    assert len(titles(page)) == 4
    page.get_by_role("combobox").fill("beta")
    heading(page, "beta")
    until(page, "document.querySelectorAll('tr[data-row]').length === 1")
    assert titles(page) == ["Beta"]
    assert page.url.endswith("/tracks?q=beta")
    page.reload()
    assert titles(page) == ["Beta"]


def test_a_facet_becomes_a_filter_that_can_be_taken_off(open_page):
    page = open_page("/tracks")
    page.get_by_text("Artist", exact=True).click()
    page.get_by_label(re.compile("^Bob")).check()
    until(page, "document.querySelectorAll('tr[data-row]').length === 2")
    assert page.get_by_role("combobox").input_value() == "artist:Bob"
    page.get_by_label(re.compile("^Ann & Co")).check()  # values of one field are alternatives
    until(page, "document.querySelectorAll('tr[data-row]').length === 4")
    page.get_by_role("button", name="Remove artist:Bob").click()
    until(page, "document.querySelectorAll('tr[data-row]').length === 2")
    assert set(titles(page)) == {"Alpha", "Beta"}


def test_what_is_listed_becomes_a_file_by_a_job(open_page):
    page = open_page("/tracks?q=artist:Bob")
    titles(page)
    page.locator(".head").get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="CSV").click()
    heading(page, "Jobs")
    page.locator(".job", has_text="Export").get_by_text("2 tracks").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.locator(".job", has_text="Export").get_by_role("link", name="Download").click()
    assert "Gamma" in download.value.path().read_text(encoding="utf-8")


def test_what_is_not_understood_is_said_and_an_empty_answer_offers_a_way_on(open_page):
    page = open_page("/tracks?q=tempo:fast+zydeco")
    page.get_by_text("not understood: tempo is a number").wait_for()
    page.get_by_role("heading", name="Nothing fits").wait_for()
    page.get_by_role("button", name="All tracks").click()
    assert len(titles(page)) == 4


@pytest.fixture
def hostile(ids, api):
    """The id of the track with a title of markup, in a playlist whose name is no better, with a doubt and a failure."""
    title = next(x for x in ids if x.startswith("<script>"))
    name = '<img src=x onerror=alert(1)> "\u202e" \U0001f3ba ' + "n" * 150
    made = api.post("/api/v1/playlists", json={"name": name, "tracks": [ids[title], ids["Alpha"]]}).json()
    yield {"title": title, "id": ids[title], "playlist": made["id"], "name": name}
    api.delete(f"/api/v1/playlists/{made['id']}")


def reads(page, text: str) -> None:
    """Wait until a text is in the page, as text."""
    until(page, "(text) => document.querySelector('#main').textContent.includes(text)", arg=text)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "title"),
        ("/tracks", "title"),
        ("/tracks?q=script", "title"),
        ("/tracks?q=tune&mode=both", "title"),
        ("/tracks/{id}", "title"),
        ("/similar?seed={id}", "title"),
        ("/playlists", "name"),
        ("/playlists/{playlist}", "title"),
        ("/playlists/{playlist}", "name"),
        ("/playlists/new?seed={id}", "title"),
    ],
)
def test_a_title_of_markup_stays_text_in_every_view(open_page, hostile, path, shown):
    page = open_page(path.format(**hostile))
    reads(page, hostile[shown][:30])
    assert page.locator("#main :is(script, img[src=x])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_it_stays_text_in_the_player_dialogs_and_on_a_phone(open_page, hostile):
    page = open_page(f"/tracks/{hostile['id']}", width=390)
    reads(page, hostile["title"][:30])
    page.locator("article .round").first.click()
    page.locator("#player .pl-title", has_text="<script>").wait_for()
    page.get_by_role("button", name="Add to playlist").click()
    page.get_by_role("dialog").get_by_text("<img src=x").wait_for()
    assert page.locator("body img[src=x]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_order_is_chosen_in_the_head_of_the_table(open_page):
    page = open_page("/tracks")
    page.get_by_role("button", name="Track ↑").click()
    until(page, "location.search === '?sort=-title'")
    until(page, "document.querySelector('tr[data-row] .ttl')?.textContent === 'Gamma'")


# -- a track ----------------------------------------------------------------------------------------------------------


def test_a_track_plays_and_its_beliefs_follow_the_sound(open_page, ids):
    page = open_page(f"/tracks/{ids['Alpha']}")
    heading(page, "Alpha")
    until(page, "document.querySelectorAll('.belief').length >= 4")
    until(page, "document.querySelector('.wavelane canvas').getContext('2d').getImageData(100, 40, 1, 1).data[3] > 0")
    before = page.evaluate(SECONDS), page.evaluate(BARS)
    page.locator("article").get_by_role("button", name="Play Alpha").click()
    until(page, f"(was) => {SECONDS} !== was", arg=before[0])
    until(page, f"(was) => {BARS} !== was", arg=before[1])
    page.get_by_role("link", name="Jobs", exact=True).first.click()
    heading(page, "Jobs")
    page.locator("#player").get_by_role("button", name="Pause").wait_for()  # the sound goes on


def test_when_a_track_has_ended_the_next_of_the_list_is_played(open_page):
    page = open_page("/tracks")
    titles(page)
    page.get_by_role("button", name="Play Alpha").click()
    page.locator("#player").get_by_role("button", name="Pause").wait_for()
    page.locator("#player .seek").evaluate("(el) => { el.value = 19.5; el.dispatchEvent(new Event('input')); }")
    page.locator("#player .pl-title", has_text="Beta").wait_for()
    page.locator("#player").get_by_role("button", name="Pause").wait_for()


def test_a_tag_plays_its_passages_one_after_another(open_page, ids, api):
    page = open_page(f"/tracks/{ids['Alpha']}")
    name = page.locator(".tagrow .name").first
    tag = name.inner_text()
    name.click()
    until(page, "(tag) => document.querySelector('.pl-says').textContent.startsWith(tag)", arg=tag)
    assert page.locator(".pick").is_visible()
    assert page.locator(".belief.is-asked").count() == 1
    page.keyboard.press("Escape")
    until(page, "document.querySelector('.pl-says').textContent === ''")


def test_a_bit_is_taken_by_dragging_and_played_again_and_again(open_page, ids):
    page = open_page(f"/tracks/{ids['Beta']}")
    drag_a_bit(page)
    until(page, "document.querySelector('.pl-says').textContent === 'loop 0:05–0:10'")


def test_a_tempo_is_corrected_and_the_correction_taken_back(open_page, ids, api):
    path = f"/api/v1/tracks/{ids['Gamma']}"
    before = api.get(path).json()["tempo"]["bpm"]
    page = open_page(f"/tracks/{ids['Gamma']}")
    page.get_by_label("Tempo in BPM").fill("93.5")
    page.get_by_role("button", name="Set", exact=True).click()
    page.locator(".ear .big", has_text="93.5").wait_for()
    assert api.get(path).json()["tempo"]["bpm"] == 93.5
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").first.wait_for()
    assert api.get(path).json()["tempo"]["bpm"] == before


def test_a_key_is_corrected(open_page, ids, api):
    page = open_page(f"/tracks/{ids['Gamma']}")
    page.get_by_label("Correct the key").select_option("Eb minor")
    page.locator(".ear .keyrow", has_text="2A").wait_for()
    page.get_by_role("button", name="Estimate again").click()
    until(page, "!document.querySelector('.ear .keyrow')")
    assert api.get(f"/api/v1/tracks/{ids['Gamma']}/corrections").json() == {}


# -- similar ----------------------------------------------------------------------------------------------------------


def test_what_sounds_alike_with_seeds_for_and_against(open_page, ids):
    page = open_page(f"/similar?seed={ids['Alpha']}")
    assert "Alpha" not in titles(page)
    assert len(titles(page)) == 3
    page.get_by_label("Find a track to add as a seed").fill("beta")
    page.get_by_role("button", name="Less like Beta").click()
    page.locator(".chip.is-not", has_text="Beta").wait_for()
    assert page.url.endswith(f"seed={ids['Alpha']}&seed=-{ids['Beta']}")
    until(page, "document.querySelectorAll('tr[data-row]').length === 2")
    page.get_by_role("button", name="why?").first.click()
    page.get_by_role("row", name=re.compile("^Tempo")).wait_for()
    page.get_by_label("Other versions too").check()
    until(page, "location.search.includes('versions=1')")


# -- work -------------------------------------------------------------------------------------------------------------


def test_a_scan_is_begun_and_watched_and_its_tracks_appear(open_page, collection):
    page = open_page("/jobs")
    page.get_by_text("1 file failed").first.wait_for()
    page.locator(".failure", has_text="broken.mp3").wait_for()
    write_sound(collection / "music" / "new.flac", tune(9, 6.0), tags={"title": "Newest", "artist": "Ann & Co"})
    try:
        page.get_by_role("button", name="Scan", exact=True).click()
        page.locator(".job", has_text="succeeded").get_by_text("1 listened to").wait_for(timeout=90_000)
        page.get_by_role("link", name="Tracks", exact=True).first.click()
        assert "Newest" in titles(page)
    finally:
        (collection / "music" / "new.flac").unlink()


def test_a_file_is_heard_and_not_kept(open_page, tmp_path, api):
    n = api.get("/api/v1/catalogue").json()["tracks"]
    write_sound(tmp_path / "stranger.flac", tune(12, 8.0), tags={"title": "Stranger"})
    page = open_page("/settings")
    page.locator("#file").set_input_files(tmp_path / "stranger.flac")
    heading(page, "stranger.flac")
    page.wait_for_selector(".belief", timeout=90_000)
    page.get_by_role("link", name="What in the catalogue sounds like it").click()
    assert "Alpha" in titles(page)
    assert api.get("/api/v1/catalogue").json()["tracks"] == n


# -- by keyboard ------------------------------------------------------------------------------------------------------


def test_tracks_that_are_heard_again_are_a_job_with_a_name(open_page, api, ids):
    api.post("/api/v1/analyses", json={"tracks": [ids["Alpha"]]}).raise_for_status()
    page = open_page("/jobs")
    card = page.locator("article", has_text="Tracks heard again").first
    assert "1 track" in card.inner_text()
    card.get_by_text("1 listened to").wait_for()


def test_the_main_job_is_done_by_keyboard_alone(open_page):
    page = open_page("/tracks")
    titles(page)
    page.keyboard.press("/")
    page.keyboard.type("alpha")
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('tr[data-row]').length === 1")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.locator("#player").get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Enter")
    heading(page, "Alpha")
    until(page, "document.activeElement.tagName === 'H1'")  # a screen reader begins at the title
    page.keyboard.press("Space")
    page.locator("#player").get_by_role("button", name="Play").wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    heading(page, "What sounds like these")


def test_completions_are_chosen_by_arrows(open_page):
    page = open_page("/tracks")
    titles(page)
    page.get_by_role("combobox").press_sequentially("synt")
    page.get_by_role("option", name=re.compile("synthesizer")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#q').value === 'tag:synthesizer'")
    until(page, "location.search === '?q=tag%3Asynthesizer'")


# -- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*VIEWS, "/tracks/{id}", "/similar?seed={id}"])
def test_axe_finds_nothing_serious(open_page, ids, path, scheme):
    page = open_page(path.format(id=ids["Alpha"]), scheme=scheme)
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")
    assert serious(page) == []
