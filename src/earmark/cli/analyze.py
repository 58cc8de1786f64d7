"""``earmark analyze`` and ``earmark earprint``: files in, answers or spectrogram files out, no catalogue."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import CurvesOption, JsonOption, LanguageOption, ModelOption, TempoRangeOption
from earmark.cli.render import print_json, print_lines, say
from earmark.errors import EarmarkError, printable
from earmark.formats import clock

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Audio files or earprints.")]
WIDTH = 60  # characters of a curve


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(analyze)
    app.command()(earprint)


def analyze(
    files: FilesArgument,
    as_json: JsonOption = False,
    with_curves: CurvesOption = False,
    model: ModelOption = "default",
    tempo_range: TempoRangeOption = None,
    language: LanguageOption = None,
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Analyse no more of a file than this, seconds.")
    ] = settings.MAX_SECONDS,
) -> None:
    """Analyse FILEs: tags, tempo, key, loudness, energy, structure, course, and all of it in words.

    Example: earmark analyze song.mp3 --json
    """
    from earmark import library

    shown = library.read_tempo_range(tempo_range)
    loaded, language = library.load_model(model), library.language_code(language)  # one error each, not one a file

    def answer(path: Path) -> None:
        analysis = library.analyze(path, loaded, max_seconds, shown)
        curves = {"curves": analysis.curves()} if with_curves else {}
        if as_json:
            print_json(analysis.to_dict(language) | curves)
        else:
            _print_analysis(analysis, language, **curves)

    _for_each(files, answer)


def earprint(
    files: FilesArgument,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; beside each file by default.")] = None,
    model: ModelOption = "default",
) -> None:
    """Write each FILE's earprint: its spectrogram, which can be analysed in its place.

    Example: earmark earprint song.mp3 && earmark analyze song.earprint
    """
    from earmark import library

    loaded = library.load_model(model)
    _for_each(files, lambda path: say(library.make_earprint(path, out, loaded)))


def _for_each(files: list[Path], work: Callable[[Path], None]) -> None:
    """Do the work on every file; a failure is printed at once and makes the exit status 1, the others go on."""
    failed = False
    for path in files:
        try:
            work(path)
        except EarmarkError as error:
            failed = True
            say(f"earmark: {error}", err=True)
    if failed:
        raise typer.Exit(1)


def _print_analysis(analysis, language: str, curves: dict | None = None) -> None:
    say(f"{analysis.name}  [{clock(analysis.duration)}]", bold=True)
    say(f"  {printable(analysis.path)}")
    if analysis.analysed < analysis.duration - 1:
        say(f"  only the first {clock(analysis.analysed)} were listened to")
    if told := analysis.describe(language):
        say(f"  {told}")
    print_lines(analysis)
    for line in _curve_lines(analysis.tags, curves) if curves and curves["times"] else []:
        say(line)
    say()


def _curve_lines(tags: dict, curves: dict) -> list[str]:
    """The most probable tag of each group over time, as a row of eighth blocks."""
    import numpy as np

    lines = [f"  over time, 0:00 to {clock(curves['times'][-1])}"]
    for group, hits in tags.items():
        curve = np.array(curves["tags"][f"{group}/{hits[0].tag}"])
        means = [part.mean() for part in np.array_split(curve, min(WIDTH, len(curve)))]
        blocks = "".join("▁▂▃▄▅▆▇█"[int(min(max(p, 0), 0.999) * 8)] for p in means)
        lines.append(f"  {hits[0].tag:<22} {blocks}")
    return lines
