"""How long the page's map takes to draw itself anew, in Chromium, without a server.

    python benchmarks/map_drawing.py [--points 1000000] [--width 1280] [--height 800]

Makes points up, 40 heaps of them, and draws the whole map and a part of it again and again, with colours and
`putImageData`; then looks for what lies under the pointer. Prints the median and the 95th percentile of each.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src" / "earmark" / "server" / "static"
HOST = "http://map.invalid/"  # never asked: every request is answered from STATIC
MEASURE = """async ({ n, width, height, rounds }) => {
  const { Points, paint, whole, sizeFor } = await import("/js/map/raster.js");
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const heaps = Array.from({ length: 40 }, () => [10 * normal(), 10 * normal(), 0.5 + 2 * random()]);
  const xy = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const [x, y, size] = heaps[i % 40];
    xy[2 * i] = x + size * normal();
    xy[2 * i + 1] = y + size * normal();
  }
  const took = (act) => { const began = performance.now(); act(); return performance.now() - began; };
  let points;
  const sorting = took(() => { points = new Points(xy); });
  points.colour(Uint8Array.from({ length: n }, (_, i) => i % 40));
  const palette = Uint32Array.from({ length: 256 }, (_, i) => 0xff000000 | (i * 12345));
  const canvas = Object.assign(document.createElement("canvas"), { width, height }), c = canvas.getContext("2d");
  document.body.append(canvas);
  const image = c.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
  const all = whole(points, width, height), sixth = 1 / all.scale / 6;
  const part = { scale: 3 * all.scale, x: heaps[0][0] - width * sixth, y: heaps[0][1] - height * sixth };
  const draw = (view) => {
    const size = sizeFor(points, view, width, height, 1);
    paint(points, pixels, width, height, view, palette, size, 0xff111111);
    c.putImageData(image, 0, 0);
  };
  const series = async (act) => {
    const times = [];
    for (let i = 0; i < rounds + 10; i++) {
      await new Promise(requestAnimationFrame);
      const ms = took(() => act(i));
      if (i >= 10) times.push(ms);
    }
    times.sort((a, b) => a - b);
    return [times[0], times[rounds >> 1], times[Math.floor(0.95 * rounds)]];
  };
  return {
    "sorting, once": [sorting, sorting, sorting],
    "all of it": await series((i) => draw({ ...all, x: all.x + 0.01 * i })),
    "a part, three times as near": await series((i) => draw({ ...part, x: part.x + 0.01 * i })),
    "under the pointer": await series((i) => points.nearest(heaps[i % 40][0], heaps[i % 40][1], 9 / all.scale)),
  };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with sync_playwright() as started:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = drawing_page(browser, options.width, options.height)
        sizes = {"n": options.points, "width": options.width, "height": options.height, "rounds": options.rounds}
        for name, (least, median, late) in page.evaluate(MEASURE, sizes).items():
            print(f"{name:<28} {least:6.1f} ms least, {median:6.1f} median, {late:6.1f} 95th percentile")
        browser.close()


def drawing_page(browser, width: int, height: int):
    """A page that has the modules of the map and nothing else."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.route(f"{HOST}**", answer)
    page.goto(HOST)
    return page


def answer(route) -> None:
    """The page itself, or a file of the real one."""
    name = route.request.url.removeprefix(HOST)
    if name.endswith(".js"):
        route.fulfill(body=(STATIC / name).read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>map</title>", content_type="text/html")


if __name__ == "__main__":
    main()
