"""``earmark map``: the collection as a plane in which neighbours sound alike."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say
from earmark.errors import as_unicode, printable


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    family = typer.Typer(help="Lay the collection out in a plane: neighbours sound alike.", no_args_is_help=True)
    for command in (build, export):
        family.command()(command)
    app.add_typer(family, name="map")


def build(
    anew: Annotated[bool, typer.Option("--anew", help="From the start: every track may get another place.")] = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Make the map, or put new tracks on it: those that are there keep their places.

    Example: earmark map build --catalogue music.earmark
    """
    from earmark.library import Catalogue

    with progress_bars() as progress:
        found = Catalogue(catalogue).build_map(anew, progress)
    if as_json:
        print_json(found.to_dict())
        return
    placed = f", {found.n_placed} of them placed since it was made" if found.n_placed else ""
    say(f"{len(found)} tracks{placed}. Version {found.version}.")
    share, chance = f"{found.kept:.0%}", f"{found.chance:.1%}"
    say(f"Of each track's ten nearest by sound, {share} are among its ten nearest on the map ({chance} by chance).")
    for label in found.labels:
        say(f"  {printable(label.text)}\t{label.n_tracks} tracks")


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A page (.html) or an Arrow file (.arrow).")],
    form: Annotated[str | None, typer.Option("--format", help="html or arrow; by default that of the suffix.")] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Write the map as a page that needs nothing else, or as a table of coordinates.

    Example: earmark map export map.html --catalogue music.earmark
    """
    from earmark.library import Catalogue

    n = Catalogue(catalogue).export_map(out, form)
    if as_json:
        print_json({"out": as_unicode(str(out)), "tracks": n})
    else:
        say(f"{printable(str(out))}: {n} tracks.")
