"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

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
    from earmark.tagger.model import load_model
    from earmark.tagger.registry import resolve

    return load_model(resolve(model), threads)
