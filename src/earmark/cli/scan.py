"""``earmark scan`` and ``earmark failures``: folders into a catalogue, and what did not work."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.core import TyperCommand

from earmark import settings
from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, ModelOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say
from earmark.errors import printable
from earmark.formats import clock

COUNTABLE = ("system folder", "unfinished download", "video")  # reasons for leaving out that have a plural
UNITS = {"M": 10**6, "G": 10**9}
LEAST_MEMORY = 400 * 10**6  # bytes; a worker with the bundled model takes 350 MB for a song of five minutes


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(cls=ScanCommand)(scan)
    app.command()(failures)


class ScanCommand(TyperCommand):
    """Understands ``--prune`` as well as ``--prune=force``; the parser knows only options with a value or without."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        """As the base class does."""
        return super().parse_args(ctx, ["--force-prune" if arg == "--prune=force" else arg for arg in args])


def read_size(text: str) -> int:
    """``800MB`` or ``1.5 GB`` in bytes. Raises BadParameter for other words and for less than any worker needs."""
    found = re.fullmatch(r"([0-9.]+) ?([MG])B?", text.strip(), re.IGNORECASE)
    try:
        size = int(float(found[1]) * UNITS[found[2].upper()])
    except (TypeError, ValueError):
        raise typer.BadParameter(f"{text!r} is no size: write it as 800MB or 2GB") from None
    if size < LEAST_MEMORY:
        raise typer.BadParameter(f"{text} is too little: an ordinary file takes 0.4 GB")
    return size


def scan(
    folders: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FOLDER...", help="Folders or files to analyse, or addresses: s3://, gs://, az://, https://."
        ),
    ] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
    model: ModelOption = "default",
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Drop what is no longer in the folders, but not where more than half is missing at once, as when a "
            "disk is not mounted; --prune=force: even then.",
        ),
    ] = False,
    force_prune: Annotated[bool, typer.Option("--force-prune", hidden=True)] = False,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read the tags of all files again, also of those that seem unchanged.")
    ] = False,
    reanalyze: Annotated[bool, typer.Option("--reanalyze", help="Hear the sound of all files again, too.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try unchanged files again that failed before.")] = False,
    keep_earprints: Annotated[
        bool, typer.Option("--keep-earprints", help="Keep spectrograms (0.6 MB a track) for later versions.")
    ] = False,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave out what fits, as in a .gitignore file; may be repeated."),
    ] = None,
    urls: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A list of addresses to analyse, one a line, or JSON Lines with url, size and etag; may be repeated.",
        ),
    ] = None,
    include_video: Annotated[bool, typer.Option("--include-video", help="Analyse the sound of videos too.")] = False,
    time_limit: Annotated[
        float, typer.Option(min=1, help="Seconds that one file may take at most; a short one has less.")
    ] = settings.TIME_LIMIT,
    worker_memory: Annotated[
        int, typer.Option(metavar="SIZE", parser=read_size, help="Memory of a worker, as in 800MB or 2GB.")
    ] = f"{settings.WORKER_MEMORY / 1e9:g}GB",
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Analyse no more of a track than this, seconds.")
    ] = settings.MAX_SECONDS,
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="Analyse in processes here, or on a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(help="Of the Ray cluster, `auto` for the one that runs here; without it Ray is started here."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse every sound file in FOLDERs and keep the results.

    Known, unchanged files are skipped; an interrupted scan goes on where it stopped. Hidden files, unfinished downloads
    and what an .earmarkignore file names are left out.

    Example: earmark scan ~/Music --catalogue music.earmark
    """
    from earmark.library import Catalogue, ScanOptions

    if not folders and not urls:
        raise typer.BadParameter("name a folder, an address, or a list with --urls", param_hint="FOLDER...")
    if address and engine != "ray":
        raise typer.BadParameter("it is that of a cluster: add --engine ray", param_hint="--address")
    pruning = "force" if force_prune else prune
    options = ScanOptions(
        workers, time_limit, max_seconds, pruning, retry, reread, reanalyze, keep_earprints,
        exclude=tuple(exclude or ()), include_video=include_video, worker_memory=worker_memory, lists=tuple(urls or ()),
        engine=engine, address=address,
    )  # fmt: skip
    with progress_bars(quiet=as_json) as progress:
        report = Catalogue(catalogue).scan(folders or [], model, options, progress)
    if as_json:
        print_json(report_dict(report))
    else:
        print_report(report, catalogue)
    if report.failed or report.interrupted or report.refused:
        raise typer.Exit(1)


