"""The map of a collection as one HTML page that loads nothing: points by genre, names of regions, search, zoom."""

import base64
import json
from collections import Counter
from html import escape
from pathlib import Path

import numpy as np
import pyarrow as pa

from earmark.catalogue.map import Map
from earmark.errors import printable

SCRIPT = Path(__file__).with_name("map_page.js")
COLOURS = 8  # genres that have a colour of their own, the commonest first
WIDEST = 65_535  # coordinates are whole numbers of 16 bits
CSS = """
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1d1d1f; --quiet: #63636b; --line: #d8d8de;
  --rest: #9a9aa3; --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #aa3377; --c4: #b08900; --c5: #56b4e9;
  --c6: #7a4fc9; --c7: #8c564b }
@media (prefers-color-scheme: dark) { :root { --ground: #16161a; --ink: #ececf1; --quiet: #a5a5b0; --line: #3a3a44;
  --rest: #77777f; --c0: #4aa8e8; --c1: #ff8c42; --c2: #2fd0a0; --c3: #ee86c0; --c4: #e6c229; --c5: #8fd3ff;
  --c6: #b197fc; --c7: #d0a08f } }
* { box-sizing: border-box }
html, body { height: 100%; margin: 0 }
body { display: flex; flex-direction: column; font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  color: var(--ink); background: var(--ground) }
header { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: baseline; padding: .7rem 1rem;
  border-bottom: 1px solid var(--line) }
h1 { font-size: 1.05rem; margin: 0 } header p { margin: 0; color: var(--quiet); font-size: .87rem }
input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 5px;
  padding: .2rem .5rem; width: 14rem; max-width: 100% }
main { position: relative; flex: 1; min-height: 0 }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; cursor: grab; touch-action: none }
canvas:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--c0); outline-offset: -2px }
#legend { position: absolute; left: .8rem; bottom: .8rem; margin: 0; padding: .5rem .7rem; list-style: none;
  font-size: .85rem; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; opacity: .94 }
#legend button { font: inherit; color: inherit; background: none; border: 0; padding: .05rem .1rem; cursor: pointer }
#legend button[aria-pressed="false"] { opacity: .4; text-decoration: line-through }
#legend i { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .45rem }
#tip { position: absolute; pointer-events: none; max-width: 22rem; padding: .35rem .6rem; font-size: .87rem;
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 2px 8px #0003 }
#tip b { display: block } #tip span { color: var(--quiet) }
"""


def map_page(found: Map, table: pa.Table) -> str:
    """The page.

    table : as `earmark.interop.map_files.map_table` makes it
    """
    told = f"{len(found):,} tracks; of each one's ten that sound most alike, {found.kept:.0%} are among its ten nearest"
    told += f" here ({found.chance:.1%} by chance). Distances between groups mean nothing."
    data = json.dumps(_data(found, table), ensure_ascii=True).replace("<", "\\u003c")
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Map of the collection</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{CSS}</style></head>\n<body>\n"
        f'<header><h1>Map of the collection</h1><input id="find" type="search" placeholder="Find artist, title or tag"'
        f' aria-label="Find artist, title or tag"><p>{escape(told)}</p></header>\n'
        '<main><canvas id="map" tabindex="0" role="img" aria-label="Every track as a point; arrows move, + and - zoom">'
        '</canvas><ul id="legend"></ul><div id="tip" hidden></div></main>\n'
        f'<script type="application/json" id="data">{data}</script>\n'
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>\n</body></html>\n"
    )


def _data(found: Map, table: pa.Table) -> dict:
    low, size = found.xy.min(axis=0), max(float(np.ptp(found.xy, axis=0).max()), 1e-9)
    whole = np.round((found.xy - low) / size * WIDEST).astype("<u2")
    genres = table["genre"].to_pylist() if "genre" in table.column_names else [None] * len(table)
    named = [name for name, _ in Counter(genre for genre in genres if genre).most_common(COLOURS)]
    kinds = bytes(named.index(genre) if genre in named else COLOURS for genre in genres)
    labels = [
        [printable(one.text), *(np.round((np.array([one.x, one.y]) - low) / size * WIDEST).tolist()), one.n_tracks]
        for one in found.labels
    ]
    return {
        "xy": base64.b64encode(whole.tobytes()).decode(), "kinds": base64.b64encode(kinds).decode(), "genres": named,
        "labels": labels, "names": [_name(row) for row in table.select(_told(table)).to_pylist()],
    }  # fmt: skip


def _told(table: pa.Table) -> list[str]:
    return [name for name in ("title", "artist", "tags", "own_tags") if name in table.column_names]


def _name(row: dict) -> list[str]:
    """Title, artist, and tags as one text, for the hint beside a point."""
    tags = [*(row.get("own_tags") or ()), *(row.get("tags") or ())][:5]
    return [printable(row.get("title") or ""), printable(row.get("artist") or ""), printable(", ".join(tags))]
