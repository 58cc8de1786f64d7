"""``earmark why``: what an answer rests on."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import (
    DEFAULT_CATALOGUE,
    CatalogueOption,
    FromOption,
    JsonOption,
    ToOption,
    TrackArgument,
    read_time,
)
from earmark.cli.render import parts_line, print_json, say
from earmark.errors import printable
from earmark.formats import clock

BAR = 20  # characters of a share of 1


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(why)


def why(
    track: TrackArgument,
    tag: Annotated[str | None, typer.Argument(metavar="[TAG]", help="As group/tag, such as mood/sadness.")] = None,
    like: Annotated[str | None, typer.Option(metavar="OTHER", help="Another track, the same one, or a file.")] = None,
    start: FromOption = None,
    end: ToOption = None,
    wav: Annotated[Path | None, typer.Option("--wav", help="Write the passages as sound, with short gaps.")] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Tell when TRACK has TAG and how much each passage adds, or in which parts and passages it is like OTHER.

    A passage's share is its part of what the tag's logit rises by above its lowest moment. With --from and --to, only
    that window of TRACK is compared with OTHER. With --wav, passages of two tracks alternate.

    Example: earmark why "Vibe Ace" instrument/piano --wav piano.wav
    """
    from earmark.library import Catalogue

    if (tag is None) == (like is None):
        raise typer.BadParameter("Say one of them: TAG, or --like OTHER.")
    window = [None if text is None else read_time(text) for text in (start, end)]
    opened = Catalogue(catalogue)
    found = opened.why(track, tag, like, *window)
    if as_json:
        print_json(found.to_dict())
    else:
        _print_tag(opened.show(track), found) if tag else _print_like(opened.show(track), like, found)
    if wav is not None:
        seconds = opened.write_passages(found, wav)
        say(f"{printable(str(wav))}: {seconds:.1f} s of sound.", err=as_json)


def _print_tag(track, found) -> None:
    if found.line is None:
        say(f"{track.name}: {track.analysis.untold}.")
        return
    say(f"{track.name}: {found.tag} {found.probability:.2f}, logit {found.logit:+.2f}", bold=True)
    for passage in found.passages:
        bar = "█" * round(BAR * passage.share)
        times = f"{clock(passage.start)} to {clock(passage.end)}"
        say(f"  {times:<16} {passage.probability:.2f} at most {passage.peak:.2f}  share {passage.share:.2f} {bar}")


def _print_like(track, like: str, found) -> None:
    say(f"{track.name} ~ {like}: {found.similarity:.3f}", bold=True)
    say(f"  {parts_line(found.parts)}")
    for pair in found.pairs:
        mine, other = f"{clock(pair.seed_start)} to {clock(pair.seed_end)}", f"{clock(pair.start)} to {clock(pair.end)}"
        say(f"  {mine:<16} ~ {other:<16} {pair.similarity:.3f}")
