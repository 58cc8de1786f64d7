"""Draws the rooms of the package from the table in docs/architecture.md, as docs/img/rooms.svg.

Run ``python docs/drawing.py``; a test holds the drawing to the table.

A room stands one row below the lowest of the rooms that it imports. A line leads from a room down to one that imports
it, unless it does so through another room between them. Rooms hang below the middle of those that they import.
"""

import re
from html import escape
from itertools import pairwise
from pathlib import Path

DOCS = Path(__file__).parent
TARGET = DOCS / "img" / "rooms.svg"
WIDTH, HEIGHT, GAP, STEP, MARGIN = 104, 30, 16, 74, 20  # of a box, between boxes, from row to row, around, px
WAYS = {"training": "#b45309", "data": "#b45309", "evaluation": "#b45309", "cli": "#1d4ed8", "server": "#1d4ed8",
        "client": "#1d4ed8", "library": "#1d4ed8"}  # fmt: skip
BEND = 12  # px that a line takes between boxes
STYLE = "font-family='system-ui, sans-serif' font-size='13' text-anchor='middle'"

Node = str | tuple[str, str, int]
"""A room, or the place where the line between two rooms passes a row."""


def rooms() -> dict[str, set[str]]:
    """Room -> the rooms that it may import, in the order of the table."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## The rooms", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([a-z]+)(?:\.py|/)` \|.*\| ([a-z, ]*)\|$", page, re.M)
    return {room: {name.strip() for name in names.split(",") if name.strip()} for room, names in rows}


def rows_of(above: dict[str, set[str]]) -> dict[str, int]:
    """Room -> its row; 0 for a room that imports none."""
    row: dict[str, int] = {}
    for room, needed in above.items():  # the table names a room after all that it imports
        row[room] = 1 + max((row[name] for name in needed), default=-1)
    return row


def direct(above: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The pairs (imported, importing) that no room between them joins."""
    through: dict[str, set[str]] = {}
    for room, needed in above.items():
        through[room] = needed.union(*(through[name] for name in needed))
    return [
        (name, room)
        for room, needed in above.items()
        for name in needed
        if not any(name in through[other] for other in needed - {name})
    ]


def chains(above: dict[str, set[str]]) -> list[list[Node]]:
    """Each direct pair as a chain with a bend in every row that it passes, so that no line runs behind a box."""
    row = rows_of(above)
    return [
        [name, *((name, room, n) for n in range(row[name] + 1, row[room])), room]
        for name, room in sorted(direct(above))
    ]


def places(above: dict[str, set[str]]) -> dict[Node, tuple[float, float]]:
    """Room or bend -> its middle, px: near the middle of those that it hangs from, beside its neighbours."""
    row = rows_of(above)
    links = [pair for chain in chains(above) for pair in pairwise(chain)]
    nodes = [*above, *(node for chain in chains(above) for node in chain[1:-1])]
    rows = [[x for x in nodes if (x[2] if isinstance(x, tuple) else row[x]) == n] for n in range(max(row.values()) + 1)]
    spans = [[BEND if isinstance(node, tuple) else WIDTH for node in here] for here in rows]
    middle = MARGIN + max(sum(span) + GAP * (len(span) - 1) for span in spans) / 2
    found: dict[Node, tuple[float, float]] = {}
    for n, here in enumerate(rows):
        hung = {node: [found[a][0] for a, b in links if b == node] or [middle] for node in here}
        x = middle - (sum(spans[n]) + GAP * (len(here) - 1)) / 2
        for node in sorted(here, key=lambda node: sum(hung[node]) / len(hung[node])):
            span = BEND if isinstance(node, tuple) else WIDTH
            found[node] = x + span / 2, MARGIN + HEIGHT / 2 + n * STEP
            x += span + GAP
    return found


def line(points: list[tuple[float, float]]) -> str:
    """A curve from below the first box, through the bends, to the top of the last."""
    x, y = points[0][0], points[0][1] + HEIGHT / 2
    path = f"M{x:.0f},{y:.0f}"
    for i, (x1, y1) in enumerate(points[1:], 2):
        top = y1 - HEIGHT / 2 - (5 if i == len(points) else 0)
        half = (top - y) / 2
        path += f" C{x:.0f},{y + half:.0f} {x1:.0f},{top - half:.0f} {x1:.0f},{top:.0f}"
        x, y = x1, y1 + HEIGHT / 2
        path += "" if i == len(points) else f" V{y:.0f}"
    return f"<path d='{path}' fill='none' stroke='#64748b' stroke-width='1.2' marker-end='url(#tip)'/>"


def box(room: str, at: tuple[float, float]) -> str:
    """A room with its name."""
    x, y, colour = at[0] - WIDTH / 2, at[1] - HEIGHT / 2, WAYS.get(room, "#0f766e")
    shape = f"<rect x='{x:.0f}' y='{y:.0f}' width='{WIDTH}' height='{HEIGHT}' rx='6' fill='#fff' stroke='{colour}'/>"
    return f"{shape}<text x='{at[0]:.0f}' y='{at[1] + 4:.0f}' fill='{colour}'>{escape(room)}</text>"


def render() -> str:
    """The drawing as SVG."""
    above = rooms()
    at = places(above)
    width = max(x for x, _ in at.values()) + WIDTH / 2 + MARGIN
    height = max(y for _, y in at.values()) + HEIGHT / 2 + MARGIN
    tip = "<marker id='tip' markerWidth='7' markerHeight='7' refX='3' refY='3' orient='auto'>"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' role='img' {STYLE}>",
        "<title>The rooms of earmark: each imports only those above it</title>",
        f"<defs>{tip}<path d='M0,0 L6,3 L0,6 z' fill='#64748b'/></marker></defs>",
        f"<rect width='{width:.0f}' height='{height:.0f}' fill='#fff'/>",
        *(line([at[node] for node in chain]) for chain in chains(above)),
        *(box(room, at[room]) for room in above),
        "</svg>\n",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(render(), encoding="utf-8")
