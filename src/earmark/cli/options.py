"""The options and arguments that several commands share."""

from typing import Annotated

import typer

from earmark import settings
from earmark.formats import read_clock

CatalogueOption = Annotated[
    str,
    typer.Option(
        "--catalogue", envvar=settings.CATALOGUE.variable, metavar="DIR", show_default=True,
        help="Folder of the catalogue, or its address, such as s3://bucket/music.earmark.",
    ),
]  # fmt: skip
CompatibleOption = Annotated[
    str | None, typer.Option("--compatible", metavar="KEY", help="Only keys that mix with 'A minor', Am, 8A ...")
]
CurvesOption = Annotated[bool, typer.Option("--curves", help="Add each tag's probability over time.")]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Where the window begins, as 0:30 or seconds.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help=f"Of the description: en or de; else ${settings.LANGUAGE}."),
]
ModelOption = Annotated[str, typer.Option("--model", help="A model name, an ONNX file, or a folder made by `train`.")]
NumberOption = Annotated[int, typer.Option("-n", "--number", min=1, max=10_000, help="How many tracks.")]
PerAlbumOption = Annotated[int | None, typer.Option("--per-album", min=1, help="Tracks of one album at most.")]
PerArtistOption = Annotated[int | None, typer.Option("--per-artist", min=1, help="Tracks of one artist at most.")]
TempoRangeOption = Annotated[
    str | None,
    typer.Option("--tempo-range", metavar="LOW:HIGH", help="Show the octave of the tempo in it, e.g. 88:175."),
]
ToOption = Annotated[str | None, typer.Option("--to", metavar="TIME", help="Where the window ends.")]
TrackArgument = Annotated[str, typer.Argument(metavar="TRACK", help="Id (or its beginning), path, or title.")]
VersionsOption = Annotated[bool, typer.Option("--versions", help="Show every file and version of a song.")]
WhereOption = Annotated[
    str | None, typer.Option("--where", metavar="EXPR", help="Filter, e.g. \"genre = 'jazz' AND duration < 300\".")
]

DEFAULT_CATALOGUE = str(settings.CATALOGUE.default())


def read_time(text: str) -> float:
    """Seconds of a time; raises BadParameter."""
    try:
        return read_clock(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}: write it as 0:30 or 30") from None
