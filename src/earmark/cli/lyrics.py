"""``earmark lyrics``: the words of a song as its files bring them."""

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, TrackArgument
from earmark.cli.render import print_json, say
from earmark.errors import printable


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(lyrics)


def lyrics(track: TrackArgument, catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """Show the words of TRACK that its files bring, in tags or in a .lrc or .txt beside them, and their language.

    Words are searched by `earmark search 'lyrics:"silent night"'`.

    Example: earmark lyrics "Silent Night" --catalogue music.earmark
    """
    from earmark.library import Catalogue

    found = Catalogue(catalogue).lyrics(track)
    if as_json:
        print_json(found.to_dict())
        return
    told = f"{found.language} ({found.confidence:.2f})" if found.language else "a language that cannot be told"
    say(f"{found.track_id}  {told}", bold=True)
    for line in found.text.split("\n"):
        say(f"  {printable(line)}")
