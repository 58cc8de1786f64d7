"""``earmark live``: the beliefs of the network move while the sound goes on."""

import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from earmark.cli.options import JsonOption, ModelOption
from earmark.cli.render import BAR, print_json
from earmark.errors import printable
from earmark.formats import clock

if TYPE_CHECKING:
    from rich.table import Table

    from earmark.library import Belief

PIPE = "-"
LEAST = 0.05  # probability of a tag that is shown
FLOOR = -60.0  # dBFS, where the bar of the level begins


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(live)


def live(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A sound file; - for WAV, or --raw, from a pipe.")],
    model: ModelOption = "default",
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=20, help="Tags of each group.")] = 4,
    raw: Annotated[
        str | None, typer.Option(metavar="RATE:CHANNELS", help="16-bit samples without a head, as in 44100:2.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it can be heard, not in real time.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what is heard while FILE goes on, without playing it; every half second, of the last six seconds.

    From a pipe it listens to whatever the machine hears:
    ffmpeg -loglevel error -f pulse -i default -f wav - | earmark live -

    Example: earmark live song.mp3
    """
    from earmark.library import listen_live

    source = sys.stdin.buffer if file == PIPE else file
    moments = listen_live(source, model, raw=read_raw(raw), real_time=not fast and file != PIPE)
    with suppress(KeyboardInterrupt), closing(moments):
        if as_json or not sys.stdout.isatty():
            for belief in moments:
                print_json(belief.to_dict())
        else:
            _draw(moments, file, number)


def read_raw(text: str | None) -> tuple[int, int] | None:
    """``44100:2`` as rate in Hz and channels; raises BadParameter."""
    if text is None:
        return None
    rate, _, channels = text.partition(":")
    if not (rate.isdecimal() and channels.isdecimal() and 1000 <= int(rate) <= 384_000 and 1 <= int(channels) <= 8):
        raise typer.BadParameter(f"{text!r}: write it as 44100:2, rate and channels", param_hint="--raw")
    return int(rate), int(channels)


def _draw(moments: Iterator["Belief"], name: str, number: int) -> None:
    from rich.live import Live

    with Live(refresh_per_second=8, transient=False) as screen:
        for belief in moments:
            screen.update(table(belief, name, number))


def table(belief: "Belief", name: str, number: int) -> "Table":
    """One moment: the level, then the likeliest tags of each group as bars; bold where they are sure."""
    from rich.table import Table
    from rich.text import Text

    title = Text(f"{printable(name)}  {clock(belief.time)}")
    shown = Table(box=None, show_header=False, title=title, title_justify="left")
    level = max(0.0, 1 - max(belief.level, FLOOR) / FLOOR)
    shown.add_row("level", "", Text("█" * round(BAR * level)), f"{max(belief.level, -99):.0f} dB")
    for group, hits in belief.tags.items():
        for i, hit in enumerate([hit for hit in hits if hit.probability >= LEAST][:number]):
            style = "bold" if hit.sure else "dim"
            bar = Text("█" * round(BAR * min(hit.probability, 1)), style)
            shown.add_row("" if i else group, Text(hit.tag, style), bar, Text(f"{hit.probability:.2f}", style))
    return shown
