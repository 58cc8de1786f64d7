"""``earmark playlist``: lists that are kept in the catalogue, and lists as files for players; ``earmark path``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from earmark.cli.options import (
    DEFAULT_CATALOGUE,
    CatalogueOption,
    JsonOption,
    PerArtistOption,
    VersionsOption,
    WhereOption,
)
from earmark.cli.render import print_json, say
from earmark.errors import as_unicode, printable
from earmark.formats import clock

if TYPE_CHECKING:
    from earmark.library import Difference, Playlist, PlaylistReport, Row

WIDTHS = 34, 24  # characters of a title and an artist
MOST_BOUNDED = 500  # tracks of a list whose best order is estimated

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name or id of the playlist.")]
RecipeOption = Annotated[
    Path | None, typer.Option("--recipe", metavar="FILE", help="A TOML file; options win over it.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be, and change nothing.")]
RootOption = Annotated[
    list[str] | None,
    typer.Option("--root", metavar="HERE=THERE", help="Where a player has a folder, as in /music=/data."),
]
FormOption = Annotated[
    str | None,
    typer.Option("--format", help="m3u8, xspf, jspf, csv, json or rekordbox; else by the suffix."),
]


class Family(TyperGroup):
    """Its commands; a file in place of one means `write`, as before there were any."""

    def parse_args(self, ctx, args: list[str]) -> list[str]:
        """As click does, with `write` before what names no command but a file or options of it."""
        first = args[0] if args else ""
        is_command = not first or first in self.commands or first in ("-h", "--help")
        if not is_command and (first.startswith("-") or Path(first).suffix or "--format" in args):
            args = ["write", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    family = typer.Typer(cls=Family, help="Make, keep and write lists of tracks.", no_args_is_help=True)
    for command in (make, import_, list_, show, refresh, edit, delete, export, write, smart):
        family.command(command.__name__.rstrip("_"))(command)
    app.add_typer(family, name="playlist")
    app.command()(path)


def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the new list.")],
    tracks: Annotated[
        list[str] | None, typer.Argument(metavar="[TRACK...]", help="By hand: ids, paths or titles, in their order.")
    ] = None,
    recipe: RecipeOption = None,
    like: Annotated[
        list[str] | None, typer.Option(metavar="TRACK", help="It shall sound like this; may be given again.")
    ] = None,
    unlike: Annotated[list[str] | None, typer.Option(metavar="TRACK", help="And not like this.")] = None,
    text: Annotated[str | None, typer.Option("--search", metavar="TEXT", help="It shall fit this text.")] = None,
    where: WhereOption = None,
    number: Annotated[int | None, typer.Option("-n", "--number", min=1, max=500, help="How many; else 30.")] = None,
    minutes: Annotated[float | None, typer.Option(help="How long, in place of how many.")] = None,
    per_artist: PerArtistOption = None,
    per_album: Annotated[int | None, typer.Option("--per-album", min=1, help="Tracks of one album at most.")] = None,
    gap: Annotated[int | None, typer.Option(min=0, help="Others at least between two of an artist.")] = None,
    no_speech: Annotated[bool, typer.Option("--no-speech", help="Only what is sure to be music.")] = False,
    shortest: Annotated[float | None, typer.Option(help="Seconds of a track, at least.")] = None,
    longest: Annotated[float | None, typer.Option(help="Seconds of a track, at most.")] = None,
    not_in: Annotated[list[str] | None, typer.Option("--not-in", metavar="NAME", help="No track of that list.")] = None,
    versions: VersionsOption = False,
    order: Annotated[
        str | None, typer.Option(help="similarity, harmonic, tempo, energy, shuffle or rank; else similarity.")
    ] = None,
    bpm_range: Annotated[float | None, typer.Option("--bpm-range", help="Per cent in which tempi mix; else 6.")] = None,
    start_bpm: Annotated[float | None, typer.Option("--start-bpm", help="Of --order tempo.")] = None,
    end_bpm: Annotated[float | None, typer.Option("--end-bpm", help="Of --order tempo.")] = None,
    curve: Annotated[
        str | None, typer.Option(metavar="X:Y,...", help="Of --order energy: 0:0.3,0.7:0.9,1:0.4, both 0 to 1.")
    ] = None,
    variance: Annotated[float | None, typer.Option(min=0, max=1, help="How much is left to chance.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another number, another list.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let a list of that name become it.")] = False,
    dry_run: DryRunOption = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Make a list by a recipe, from options or a TOML file, or by hand of TRACKs, and keep it in the catalogue.

    Example: earmark playlist make Late --like "Three and Two" -n 20 --per-artist 2 --order harmonic
    """
    from earmark.library import Catalogue, read_recipe, with_changes

    changes = {
        "like": tuple(like or ()), "unlike": tuple(unlike or ()), "text": text, "where": where, "variance": variance,
        "seed": seed, "rules.tracks": number, "rules.minutes": minutes, "rules.per_artist": per_artist,
        "rules.per_album": per_album, "rules.gap": gap, "rules.speech": False if no_speech else None,
        "rules.shortest": shortest, "rules.longest": longest, "rules.not_in": tuple(not_in or ()),
        "rules.versions": versions or None, "order.by": order, "order.bpm_range": bpm_range,
        "order.start_bpm": start_bpm, "order.end_bpm": end_bpm, "order.curve": read_curve(curve),
    }  # fmt: skip
    values = with_changes({} if recipe is None else read_recipe(recipe), changes)
    if values and tracks:
        raise typer.BadParameter("Name tracks, or give a recipe by options or --recipe.")
    wanted = values if values or recipe is not None else None
    print_playlist(Catalogue(catalogue).make_playlist(name, wanted, tracks or (), replace, dry_run), as_json)
    if wanted is None and not tracks and not as_json:
        say('It is to be filled by hand. A recipe fills it by itself, such as --search "calm piano" -n 20.')


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The list: .m3u8, .xspf, .jspf, .csv or rekordbox .xml.")
    ],
    name: Annotated[str | None, typer.Option(help="Of the new list; by default that of the file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let a list of that name become it.")] = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Keep a list of another program. Its entries are found by path, or by artist, title and length.

    Example: earmark playlist import set.xml --name Saturday
    """
    from earmark.library import Catalogue

    playlist, missing = Catalogue(catalogue).import_playlist(file, name, replace)
    if as_json:
        print_json(playlist.to_dict() | {"not_found": [as_unicode(entry) for entry in missing]})
        return
    for entry in missing:
        say(f"not in the catalogue: {printable(entry)}", err=True)
    print_playlist(playlist, as_json=False)


def read_curve(text: str | None) -> tuple[tuple[float, float], ...] | None:
    """``0:0.3,1:0.9`` as points; raises BadParameter."""
    if text is None:
        return None
    try:
        points = [tuple(map(float, point.split(":"))) for point in text.split(",")]
    except ValueError:
        points = []
    if not points or any(len(point) != 2 for point in points):
        raise typer.BadParameter(f"{text!r} is no curve: write it as 0:0.3,0.7:0.9,1:0.4", param_hint="--curve")
    return tuple(points)


def list_(catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """List the playlists of the catalogue by name.

    Example: earmark playlist list --json
    """
    from earmark.library import Catalogue

    found = Catalogue(catalogue).playlists()
    for playlist in found:
        if as_json:
            print_json(playlist.to_dict(rows=False))
            continue
        order = playlist.recipe.order.by if playlist.recipe else "by hand"
        n = len(playlist.rows)
        say(f"{playlist.id}\t{printable(playlist.name)}\t{n} tracks\t{clock(playlist.duration)}\t{order}")
    if not found and not as_json:
        say("There is no playlist yet.")


def show(name: NameArgument, catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """Show the tracks of a playlist with tempo, key and energy. A star marks locked rows.

    Example: earmark playlist show Late
    """
    from earmark.library import Catalogue

    print_playlist(Catalogue(catalogue).playlist(name), as_json)


def refresh(
    name: NameArgument,
    recipe: RecipeOption = None,
    dry_run: DryRunOption = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Make a playlist again by its recipe, or by another: locked rows stay where they are, removed tracks stay away.

    Example: earmark playlist refresh Late --dry-run
    """
    from earmark.library import Catalogue

    print_difference(Catalogue(catalogue).refresh_playlist(name, recipe, dry_run), dry_run, as_json)