def failures(
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    warnings: Annotated[bool, typer.Option("--warnings", help="What was heard, but not whole or right.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List every file that could not be analysed, with its cause and what to do; or that was heard with a warning.

    Example: earmark failures --warnings
    """
    from earmark.library import Catalogue

    opened = Catalogue(catalogue)
    found = opened.warnings() if warnings else opened.failures()
    for file in found:
        if as_json:
            print_json(file.to_dict())
        else:
            lines = file.warnings if warnings else (f"{file.problem}. {file.remedy}",)
            say("\n    ".join([printable(file.path), *lines]))
    if not found and not as_json:
        say("No warnings." if warnings else "No failures.")


def report_dict(report) -> dict:
    """The JSON object of a scan: what failed as `failures --json` has it, the other lists as paths."""
    failed = [file.to_dict() for file in report.failed]
    paths = {name: [printable(path) for path in getattr(report, name)] for name in ("gone", "kept_out")}
    return asdict(report) | {"failed": failed, **paths}


def print_report(report, catalogue: str) -> None:
    """What a scan did, in a few lines; the first line's numbers add up."""
    done = f"{report.analysed} listened to" + (f" ({clock(report.audio_seconds)})" if report.analysed else "")
    counts = {
        "recognised under another path": report.recognised,
        "with tags read again": report.reread,
        "failed": len(report.failed),
        "left": report.left,
    }
    parts = [done, f"{report.unchanged} unchanged", *(f"{n} {what}" for what, n in counts.items() if n)]
    say(f"{report.found} files: {', '.join(parts)}, in {report.seconds:.1f} s.")
    if report.left_out:
        say(f"Left out: {_left_out(report.left_out)}.")
    for line in (*_lines_of_loss(report), *_lines_of_trouble(report, catalogue)):
        say(line)


def _lines_of_loss(report) -> Iterator[str]:
    """What was dropped, or could be."""
    if report.refused:
        yield f"Nothing was pruned: {report.refused} `--prune=force` drops them all the same."
    elif report.removed:
        yield f"{report.removed} tracks removed that are no longer there."
    else:
        for paths, what in ((report.gone, "no longer there"), (report.kept_out, "left out now")):
            if paths:
                yield f"{len(paths)} known files are {what}; `--prune` drops them."
    if report.without_file:
        kept = "they are kept for its return, and left out of every answer; `--prune` drops them."
        yield f"{report.without_file} tracks have no file any more: {kept}"


def _lines_of_trouble(report, catalogue: str) -> Iterator[str]:
    """What was not heard, or not whole, and where it is listed."""
    if report.warned:
        files = "1 file was" if report.warned == 1 else f"{report.warned} files were"
        yield f"{files} heard with warnings: `earmark failures --warnings --catalogue {catalogue}` lists them."
    if report.failed:
        yield f"{len(report.failed)} files failed: `earmark failures --catalogue {catalogue}` lists them."
    if report.interrupted:
        yield "Interrupted. What is done is kept; the same command goes on from here."


def _left_out(counts: dict[str, int]) -> str:
    """The most frequent reason first, with the option that takes videos in."""
    parts = []
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        plural = "s" if count > 1 and reason in COUNTABLE else ""
        parts.append(f"{count} {reason}{plural}" + (" (`--include-video`)" if reason == "video" else ""))
    return ", ".join(parts)
