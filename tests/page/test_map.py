"""The map on the page: made as a job, looked at, chosen from; and how fast a million points are drawn."""

import re

import pytest

from page_helpers import heading, until

RASTER = """async (n) => {
  const { Points, paint, whole } = await import("/static/js/map/raster.js");
  const xy = new Float32Array(2 * n);
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let i = 0; i < xy.length; i++) xy[i] = 3 * Math.sin(i % 40) + random() + random() + random();
  const points = new Points(xy), width = 1280, height = 800, pixels = new Uint32Array(width * height);
  points.colour(Uint8Array.from({ length: n }, (_, i) => i % 12));
  const palette = new Uint32Array(256).fill(0xff336699), view = whole(points, width, height);
  return { xy, points, pixels, width, height, palette, view, paint, random };
}"""
INSIDE = f"""async () => {{
  const {{ xy, points }} = await ({RASTER})(5000);
  const box = [[-1, -1], [2, -1], [2, 2], [-1, 2]], truth = [], nearest = [];
  for (let i = 0; i < 5000; i++) if (xy[2*i] > -1 && xy[2*i] < 2 && xy[2*i+1] > -1 && xy[2*i+1] < 2) truth.push(i);
  const at = (i) => Math.hypot(xy[2*i] - 1, xy[2*i+1] - 1);
  let best = 0;
  for (let i = 1; i < 5000; i++) if (at(i) < at(best)) best = i;
  return [points.inside(box).sort((a, b) => a - b), truth, points.nearest(1, 1, 5), best];
}}"""
PIXELS = f"""async () => {{
  const {{ points, pixels, width, height, palette, view, paint }} = await ({RASTER})(1);
  paint(points, pixels, width, height, view, palette, 3, 0);
  const drawn = pixels.reduce((n, x) => n + (x !== 0), 0), before = drawn;
  palette.fill(0);
  paint(points, pixels, width, height, view, palette, 3, 0);
  return [before, pixels.reduce((n, x) => n + (x !== 0), 0)];
}}"""

COVERED = f"""async () => {{
  const {{ xy, points, pixels, width, height, palette, view: large, paint }} = await ({RASTER})(1000000);
  const view = {{ ...large, scale: large.scale / 2 }};
  paint(points, pixels, width, height, view, palette, 1, 0);
  const all = new Uint8Array(width * height);
  for (let i = 0; i < xy.length; i += 2) {{
    const px = ((xy[i] - view.x) * view.scale) | 0, py = ((xy[i + 1] - view.y) * view.scale) | 0;
    all[py * width + px] = 1;
  }}
  let wrong = 0, lacking = 0;
  for (let i = 0; i < all.length; i++) if (all[i] && !pixels[i]) lacking++; else if (!all[i] && pixels[i]) wrong++;
  return [wrong, lacking / all.reduce((n, x) => n + x, 0)];
}}"""


@pytest.fixture
def on_map(open_page, api):
    """The map, made as a user makes it where there is none yet."""
    page = open_page("/map")
    page.wait_for_selector(".maptools, .empty")
    if page.locator(".empty").count():
        page.get_by_role("button", name="Make the map").click()
    page.wait_for_selector(".maplegend li", timeout=60_000)
    return page


def test_it_is_made_as_a_job_and_says_how_honest_it_is(on_map, api):
    kept = api.get("/api/v1/map").json()["kept"]
    on_map.get_by_text(f"of ten true neighbours {10 * kept:.1f} are near here").wait_for()


def test_a_track_is_reached_by_arrows_and_its_true_neighbours_are_listed(on_map, ids):
    on_map.locator(".maptop").focus()
    on_map.keyboard.press("ArrowRight")
    until(on_map, "document.querySelectorAll('.mapside .near li').length >= 3")
    first = on_map.locator(".mapside h1").inner_text()
    assert first in ids or first == "Newest"
    on_map.keyboard.press("Enter")
    heading(on_map, first)


def test_a_line_around_tracks_lists_them_for_a_playlist(on_map, api):
    on_map.get_by_role("button", name="Choose by a line around").click()
    box = on_map.locator(".maptop").bounding_box()
    corners = [(4, 4), (box["width"] - 4, 4), (box["width"] - 4, box["height"] - 4), (4, box["height"] - 4)]
    on_map.mouse.move(box["x"] + 4, box["y"] + 4)
    on_map.mouse.down()
    for x, y in corners[1:]:
        on_map.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    on_map.mouse.up()
    n = api.get("/api/v1/map").json()["tracks"]
    heading(on_map, f"{n} tracks")
    until(on_map, f"document.querySelectorAll('.mapside tbody tr').length === {n}")
    on_map.get_by_role("button", name="Add to playlist").click()
    on_map.get_by_label("Name of a new playlist").fill("From the map")
    on_map.keyboard.press("Enter")
    on_map.get_by_text(f"{n} tracks added to From the map").first.wait_for()
    made = next(x for x in api.get("/api/v1/playlists").json()["items"] if x["name"] == "From the map")
    assert made["tracks"] == n
    api.delete(f"/api/v1/playlists/{made['id']}")


def test_a_key_takes_the_line_around_and_gives_it_back(on_map):
    line = on_map.get_by_role("button", name="Choose by a line around")
    on_map.keyboard.press("l")
    assert line.get_attribute("aria-pressed") == "true"
    on_map.locator(".maptop").focus()
    on_map.keyboard.press("l")  # on the map itself too
    assert line.get_attribute("aria-pressed") == "false"
    on_map.get_by_role("link", name="Start", exact=True).click()
    heading(on_map, "track")
    on_map.keyboard.press("l")  # elsewhere it is no key


def test_it_is_coloured_by_a_number_and_a_click_plays(on_map):
    on_map.get_by_label("Colour by").select_option("tempo")
    on_map.wait_for_selector(".heat")
    on_map.get_by_role("button", name="List what is in sight").click()
    on_map.get_by_role("button", name=re.compile("^Show Alpha")).click()
    heading(on_map, "Alpha")
    on_map.locator(".mapside .cardhead").get_by_role("button", name="Play Alpha").click()
    on_map.locator("#player").get_by_role("button", name="Pause").wait_for()


def test_a_title_of_markup_stays_text_beside_the_map(on_map):
    on_map.get_by_role("button", name="List what is in sight").click()
    on_map.locator(".mapside", has_text="<script>alert(1)</script>").wait_for()
    on_map.get_by_role("button", name=re.compile("^Show <script>")).click()
    heading(on_map, "<script>")
    assert on_map.locator("#main script").count() == 0


def test_points_are_found_as_a_search_of_all_finds_them(browser, server):
    page = browser.new_page()
    page.goto(server.base + "/tracks")
    inside, truth, nearest, best = page.evaluate(INSIDE)
    assert len(truth) > 100
    assert inside == truth
    assert nearest == best
    page.close()


def test_a_point_is_drawn_in_its_size_and_what_has_no_colour_is_not(browser, server):
    page = browser.new_page()
    page.goto(server.base + "/tracks")
    assert page.evaluate(PIXELS) == [9, 0]
    page.close()


def test_where_points_lie_thick_hardly_a_pixel_is_lost(browser, server):
    page = browser.new_page()
    page.goto(server.base + "/tracks")
    wrong, lacking = page.evaluate(COVERED)
    assert wrong < 20  # pixels, by rounding
    assert lacking < 0.005
    page.close()
