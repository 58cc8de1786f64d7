"""``earmark analyze`` and ``earmark earprint``: files in, answers or spectrogram files out, no catalogue."""

from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import JsonOption, ModelOption, load
from earmark.cli.render import clock, fact_lines, print_json, tag_lines
from earmark.errors import EarmarkError

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Audio files or earprints.")]


def register(app: typer.Typer) -> None:
    app.command()(analyze)
    app.command()(earprint)


def analyze(
    files: FilesArgument,
    as_json: JsonOption = False,
    with_curves: Annotated[bool, typer.Option("--curves", help="Add each tag's probability over time.")] = False,
    model: ModelOption = "default",
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Listen to no more of a file than this.")
    ] = settings.MAX_SECONDS,
) -> None:
    """Listen to FILEs and say what is heard.

    Example: earmark analyze song.mp3 --json
    """
    from earmark.analysis import analyze
    from earmark.tagger.tags import curves

    loaded = load(model)

    def answer(path: Path) -> None:
        analysis = analyze(path, loaded, max_seconds)
        beliefs = curves(loaded.tagset, analysis.activations) if with_curves else None
        if as_json:
            print_json(analysis.to_dict() | ({"curves": beliefs} if beliefs else {}))
        else:
            _print_analysis(analysis, beliefs)

    _each(files, answer)


def earprint(
    files: FilesArgument,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; beside each file by default.")] = None,
    model: ModelOption = "default",
) -> None:
    """Write each FILE's earprint: its spectrogram, which can be analysed in its place.

    Example: earmark earprint song.mp3 && earmark analyze song.earprint
    """
    from earmark.audio.earprint import SUFFIX, write_earprint
    from earmark.audio.listen import listen

    features = load(model).info.features
    if out:
        out.mkdir(parents=True, exist_ok=True)

    def make(path: Path) -> None:
        target = (out or path.parent) / (path.stem + SUFFIX)
        typer.echo(write_earprint(listen(path, features), target))

    _each(files, make)


def _each(files: list[Path], work) -> None:
    """Do the work on every file; a failure is said at once and makes the exit status 1, the others go on."""
    failed = False
    for path in files:
        try:
            work(path)
        except EarmarkError as error:
            failed = True
            typer.echo(f"earmark: {error}", err=True)
    if failed:
        raise typer.Exit(1)


def _print_analysis(analysis, beliefs: dict | None) -> None:
    from earmark.errors import printable

    tags = analysis.file_tags
    who = f"{tags.artist}: {tags.title}" if tags.artist else tags.title
    typer.secho(f"{who}  [{clock(analysis.duration)}]", bold=True)
    typer.echo(f"  {printable(analysis.path)}")
    if analysis.analysed < analysis.duration - 1:
        typer.echo(f"  only the first {clock(analysis.analysed)} were listened to")
    answer = analysis.to_dict()
    if answer["description"]:
        typer.echo(f"  {answer['description']}")
    for line in (*tag_lines(analysis.tags), *fact_lines(answer)):
        typer.echo(line)
    if beliefs:
        for line in _curve_lines(analysis.tags, beliefs):
            typer.echo(line)
    typer.echo()


def _curve_lines(tags: dict, beliefs: dict, width: int = 60) -> list[str]:
    """The leading tag of each group over time, as a row of eighth blocks."""
    import numpy as np

    lines = [f"  over time, 0:00 to {clock(beliefs['times'][-1])}"]
    for group, hits in tags.items():
        curve = np.array(beliefs["tags"][f"{group}/{hits[0].tag}"])
        means = [part.mean() for part in np.array_split(curve, min(width, len(curve)))]
        blocks = "".join("▁▂▃▄▅▆▇█"[int(min(max(p, 0), 0.999) * 8)] for p in means)
        lines.append(f"  {hits[0].tag:<22} {blocks}")
    return lines
