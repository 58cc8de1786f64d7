"""What several commands share: their options, and how things are printed."""

import json
from pathlib import Path
from typing import Annotated

import typer

BAR = 20  # characters of a probability of 1

CatalogueOption = Annotated[
    Path, typer.Option("--catalogue", envvar="EARMARK_CATALOGUE", help="Folder of the catalogue.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
ModelOption = Annotated[str, typer.Option("--model", help="A model name, an ONNX file, or a folder made by `train`.")]
NumberOption = Annotated[int, typer.Option("-n", "--number", min=1, max=10_000, help="How many tracks.")]
WhereOption = Annotated[
    str | None, typer.Option("--where", metavar="EXPR", help="SQL filter, e.g. \"genre = 'jazz' AND duration < 300\".")
]

DEFAULT_CATALOGUE = Path("catalogue")


def load(model: str, threads: int = 1):
    """The model that a `--model` option means."""
    from earmark.model import load_model
    from earmark.registry import resolve

    return load_model(resolve(model), threads)


def print_json(value: dict) -> None:
    """One line, UTF-8; NaN has no place in JSON and is an error here."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def clock(seconds: float) -> str:
    """``4:07`` or ``1:02:07``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def tag_lines(tags: dict[str, list], most: int = 4) -> list[str]:
    """Group by group the most probable tags, each with a bar; what is below its threshold is called unsure."""
    lines = []
    for group, hits in tags.items():
        sure = [hit for hit in hits if hit.sure][:most]
        if not sure:
            best = hits[0]
            lines.append(f"  {group:<12} unsure (nearest: {best.tag} {best.probability:.2f})")
        for i, hit in enumerate(sure):
            bar = "█" * round(BAR * min(max(hit.probability, 0), 1))
            lines.append(f"  {group if i == 0 else '':<12} {hit.tag:<22} {hit.probability:.2f} {bar}")
    return lines
