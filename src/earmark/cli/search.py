"""``earmark show``, ``correct``, ``similar``, ``search`` and ``duplicates``: questions to a catalogue."""

import re
from typing import Annotated

import typer

from earmark.cli.options import (
    DEFAULT_CATALOGUE,
    CatalogueOption,
    CompatibleOption,
    CurvesOption,
    FromOption,
    JsonOption,
    LanguageOption,
    NumberOption,
    PerAlbumOption,
    PerArtistOption,
    TempoRangeOption,
    ToOption,
    TrackArgument,
    VersionsOption,
    WhereOption,
    read_time,
)
from earmark.cli.render import file_line, print_answer, print_groups, print_hits, print_json, print_lines, say
from earmark.errors import QueryError, printable
from earmark.formats import clock

PARTS = (
    "sound",
    "rhythm",
    "harmony",
    "mood",
    "instruments",
    "energy",
    "lyrics",
)  # named here since help is asked for often


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (show, similar, search, duplicates, correct):
        app.command()(command)


def show(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    with_curves: CurvesOption = False,
    tempo_range: TempoRangeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show all that the catalogue knows of TRACK.

    Example: earmark show "Vibe Ace" --catalogue music.earmark
    """
    from earmark.library import Catalogue

    found = Catalogue(catalogue).show(track, with_curves, tempo_range)
    if as_json:
        print_json(found.to_dict(with_curves, language))
        return
    say(f"{found.name}  [{clock(found.duration)}]  {found.track_id}", bold=True)
    for file in found.files:
        say(f"  {printable(file.path)}\n    {file_line(file.info)}")
    if told := found.analysis.describe(language):
        say(f"  {told}")
    print_lines(found.analysis)


def correct(
    track: TrackArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    tempo: Annotated[str | None, typer.Option(help="Beats a minute.")] = None,
    key: Annotated[str | None, typer.Option(help="'Eb major', Ebm, es-Moll, 5B ...")] = None,
    metre: Annotated[str | None, typer.Option(help="3/4, 4/4, 6/8 ...")] = None,
    tag: Annotated[list[str], typer.Option(help="A tag that it has, as genre/jazz; repeatable.")] = [],  # noqa: B006
    not_tag: Annotated[list[str], typer.Option(help="A tag that it has not; repeatable.")] = [],  # noqa: B006
    undo: Annotated[bool, typer.Option("--undo", help="Take back all corrections of TRACK.")] = False,
) -> None:
    """Correct tempo, key, metre or tags of TRACK: your word wins over the estimate and survives every later scan.

    Example: earmark correct "Vibe Ace" --tempo 92 --key "D minor"
    """
    from earmark.library import Catalogue

    values = {"tempo": tempo, "key": key, "metre": metre}
    wanted = {field: value for field, value in values.items() if value is not None}
    if tag or not_tag:
        wanted["tags"] = dict.fromkeys(tag, True) | dict.fromkeys(not_tag, False)
    if not wanted and not undo:
        raise typer.BadParameter("Say what to correct: --tempo, --key, --metre, --tag, --not-tag, or --undo.")
    if undo:
        Catalogue(catalogue).uncorrect(track)
    else:
        Catalogue(catalogue).correct(track, **wanted)


def similar(
    tracks: Annotated[
        list[str],
        typer.Argument(metavar="TRACK|FILE", help="Tracks or any audio files; of one, as A#t=0:30,0:45, a window."),
    ],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    number: NumberOption = 10,
    unlike: Annotated[
        list[str] | None, typer.Option("--not", metavar="TRACK|FILE", help="What the answers shall not be like.")
    ] = None,
    start: FromOption = None,
    end: ToOption = None,
    weights: Annotated[
        str | None,
        typer.Option(metavar="PART=W,...", help=f"How much parts count: {', '.join(PARTS)}; by default sound=1."),
    ] = None,
    variety: Annotated[
        float, typer.Option(min=0, max=1, help="How much an answer loses by being like those before it.")
    ] = 0.0,
    where: WhereOption = None,
    compatible: CompatibleOption = None,
    versions: VersionsOption = False,
    per_artist: PerArtistOption = None,
    per_album: PerAlbumOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the tracks that are most like TRACK, best first. Other versions of a song are left out.

    Several tracks are taken together. With --weights, sound, rhythm and other parts count as much as you say; what you
    do not name does not count. With --from and --to, only that window of TRACK counts.

    Example: earmark similar 00d4a1 -n 5 --weights sound=1,rhythm=1 --where "year < 1990" --per-artist 2
    """
    from earmark.library import Catalogue

    seeds = [read_seed(text, 1.0, start, end) for text in tracks] + [read_seed(text, -1.0) for text in unlike or ()]
    found = Catalogue(catalogue).similar(
        seeds, number, where, compatible, versions, per_artist, per_album, weights, variety, explain=True
    )
    print_hits(found, as_json, show_parts=weights is not None)


def read_seed(text: str, weight: float, start: str | None = None, end: str | None = None):
    """The seed that ``A`` or ``A#t=0:30,0:45`` means; a window of its own comes before `start` and `end`."""
    from earmark.library import Seed

    own = re.fullmatch(r"(.+)#t=([\d:.]*)(?:,([\d:.]+))?", text, re.ASCII | re.DOTALL)
    if own:
        text, start, end = own[1], own[2] or None, own[3]
    return Seed(text, weight, start and read_time(start), end and read_time(end))


def search(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="What it sounds like, facts, or names.")] = "",
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    where: WhereOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="NAME=W", help="genre/jazz=2, mood/sadness=-1 ...")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="both: names first, then sound; sound; words.")] = "both",
    compatible: CompatibleOption = None,
    number: NumberOption = 10,
    versions: VersionsOption = False,
    per_artist: PerArtistOption = None,
    per_album: PerAlbumOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Tell what was understood, in JSON first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the tracks that TEXT names, then those that sound as it says; words in quotes must be in a name.

    Example: earmark search "calm piano, no drums, under 5 minutes" --where "year < 1990" --tag mood/sadness=-1
    """
    from earmark.library import Catalogue

    found = Catalogue(catalogue).find(
        text, read_weights(tag or []), where, number, by, compatible, versions, per_artist, per_album
    )
    print_answer(found, explain, as_json)


def read_weights(options: list[str]) -> dict[str, float]:
    """``genre/jazz=2`` -> 2.0 of genre/jazz; without a number 1. Raises QueryError for what is no number."""
    weights = {}
    for option in options:
        name, _, number = option.partition("=")
        try:
            weights[name] = float(number or 1)
        except ValueError as error:
            raise QueryError(option, "not a tag with a weight", "Write it as genre/jazz=2.") from error
    return weights


def duplicates(catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """List the songs that are there more than once: as equal audio, as the same recording, as another version.

    Example: earmark duplicates --catalogue music.earmark --json
    """
    from earmark.library import Catalogue

    print_groups(Catalogue(catalogue).duplicates(), as_json)
