"""``earmark show``, ``similar`` and ``search``: questions to a catalogue."""

from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, NumberOption, WhereOption
from earmark.cli.render import clock, fact_lines, print_json, tag_lines


def register(app: typer.Typer) -> None:
    app.command()(show)
    app.command()(similar)
    app.command()(search)
    app.command()(correct)


TrackArgument = Annotated[str, typer.Argument(metavar="TRACK", help="Id (or its beginning), path, or title.")]


def show(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    with_curves: Annotated[bool, typer.Option("--curves", help="Add each tag's probability over time.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show all that the catalogue knows of TRACK.

    Example: earmark show "Vibe Ace" --catalogue music.earmark
    """
    from earmark.catalogue.store import CatalogueStore
    from earmark.explore.similar import track_details

    details = track_details(CatalogueStore(catalogue), track, with_curves)
    if as_json:
        print_json(details.to_dict())
        return
    row = details.row
    who = f"{row['artist']}: {row['title']}" if row["artist"] else row["title"]
    typer.secho(f"{who}  [{clock(row['duration'])}]  {row['track_id']}", bold=True)
    for path in row["paths"]:
        typer.echo(f"  {path}")
    description = details.to_dict()["description"]
    if description:
        typer.echo(f"  {description}")
    for line in (*tag_lines(details.tags), *fact_lines(details.facts)):
        typer.echo(line)


def correct(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    tempo: Annotated[str | None, typer.Option(help="Beats a minute.")] = None,
    key: Annotated[str | None, typer.Option(help="'A minor', Am, 8A.")] = None,
    metre: Annotated[str | None, typer.Option(help="3/4, 4/4, 6/8 ...")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back all corrections of TRACK.")] = False,
) -> None:
    """Correct what earmark heard in TRACK: your word wins over the estimate and survives every later scan.

    Example: earmark correct "Vibe Ace" --tempo 92 --key "D minor"
    """
    from earmark.catalogue.store import CatalogueStore

    values = {"tempo": tempo, "key": key, "metre": metre}
    wanted = {field: value for field, value in values.items() if value is not None}
    if not wanted and not undo:
        raise typer.BadParameter("Say what to correct: --tempo, --key, --metre, or --undo.")
    store = CatalogueStore(catalogue)
    track_id = store.resolve(track)
    for field, value in dict.fromkeys(values).items() if undo else wanted.items():
        store.correct(track_id, field, value)


CompatibleOption = Annotated[
    str | None, typer.Option("--compatible", metavar="KEY", help="Only keys that mix with 'A minor', Am or 8A.")
]


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
    from earmark.catalogue.store import CatalogueStore
    from earmark.explore import similar as search

    _print_hits(search.similar(CatalogueStore(catalogue), track, number, search.with_key(where, compatible)), as_json)


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
    from earmark.catalogue.store import CatalogueStore
    from earmark.explore import similar as search

    _print_hits(search.search(CatalogueStore(catalogue), text, search.with_key(where, compatible), number), as_json)


def _print_hits(hits: list, as_json: bool) -> None:
    for hit in hits:
        if as_json:
            print_json(hit.to_dict())
            continue
        number = hit.similarity if hit.similarity is not None else hit.relevance
        figure = f"{number:.3f}\t" if number is not None else ""
        row = hit.track
        who = f"{row['artist']}: {row['title']}" if row["artist"] else row["title"]
        typer.echo(f"{figure}{row['track_id'][:8]}\t{clock(row['duration'])}\t{who}\t{', '.join(row['tags'][:4])}")
    if not hits and not as_json:
        typer.echo("Nothing fits.")