def edit(
    name: NameArgument,
    add: Annotated[list[str] | None, typer.Option(metavar="TRACK", help="Add it, locked; may be given again.")] = None,
    at: Annotated[int | None, typer.Option(min=1, help="Where it is added; else at the end.")] = None,
    remove: Annotated[list[str] | None, typer.Option(metavar="ROW", help="Take a row out, for good.")] = None,
    move: Annotated[list[str] | None, typer.Option(metavar="ROW=TO", help="Let a row stand at another number.")] = None,
    lock: Annotated[list[str] | None, typer.Option(metavar="ROW", help="Let a row stay where it is.")] = None,
    unlock: Annotated[list[str] | None, typer.Option(metavar="ROW", help="Leave it to a refresh again.")] = None,
    rename: Annotated[str | None, typer.Option(help="The new name.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Change a playlist by hand. A ROW is its number as shown, or its track: id or title.

    Example: earmark playlist edit Late --lock 1 --remove 7 --move 5=2
    """
    from earmark.library import Catalogue, Edits

    moves = tuple(read_move(text) for text in move or ())
    edits = Edits(tuple(add or ()), at, tuple(remove or ()), moves, tuple(lock or ()), tuple(unlock or ()), rename)
    if undo == bool(edits.told):
        raise typer.BadParameter("Say what to change, or --undo alone.")
    opened = Catalogue(catalogue)
    print_playlist(opened.undo_playlist(name) if undo else opened.edit_playlist(name, edits), as_json)


def read_move(text: str) -> tuple[str, int]:
    """``5=2`` as a row and a position; raises BadParameter."""
    row, _, to = text.rpartition("=")
    if not row or not to.strip().isdecimal():
        raise typer.BadParameter(f"{text!r} is no move: write it as 5=2", param_hint="--move")
    return row.strip(), int(to)


def delete(name: NameArgument, catalogue: CatalogueOption = DEFAULT_CATALOGUE) -> None:
    """Forget a playlist. The tracks stay.

    Example: earmark playlist delete Late
    """
    from earmark.library import Catalogue

    Catalogue(catalogue).drop_playlist(name)
    say(f"{printable(name)}: deleted.")


def export(
    name: NameArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file: .m3u8, .xspf, .jspf, .csv, .json or .xml.")],
    form: FormOption = None,
    root: RootOption = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Write a playlist as a file for players.

    Example: earmark playlist export Late late.m3u8 --root /music=/data/music
    """
    from earmark.library import Catalogue

    _tell(Catalogue(catalogue).export_playlist(name, out, form, root or ()), out, as_json)


def write(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The list: .m3u8, .xspf, .jspf, .csv, .json or .xml.")],
    tracks: Annotated[
        list[str] | None, typer.Argument(metavar="[TRACK...]", help="Ids, paths or titles, in their order.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="m3u8, xspf, jspf, csv, json or rekordbox; else by the suffix."),
    ] = None,
    text: Annotated[str, typer.Option("--search", help="Tracks that fit these words, the best first.")] = "",
    where: WhereOption = None,
    like: Annotated[
        str | None, typer.Option(metavar="TRACK", help="This track, then those that sound like it.")
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=10_000, help="How many, with --like.")] = 50,
    root: Annotated[
        list[str] | None,
        typer.Option(metavar="HERE=THERE", help="Where a player has a folder, as in /music=/data/music."),
    ] = None,
    name: Annotated[str, typer.Option(help="Of the list; by default that of the file.")] = "",
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Write a list for players: the TRACKs, all that fit --search and --where, or what sounds --like a track.

    Paths of m3u8 are relative to OUT, unless --root maps them; all others are absolute.

    Example: earmark playlist write calm.m3u8 --where "energy < 0.3" --root /music=/data/music
    """
    from earmark.library import Catalogue

    opened = Catalogue(catalogue)
    report = opened.write_playlist(out, _wanted(opened, tracks, text, where, like, number), form, root or (), name)
    _tell(report, out, as_json)


def smart(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The list: .nsp.")],
    where: Annotated[
        str, typer.Option("--where", metavar="EXPR", help="Filter, e.g. \"tempo < 90 AND tags HAS 'calm'\".")
    ],
    name: Annotated[str, typer.Option(help="Of the list; by default that of the file.")] = "",
    sort: Annotated[str, typer.Option(help="A field of the server, such as bpm; or random.")] = "random",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Tracks at most.")] = 100,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
) -> None:
    """Write a filter as a smart playlist of Navidrome, which that server keeps current by itself.

    It sees what stands in the files: write it there first, with `earmark tags` and the profile navidrome.

    Example: earmark playlist smart calm.nsp --where "tempo < 90 AND tags HAS 'calmness'"
    """
    from earmark.library import Catalogue

    Catalogue(catalogue).smart_playlist(out, where, name, sort, limit)
    say(f"{printable(str(out))}: written.")


def _wanted(catalogue, tracks: list[str] | None, text: str, where: str | None, like: str | None, number: int):
    """The tracks that the options mean: one way of choosing them at a time."""
    ways = bool(tracks) + bool(text or (where and not like)) + bool(like)
    if ways > 1:
        raise typer.BadParameter("Name tracks, or say --search and --where, or --like.")
    if tracks:
        return tracks
    if like:
        return [catalogue.show(like), *(hit.track for hit in catalogue.similar(like, number, where))]
    return catalogue.chosen(text, where)


def path(
    start: Annotated[str, typer.Argument(metavar="FROM", help="Id, path, or title of the first track.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="Of the last one.")],
    number: Annotated[int, typer.Option("-n", "--number", min=2, max=500, help="How many, both included.")] = 12,
    where: WhereOption = None,
    per_artist: PerArtistOption = None,
    versions: VersionsOption = False,
    save: Annotated[str | None, typer.Option(metavar="NAME", help="Keep it as a playlist of that name.")] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """List tracks that lead from one to another in even steps of sound, both included. No song comes twice.

    Example: earmark path "Three and Two" "Boss" -n 8 --per-artist 1
    """
    from earmark.library import Catalogue

    opened = Catalogue(catalogue)
    steps = opened.path_between(start, end, number, where, per_artist, versions)
    if save is not None:
        opened.make_playlist(save, tracks=[step.row.track_id for step in steps])
    if as_json:
        for step in steps:
            print_json(step.to_dict())
        return
    near = [step.similarity for step in steps]
    _print_rows([step.row for step in steps], ["" if x is None else f"{x:.2f}" for x in near], "to last")
    say(f"{len(steps)} of {number} tracks; each is {min(near[1:]):.2f} to {max(near[1:]):.2f} like the one before.")


# -- what is printed --------------------------------------------------------------------------------------------------


def print_playlist(playlist: "Playlist", as_json: bool) -> None:
    """The list as a table with a last line, or as one JSON object."""
    if as_json:
        print_json(playlist.to_dict())
        return
    say(f"{printable(playlist.name)}  [{playlist.id}]", bold=True)
    _print_rows(playlist.rows)
    say(_last_line(playlist))


def _last_line(playlist: "Playlist") -> str:
    n, missing = len(playlist.rows), sum(bool(row.missing) for row in playlist.rows)
    wanted = playlist.recipe.rules.tracks if playlist.recipe else None
    told = f"{n} tracks" if not wanted or n >= wanted else f"{n} of {wanted} tracks"
    parts = [told, clock(playlist.duration), *([f"{missing} missing"] if missing else [])]
    if playlist.compatible is not None:
        parts.append(f"{_share(playlist.compatible)} of neighbours mix{_gap(playlist)}")
    return ", ".join(parts) + "."


def _gap(playlist: "Playlist") -> str:
    """How far a list whose neighbours shall mix is from the best order there may be of its tracks."""
    if playlist.recipe is None or playlist.recipe.order.by != "harmonic" or len(playlist.rows) > MOST_BOUNDED:
        return ""
    return f" (no order of them has more than {_share(playlist.compatible_at_most)})"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _print_rows(rows, extra: list[str] | None = None, head: str = "") -> None:
    """A line a row: number and star, title, artist, BPM, Camelot, energy, and a column more."""
    beside = [""] * len(rows) if extra is None else extra
    say(f"     {'title':<{WIDTHS[0]}} {'artist':<{WIDTHS[1]}} {'BPM':>6} {'key':>4} {'energy':>6} {head:>8}".rstrip())
    for i, (row, more) in enumerate(zip(rows, beside, strict=True), 1):
        say(f"{i:>3}{'*' if row.locked else ' '} {_row_text(row)} {more:>8}".rstrip())


def _row_text(row: "Row") -> str:
    title, artist = (_cut(printable(text), width) for text, width in zip((row.title, row.artist), WIDTHS, strict=True))
    if row.missing:
        return f"{title} {artist} missing"
    bpm = "-" if row.bpm is None else f"{row.bpm:.1f}"
    energy = "-" if row.energy is None else f"{row.energy:.2f}"
    return f"{title} {artist} {bpm:>6} {row.camelot or '-':>4} {energy:>6}"


def _cut(text: str, width: int) -> str:
    return f"{text if len(text) <= width else text[: width - 1] + '…':<{width}}"


def print_difference(found: "Difference", dry_run: bool, as_json: bool) -> None:
    """What a refresh changes, a line a row."""
    if as_json:
        print_json(found.to_dict())
        return
    for mark, rows in (("+", found.added), ("-", found.removed)):
        for position, row in rows:
            say(f"{mark} {position:>3}  {_row_text(row)}".rstrip())
    for old, new, row in found.moved:
        say(f"{old:>3} -> {new:<3} {printable(row.title)}")
    before, after = map(_share, found.compatible)
    told = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.moved)} moved"
    tail = " Nothing was changed: leave --dry-run out." if dry_run and not found.is_empty else ""
    say(f"{told}; {after} of neighbours mix, before {before}.{tail}")


def _tell(report: "PlaylistReport", out: Path, as_json: bool) -> None:
    """What of a list that was written is found there."""
    if as_json:
        paths = {name: [as_unicode(path) for path in getattr(report, name)] for name in ("missing", "left_out")}
        print_json({"out": as_unicode(str(out)), "tracks": report.n_tracks, "found": report.n_found, **paths})
        return
    for path in report.missing:
        left_out = ", not in the list" if path in report.left_out else ""
        say(f"not found there: {printable(path)}{left_out}", err=True)
    say(f"{printable(str(out))}: {report.n_found} of {report.n_tracks} found there.")
