"""The options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from earmark import settings

CatalogueOption = Annotated[
    Path,
    typer.Option("--catalogue", envvar=settings.CATALOGUE.variable, help="Folder of the catalogue.", show_default=True),
]
CompatibleOption = Annotated[
    str | None, typer.Option("--compatible", metavar="KEY", help="Only keys that mix with 'A minor', Am or 8A.")
]
CurvesOption = Annotated[bool, typer.Option("--curves", help="Add each tag's probability over time.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
ModelOption = Annotated[str, typer.Option("--model", help="A model name, an ONNX file, or a folder made by `train`.")]
NumberOption = Annotated[int, typer.Option("-n", "--number", min=1, max=10_000, help="How many tracks.")]
TrackArgument = Annotated[str, typer.Argument(metavar="TRACK", help="Id (or its beginning), path, or title.")]
WhereOption = Annotated[
    str | None, typer.Option("--where", metavar="EXPR", help="Filter, e.g. \"genre = 'jazz' AND duration < 300\".")
]

DEFAULT_CATALOGUE = settings.CATALOGUE.default()
