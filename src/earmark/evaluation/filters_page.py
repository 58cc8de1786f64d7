"""index.html of ``earmark filters``: layer by layer one player a filter, with where its excerpts come from."""

from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.evaluation.layers import Filter, Layer
from earmark.evaluation.page import escape, page, paragraph
from earmark.files import whole_file
from earmark.tagger.model import Model

STYLE = """
summary { cursor: pointer; font-weight: 600; padding: .5rem 0; border-top: 1px solid var(--line) }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem;
           margin: .6rem 0 1.4rem }
.filter { border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; min-width: 0 }
.filter ol { margin: .3rem 0 0; padding-left: 1.3rem; font-size: .8rem; color: var(--quiet); overflow-wrap: anywhere }
"""


def write_index(model: Model, manifest: Manifest, layers: list[Layer], path: Path) -> None:
    """Write index.html; the players load nothing before they are played.

    Parameters
    ----------
    layers : with the sound files of their filters, relative to the folder of `path`
    """
    info = model.info
    text = (
        f"{len(manifest)} files of {manifest.name}. Each player holds the moments that activate one filter most, "
        "strongest first, at most one of a file. What a filter sees of a file is given in seconds; a shorter excerpt "
        "is widened so that it can be heard, a longer one cut to its middle."
    )
    parts = [f"<h1>Filters of {escape(info.id)} {escape(info.version)}</h1>", paragraph(text)]
    parts += [_layer(k, layer) for k, layer in enumerate(layers)]
    with whole_file(path) as draft:
        draft.write_text(page(f"Filters of {info.id}", parts, STYLE), encoding="utf-8")


def _layer(k: int, layer: Layer) -> str:
    where = "the whole patch" if layer.field.axis is None else f"{layer.seconds:.2f} s"
    silent = sum(not f.file for f in layer.filters)
    note = f", {silent} never react" if silent else ""
    title = f"{layer.name}: {len(layer.filters)} filters, each sees {where}{note}"
    boxes = "".join(_filter(f) for f in layer.filters if f.file)
    state = " open" if k == 0 else ""
    return f'<details{state}><summary>{escape(title)}</summary><div class="filters">{boxes}</div></details>'


def _filter(f: Filter) -> str:
    lines = "".join(f"<li>{escape(m.path)} {m.start:.2f}–{m.end:.2f} s ({m.activation:.3g})</li>" for m in f.moments)
    player = f'<audio controls preload="none" src="{escape(f.file, quote=True)}"></audio>'
    return f'<div class="filter"><b>filter {f.index}</b>{player}<ol>{lines}</ol></div>'
