"""``earmark watch``: a catalogue that follows its folders."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, ModelOption
from earmark.cli.render import print_json, say
from earmark.cli.scan import print_report, report_dict


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(watch)


def watch(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders to follow.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    model: ModelOption = "default",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out what fits, as in a .gitignore file; may be repeated."),
    ] = None,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds that files are left alone before they are heard.")
    ] = 5.0,
    poll: Annotated[
        bool, typer.Option("--poll", help="Look at all files again and again: for drives of other machines.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Scan FOLDERs, then go on and keep the catalogue current as files come, change and go. Ctrl-C ends it.

    A file that is still being copied is heard once it is whole. A file that goes is no answer any more; what is known
    of it is kept for its return. A folder that is gone as a whole, such as a disk, is waited for.

    Example: earmark watch ~/Music --catalogue music.earmark
    """
    from earmark.library import Catalogue, ScanOptions

    options = ScanOptions(workers, exclude=tuple(exclude or ()))
    with suppress(KeyboardInterrupt):
        for report in Catalogue(catalogue).watch(folders, model, options, settle, poll):
            if as_json:
                print_json(report_dict(report))
            else:
                say(f"{datetime.now():%Y-%m-%d %H:%M:%S}", bold=True)
                print_report(report, catalogue)
