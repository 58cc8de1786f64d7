"""``earmark teach``: tags of one's own, from examples."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from typer.core import TyperCommand

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, WhereOption
from earmark.cli.render import print_json, say
from earmark.errors import printable
from earmark.formats import clock

MANY = ("--yes", "--no", "--drop", "--from", "--no-from")
"""Options that take every word up to the next option."""


class TeachCommand(TyperCommand):
    """A command in which ``--yes A B`` is ``--yes A --yes B``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        """As that of every command."""
        return super().parse_args(ctx, list(one_each(args)))


def one_each(words: Sequence[str], many: Sequence[str] = MANY) -> Iterator[str]:
    """The words of a command line with the name of an option of several values before each of these."""
    option, first = None, False
    for word in words:
        if word.startswith("-") and len(word) > 1:
            option, first = (word if word in many else None), True
            yield word
        else:
            if option and not first:
                yield option
            first = False
            yield word


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(cls=TeachCommand)(teach)


Tracks = list[str] | None
SOURCE = "a playlist, a folder, or a tag of files such as genre=Jazz"


def teach(
    tag: Annotated[str | None, typer.Argument(metavar="[TAG]", help="Its name, or GROUP/TAG.")] = None,
    yes: Annotated[Tracks, typer.Option("--yes", metavar="TRACK...", help="Tracks that have it.")] = None,
    no: Annotated[Tracks, typer.Option("--no", metavar="TRACK...", help="Tracks that have it not.")] = None,
    drop: Annotated[Tracks, typer.Option("--drop", metavar="TRACK...", help="Examples to be taken back.")] = None,
    source: Annotated[
        Tracks, typer.Option("--from", metavar="SOURCE...", help=f"All tracks of {SOURCE} have it.")
    ] = None,
    no_source: Annotated[
        Tracks, typer.Option("--no-from", metavar="SOURCE...", help="None of the tracks of SOURCE has it.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Of tags of which a track has one at most: GROUP/TAG says the same.")
    ] = None,
    ask: Annotated[
        int | None, typer.Option("--next", metavar="N", min=1, max=1000, help="Tracks whose answer would teach most.")
    ] = None,
    where: WhereOption = None,
    show_all: Annotated[bool, typer.Option("--list", help="List what was taught; TAG alone shows it.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget TAG, with its examples.")] = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Teach a tag of your own by examples, in a second: every track then has it or not, as any tag, new ones too.

    Tracks are ids (or their beginning), paths or titles. Without --no, tracks drawn from the rest stand for those
    without it. What is printed of its worth comes from a cross-validation that divides no artist.

    Example: earmark teach campfire --yes "Vibe Ace" 00d4a1 --no Siren --from campfire.m3u8
    """
    from earmark.library import Catalogue

    opened, given = Catalogue(catalogue), (yes, no, drop, source, no_source)
    if tag is None and (any(given) or forget or ask is not None):
        raise typer.BadParameter("Name a tag before its options, as in `earmark teach campfire --yes A B`.")
    if show_all or tag is None:
        _print_lessons(opened.taught(), as_json)
    elif forget:
        opened.unteach(tag)
    elif any(given):
        _print_lessons([opened.teach(tag, *(some or () for some in given), group)], as_json)
    elif ask is None:
        _print_lessons([opened.lesson(tag)], as_json)
    if tag is not None and ask is not None:
        _print_asked(opened.teach_next(tag, ask, where), as_json)


def _print_lessons(lessons: list, as_json: bool) -> None:
    for lesson in lessons:
        if as_json:
            print_json(lesson.to_dict())
            continue
        for path in lesson.missing:
            say(f"not in the catalogue: {printable(path)}", err=True)
        for line in _lines(lesson):
            say(line)
    if not lessons and not as_json:
        say("Nothing was taught.")


def _lines(lesson) -> Iterator[str]:
    told = lesson.to_dict()
    counts = ", ".join(f"{one['yes']} {printable(tag)}" for tag, one in told["tags"].items())
    rest = f", {told['no']} without" if told["no"] else ""
    rest += f", {told['drawn']} drawn from the rest to stand for those without" if told["drawn"] else ""
    yield f"{printable(told['name'])}  examples: {counts}{rest}"
    if not told["fitted"]:
        yield "  Not fitted yet: give examples of another kind, too."
        return
    yield f"  {_worth(told['estimate'])}"
    for tag, one in told["tags"].items():
        line = f"from {one['threshold']:.2f}" if one["threshold"] else "your examples alone"
        ways = f"{one['column']} > 0.5, tags HAS '{printable(tag)}'"
        yield f"  {printable(tag)}: {one['named']} tracks ({line}); filter: {ways}"


def _worth(estimate: dict) -> str:
    if not estimate["enough"]:
        return "What it is worth: too few to say (5 examples of each kind are the least, by 3 artists)."
    auc, right = (_with_ends(estimate[name]) for name in ("auc", "balanced_accuracy"))
    told = f"On artists that it has not seen: AUC {auc}, balanced accuracy {right}, accuracy {estimate['accuracy']:.2f}"
    told += f" where naming the commonest alone gives {estimate['majority_rate']:.2f}"
    return f"{told}; {estimate['n_artists']} artists.{' ' + estimate['verdict'] + '.' if estimate['verdict'] else ''}"


def _with_ends(figure: Sequence[float]) -> str:
    value, low, high = figure
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _print_asked(asked: list, as_json: bool) -> None:
    for one in asked:
        if as_json:
            print_json(one.to_dict())
            continue
        p = ", ".join(f"{printable(tag)} {value:.2f}" for tag, value in one.probabilities.items())
        say(f"{one.track.track_id[:8]}\t{clock(one.track.duration)}\t{one.track.name}\t{p}")
    if not asked and not as_json:
        say("There is no other track to ask about.")
