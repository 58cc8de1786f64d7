"""The page against its bars: first table, track page, redraw of the map, curves beside the sound, size of the scripts.

    python benchmarks/page_bars.py CATALOGUE [--sound CATALOGUE] [--rounds 3]

CATALOGUE is large, such as `benchmarks/scale.py make` makes it; nothing is written into it. Each visit has a server
that has just started, a browser without a cache, and files that the system has let go of (fadvise). `--sound` is a
small catalogue whose files are there, for the curves; by default the demo is composed and scanned.
"""

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lance
from playwright.sync_api import Browser, Page, sync_playwright

from map_drawing import MEASURE, STATIC, drawing_page

SERVE = (sys.executable, "-c", "from earmark.cli import main; main()", "serve", "--port", "0", "--catalogue")
OPTIONS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
BARS = {"table": 1000.0, "track": 1000.0, "map": 16.0, "curves": 50.0, "script": 100.0}
SEEN = """
window.__seen = {};
const note = (name) => requestAnimationFrame(() => setTimeout(() => { window.__seen[name] ??= performance.now(); }));
const look = setInterval(() => {
  const rows = document.querySelector("tr[data-row] .ttl"), tags = document.querySelector(".tagrow");
  const curves = performance.getEntriesByType("resource").some((x) => x.name.includes("/curves?") && x.responseEnd);
  if (rows) note("table");
  if (tags) note("tags");
  if (tags && curves) note("curves");
  if (rows || curves) clearInterval(look);
}, 5);
"""
LAG = """async (seconds) => {
  const { player } = await import("/static/js/player.js"), head = document.querySelector(".playhead");
  const over = document.querySelector(".over"), found = [];
  const drawn = () => new DOMMatrix(getComputedStyle(head).transform).m41 / over.clientWidth * player.duration;
  await new Promise((done) => {
    const end = performance.now() + 1000 * seconds;
    const timer = setInterval(() => {
      if (player.playing) found.push([player.time, 1000 * (player.time - drawn())]);
      if (performance.now() > end) { clearInterval(timer); done(); }
    }, 3);
  });
  return found;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--sound", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=1_000_000)
    options = parser.parse_args()
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        os.environ["EARMARK_SERVER"] = folder
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(executable_path=chromium, args=OPTIONS)
        visits(browser, options.catalogue, options.rounds)
        redraw(browser, options.points)
        curves(browser, options.sound or demo(Path(folder)))
        browser.close()
    scripts()


def tell(name: str, value: float, unit: str, bar: float | None = None, more: str = "") -> None:
    """One line: what was measured, and whether it is below its bar."""
    verdict = "" if bar is None else f"bar {bar:g} {unit}: {'met' if value < bar else 'MISSED'}"
    print(f"{name:<44} {value:8.1f} {unit:<3} {verdict:<24} {more}", flush=True)


# -- visits -----------------------------------------------------------------------------------------------------------


def visits(browser: Browser, catalogue: Path, rounds: int) -> None:
    """First table and track page of a server that was asked nothing yet, and the same page once more."""
    ids = some_ids(catalogue, rounds)
    first = [visit(browser, catalogue, "/tracks", "table") for _ in range(rounds)]
    tracks = [visit(browser, catalogue, f"/tracks/{track}", "curves") for track in ids]
    for name, found, bar in (("first table", first, "table"), ("track page, with its curves", tracks, "track")):
        cold, warm = zip(*found, strict=True)
        each = ", ".join(f"{ms:.0f}" for ms in cold)
        tell(f"{name}, cold", statistics.median(cold), "ms", BARS[bar], f"({each})")
        tell(f"{name}, again", statistics.median(warm), "ms")


def some_ids(catalogue: Path, n: int) -> list[str]:
    """Ids of n tracks, far apart."""
    table = lance.dataset(str(catalogue / "tracks.lance"))
    return table.take([i * table.count_rows() // n for i in range(n)], columns=["track_id"])["track_id"].to_pylist()


def visit(browser: Browser, catalogue: Path, path: str, what: str) -> tuple[float, float]:
    """Milliseconds from the beginning of the visit until it is seen: with everything cold, and once more."""
    forget(catalogue)
    with serving(catalogue) as address, fresh_page(browser, address) as page:
        base = address.partition("/enter")[0]
        return seen(page, base + path, what), seen(page, base + path, what)


def forget(folder: Path) -> None:
    """Let the system drop what it keeps of the files of a folder."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


@contextmanager
def serving(catalogue: Path) -> Iterator[str]:
    """The address that lets a browser in, of a server of its own."""
    server = subprocess.Popen([*SERVE, catalogue], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield re.search(r"http://\S+", server.stdout.readline())[0]
    finally:
        server.terminate()
        server.wait()


@contextmanager
def fresh_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a browser without any cache, let in without seeing a view."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.request.get(address, max_redirects=0)
    context.add_init_script(SEEN)
    yield context.new_page()
    context.close()


def seen(page: Page, address: str, what: str) -> float:
    """Milliseconds until it is painted."""
    page.goto(address)
    while not (found := page.evaluate("(what) => window.__seen[what]", what)):
        page.wait_for_timeout(20)
    return found


# -- the map, the sound, the scripts ----------------------------------------------------------------------------------


def redraw(browser: Browser, n: int) -> None:
    """All of the map, and a part of it, at 1280 x 800."""
    page = drawing_page(browser, 1280, 800)
    found = page.evaluate(MEASURE, {"n": n, "width": 1280, "height": 800, "rounds": 100})
    for name in ("all of it", "a part, three times as near"):
        least, median, late = found[name]
        tell(f"map, {n:,} points, {name}", median, "ms", BARS["map"], f"(least {least:.1f}, 95 % {late:.1f})")
    page.close()


def demo(folder: Path) -> Path:
    """A catalogue of pieces that earmark composes."""
    from earmark.demo import files, render
    from earmark.library import Catalogue

    files.write(folder / "music", render)
    Catalogue(folder / "demo").scan(folder / "music")
    return folder / "demo"


def curves(browser: Browser, catalogue: Path, seconds: float = 8.0) -> None:
    """How far what is drawn lags the clock of a real audio element, looked at every few milliseconds while it plays."""
    (track,) = some_ids(catalogue, 1)
    with serving(catalogue) as address, fresh_page(browser, address) as page:
        page.goto(f"{address.partition('/enter')[0]}/tracks/{track}")
        page.wait_for_selector(".belief")
        page.wait_for_load_state("networkidle")
        page.locator(".thead .round").click()
        page.wait_for_timeout(1000)
        found = page.evaluate(LAG, seconds)
    if not found or found[-1][0] - found[0][0] < seconds / 2:
        sys.exit("curves behind the sound: not measured, the sound stood still")
    lags = sorted(lag for _, lag in found)
    late = lags[int(0.95 * len(lags))]
    tell(
        "curves behind the sound",
        late,
        "ms",
        BARS["curves"],
        f"(95 %; median {statistics.median(lags):.1f}, most {lags[-1]:.1f})",
    )


def scripts() -> None:
    """All scripts in kB: as one stream, and each on its own, as a browser would fetch them."""
    texts = [path.read_bytes() for path in sorted(STATIC.rglob("*.js"))]
    alone = sum(len(gzip.compress(text)) for text in texts) / 1000
    tell(
        "scripts, gzipped",
        len(gzip.compress(b"".join(texts))) / 1000,
        "kB",
        BARS["script"],
        f"({alone:.1f} each alone)",
    )


if __name__ == "__main__":
    main()
