"""Pictures of every view of the page, as they stand in docs/img.

    python benchmarks/screenshots.py CATALOGUE [--to docs/img] [--all]

Serves the catalogue, makes a map, a playlist and a webhook in it where there are none, and opens each view in Chromium
at 1280 pixels in light and 390 in dark; `--all` takes both schemes at both widths, to be looked at. Pictures have 128
colours. Paths are seen on some: let the music lie in a folder such as /music, scanned on the page, so that Jobs has
something to show.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

IMG = Path(__file__).parents[1] / "docs" / "img"
EARMARK = (sys.executable, "-c", "from earmark.cli import main; main()")
SERVE = (*EARMARK, "serve", "--port", "0", "--write-files", "--catalogue")
QUESTION = "/tracks?q=calm+synth+no+vocals+80+to+150+bpm&mode=both"
RECIPE = {"text": "calm", "rules": {"tracks": 10}, "order": {"by": "harmonic"}}
COLOURS = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--to", type=Path, default=IMG)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen([*SERVE, options.catalogue], stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        with sync_playwright() as started:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            take(started.chromium.launch(executable_path=chromium, args=["--no-sandbox"]), address, options)
    finally:
        server.terminate()
        server.wait()
    print(f"{sum(path.stat().st_size for path in options.to.glob('page-*.png')) / 1e6:.2f} MB")


def take(browser, address: str, options: argparse.Namespace) -> None:
    """All views; one context is let in, the others take its cookies."""
    first = browser.new_context()
    first.new_page().goto(address)
    base, cookies = address.partition("/enter")[0], first.cookies()
    views = views_of(first.request, f"{base}/api/v1")
    sizes = [(1280, "light"), (390, "dark")]
    for width, scheme in sizes + ([(1280, "dark"), (390, "light")] if options.all else []):
        size = {"width": width, "height": 844 if width < 700 else 860}
        context = browser.new_context(viewport=size, color_scheme=scheme)
        context.add_cookies(cookies)
        for name, (path, ready) in views.items():
            page = context.new_page()
            page.goto(base + path)
            page.wait_for_selector(ready)
            page.wait_for_load_state("networkidle")
            prepare(name, page)
            page.wait_for_timeout(600)
            suffix = f"-{scheme}" if options.all else ""
            save(page.screenshot(), options.to / f"page-{name}-{width}{suffix}.png")
            page.close()
    browser.close()


def views_of(request, api: str) -> dict[str, tuple[str, str]]:
    """Name of each view -> its address and what is there when it has come."""
    song, calm = (
        request.get(f"{api}/tracks?sort={order}&limit=1").json()["items"][0]["track_id"]
        for order in ("-energy", "energy")
    )
    kept = request.get(f"{api}/playlists").json()["items"]
    wanted = {"name": "Late drive", "recipe": RECIPE}
    playlist = kept[0] if kept else request.post(f"{api}/playlists", data=wanted).json()
    if not request.get(f"{api}/webhooks").json()["items"]:
        request.post(f"{api}/webhooks", data={"url": "https://hook.example/earmark", "types": ["job.finished"]})
    if not request.get(f"{api}/map").ok:
        job = request.post(f"{api}/map/build", data={}).json()
        request.get(f"{api}/jobs/{job['id']}/events", timeout=600_000)
    return {
        "start": ("/", ".startgrid"), "search": (QUESTION, "tr[data-row]"), "tracks": ("/tracks", "tr[data-row]"),
        "track": (f"/tracks/{song}", ".belief"), "similar": (f"/similar?seed={song}", "tr[data-row]"),
        "way": (f"/similar?from={song}&to={calm}&count=9", ".plrows li"),
        "map": ("/map", ".maplegend li"), "playlists": ("/playlists", "h1"),
        "playlist": (f"/playlists/{playlist['id']}", ".plrows li"), "write": ("/write", ".writeform"),
        "jobs": ("/jobs", "h1"), "settings": ("/settings", "h1"),
    }  # fmt: skip


def prepare(name: str, page) -> None:
    """What a picture shows beyond the view as it comes."""
    if name == "map":
        page.locator(".maptop").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(".mapside .near li")
    if name == "write":
        page.get_by_role("button", name="Show what would change").click()
        page.wait_for_selector(".difftbl")
    if name == "similar":
        page.get_by_role("button", name="why?").first.click()
        page.wait_for_selector(".partbars")


def save(png: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
