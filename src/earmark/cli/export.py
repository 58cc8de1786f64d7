"""``earmark export``: what the catalogue knows, as files for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, WhereOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say
from earmark.errors import as_unicode, printable

SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".xlsx": "xlsx"}


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(export)


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A file, or for jams a folder.")],
    form: Annotated[
        str | None,
        typer.Option("--format", help="csv, jsonl, parquet, xlsx or jams; by default that of the suffix, else jams."),
    ] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    where: WhereOption = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A column of csv, parquet or xlsx; repeatable; all of them by default."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write all that is known of every track that fits into OUT, with the versions of model and analysis.

    Example: earmark export music.csv --where "year < 1970"
    """
    from earmark.library import Catalogue

    kind = form or SUFFIXES.get(out.suffix.lower(), out.suffix or "jams")
    with progress_bars() as progress:
        n = Catalogue(catalogue).export(out, kind, where, progress, field or ())
    if as_json:
        print_json({"out": as_unicode(str(out)), "format": kind, "tracks": n})
    else:
        say(f"{printable(str(out))}: {n} tracks.")
