"""``earmark show``, ``correct``, ``similar`` and ``search``: questions to a catalogue."""

from typing import Annotated

import typer

from earmark.cli.options import (
    DEFAULT_CATALOGUE,
    CatalogueOption,
    CompatibleOption,
    CurvesOption,
    JsonOption,
    NumberOption,
    TrackArgument,
    WhereOption,
)
from earmark.cli.render import print_hits, print_json, print_lines
from earmark.formats import clock


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (show, similar, search, correct):
        app.command()(command)


def show(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    with_curves: CurvesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show all that the catalogue knows of TRACK.

    Example: earmark show "Vibe Ace" --catalogue music.earmark
    """
    from earmark.library import Catalogue

    found = Catalogue(catalogue).show(track, with_curves)
    if as_json:
        print_json(found.to_dict(with_curves))
        return
    typer.secho(f"{found.name}  [{clock(found.duration)}]  {found.track_id}", bold=True)
    for line in (*found.paths, found.analysis.description):
        if line:
            typer.echo(f"  {line}")
    print_lines(found.analysis)


def correct(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    tempo: Annotated[str | None, typer.Option(help="Beats a minute.")] = None,
    key: Annotated[str | None, typer.Option(help="'A minor', Am, 8A.")] = None,
    metre: Annotated[str | None, typer.Option(help="3/4, 4/4, 6/8 ...")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back all corrections of TRACK.")] = False,
) -> None:
    """Correct the tempo, key or metre of TRACK: your word wins over the estimate and survives every later scan.

    Example: earmark correct "Vibe Ace" --tempo 92 --key "D minor"
    """
    from earmark.library import Catalogue

    values = {"tempo": tempo, "key": key, "metre": metre}
    wanted = {field: value for field, value in values.items() if value is not None}
    if not wanted and not undo:
        raise typer.BadParameter("Say what to correct: --tempo, --key, --metre, or --undo.")
    if undo:
        Catalogue(catalogue).uncorrect(track)
    else:
        Catalogue(catalogue).correct(track, **wanted)


def similar(
    track: Annotated[str, typer.Argument(metavar="TRACK|FILE", help="A track, or any audio file.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    number: NumberOption = 10,
    where: WhereOption = None,
    compatible: CompatibleOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the tracks that sound most like TRACK, best first.

    Example: earmark similar 00d4a1 -n 5 --where "year < 1990"
    """
    from earmark.library import Catalogue

    print_hits(Catalogue(catalogue).similar(track, number, where, compatible), as_json)


def search(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Words of title, artist, album or tags.")] = "",
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    where: WhereOption = None,
    compatible: CompatibleOption = None,
    number: NumberOption = 10,
    as_json: JsonOption = False,
) -> None:
    """List the tracks that fit the words of TEXT, a filter, or both.

    Example: earmark search "piano" --where "mood_calmness > 0.5 AND duration < 300"
    """
    from earmark.library import Catalogue

    print_hits(Catalogue(catalogue).search(text, where, number, compatible), as_json)
