"""``earmark scan`` and ``earmark failures``: folders into a catalogue, and what did not work."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, ModelOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json
from earmark.errors import printable
from earmark.formats import clock


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(scan)
    app.command()(failures)


def scan(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders (or files) to analyse.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
    model: ModelOption = "default",
    prune: Annotated[bool, typer.Option("--prune", help="Drop what is no longer in the folders.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try unchanged files again that failed before.")] = False,
    keep_earprints: Annotated[
        bool, typer.Option("--keep-earprints", help="Keep spectrograms (0.6 MB a track) for later versions.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that one file may take.")] = settings.TIME_LIMIT,
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Analyse no more of a track than this, seconds.")
    ] = settings.MAX_SECONDS,
    as_json: JsonOption = False,
) -> None:
    """Analyse every sound file in FOLDERs and keep the results.

    Known, unchanged files are skipped; an interrupted scan goes on where it stopped.

    Example: earmark scan ~/Music --catalogue music.earmark
    """
    from earmark.library import Catalogue, ScanOptions

    options = ScanOptions(workers, time_limit, max_seconds, prune, retry, keep_earprints)
    with progress_bars(quiet=as_json) as progress:
        report = Catalogue(catalogue).scan(folders, model, options, progress)
    if as_json:
        print_json(_report_dict(report))
    else:
        print_report(report, catalogue)
    if report.failed or report.interrupted:
        raise typer.Exit(1)


def failures(catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """List every file that could not be analysed, with its cause and what to do."""
    from earmark.library import Catalogue

    failed = Catalogue(catalogue).failures()
    for file in failed:
        if as_json:
            print_json(file.to_dict())
        else:
            typer.echo(f"{printable(file.path)}\n    {file.problem}. {file.remedy}")
    if not failed and not as_json:
        typer.echo("No failures.")


def _report_dict(report) -> dict:
    failed = [file.to_dict() for file in report.failed]
    return asdict(report) | {"failed": failed, "gone": [printable(path) for path in report.gone]}


def print_report(report, catalogue: Path) -> None:
    """What a scan did, in a few lines."""
    done = f"{report.analysed} listened to" + (f" ({clock(report.audio_seconds)})" if report.analysed else "")
    parts = [done, f"{report.unchanged} unchanged"]
    if report.recognised:
        parts.append(f"{report.recognised} recognised under another path or tags")
    typer.echo(f"{report.found} files: {', '.join(parts)}, in {report.seconds:.1f} s.")
    if report.removed:
        typer.echo(f"{report.removed} tracks removed that are no longer there.")
    elif report.gone:
        typer.echo(f"{len(report.gone)} known files are no longer there; `--prune` drops them.")
    if report.failed:
        typer.echo(f"{len(report.failed)} files failed: `earmark failures --catalogue {catalogue}` lists them.")
    if report.interrupted:
        typer.echo("Interrupted. What is done is kept; the same command goes on from here.")
