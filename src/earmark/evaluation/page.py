"""HTML of a page that loads nothing from elsewhere, neither script nor font nor picture, and that prints."""

from collections.abc import Sequence
from html import escape as escape_html

from earmark.errors import printable

CSS = """
:root { color-scheme: light; --ink: #222; --quiet: #6a6a6a; --line: #d9d9d9; --blue: #0072b2; --warn: #d55e00 }
* { box-sizing: border-box }
body { font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: #fff;
       max-width: 62rem; margin: 2.5rem auto 5rem; padding: 0 1.5rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .2rem }
h2 { font-size: 1.15rem; margin: 2.8rem 0 .5rem; padding-top: .9rem; border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1.4rem 0 .1rem }
p, ul { margin: .5rem 0; max-width: 48rem } .quiet { color: var(--quiet); font-size: .88rem }
svg { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .22rem .8rem .22rem 0; border-bottom: 1px solid var(--line); font-size: .92rem }
th:first-child, td:first-child { text-align: left } th { font-weight: 600; color: var(--quiet) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.4rem 0 }
.card { border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem }
.card b { display: block; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.card.floor { border-style: dashed } .card.floor b { color: var(--quiet) }
.warn { border-left: 4px solid var(--warn); background: #fdf3ec; padding: .6rem 1rem; margin: 1rem 0; max-width: none }
.mistake { display: grid; grid-template-columns: 15rem 1fr; gap: 1rem; align-items: center;
           border-bottom: 1px solid var(--line); padding: .3rem 0; break-inside: avoid }
.mistake code { overflow-wrap: anywhere; font-size: .85rem }
.pair { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start }
.wide { overflow-x: auto }
audio { height: 2.2rem; width: 100% }
@media (max-width: 40rem) { .mistake { grid-template-columns: 1fr } }
@media print { body { margin: 0; max-width: none; font-size: 11px } section, .card, figure { break-inside: avoid } }
"""


def escape(text: str, quote: bool = True) -> str:
    """Any text as HTML: nothing in it is markup, and what could turn its writing around or hide is written out."""
    lines = (escape_html(printable(line), quote) for line in text.split("\n"))
    return "\n".join(lines)


def page(title: str, parts: Sequence[str], style: str = "") -> str:
    """A whole HTML document.

    Parameters
    ----------
    title : plain text
    parts : HTML, one after another; empty ones are left out
    style : CSS beside the page's own
    """
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{CSS}{style}</style></head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body></html>\n"
    )


def section(title: str, *parts: str) -> str:
    """HTML `parts` under a heading in plain text."""
    return f"<section><h2>{escape(title)}</h2>\n" + "\n".join(parts) + "</section>"


def paragraph(text: str, quiet: bool = False) -> str:
    """Plain text as a paragraph, smaller and grey where `quiet`."""
    return f'<p class="quiet">{escape(text)}</p>' if quiet else f"<p>{escape(text)}</p>"


def warning(text: str) -> str:
    """Plain text as a paragraph that stands out."""
    return f'<p class="warn">{escape(text)}</p>'


def card(name: str, value: float | None, ends=None, floor: bool = False) -> str:
    """One figure, large, with its interval `ends` (lower, upper; or None) below; a dashed frame for a `floor`."""
    low = f"95 % interval {number(ends[0])} to {number(ends[1])}" if ends else ""
    kind = " floor" if floor else ""
    return f'<div class="card{kind}">{escape(name)}<b>{number(value)}</b><span class="quiet">{low}</span></div>'


def number(value: float | None) -> str:
    """Three digits after the point; a dash for what is not defined."""
    return "–" if value is None else f"{value:.3f}"


def table(header: Sequence[str], rows: Sequence[Sequence]) -> str:
    """A table of plain values; floats get three digits after the point, None a dash."""

    def cell(value) -> str:
        return number(value) if value is None or isinstance(value, float) else escape(str(value))

    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
