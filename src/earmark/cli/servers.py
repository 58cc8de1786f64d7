"""``earmark servers``: media servers, and playlists pushed to them."""

import sys
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption
from earmark.cli.render import print_json, say
from earmark.errors import printable

servers = typer.Typer(no_args_is_help=True, help="Media servers, and playlists pushed to them.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the server is called here.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(servers, name="servers")


@servers.command()
def add(
    name: NameArgument,
    kind: Annotated[str, typer.Option(help="navidrome, subsonic, jellyfin or plex.")],
    url: Annotated[str, typer.Option(help="Its address, such as http://nas:4533.")],
    user: Annotated[str, typer.Option(help="Whose playlists are written; without, the secret is a key.")] = "",
    root: Annotated[
        list[str] | None,
        typer.Option(metavar="HERE=THERE", help="Where the server has a folder, as in /music=/data/music."),
    ] = None,
) -> None:
    """Name a server. Its password, key or token is asked for, or read from standard input; it is never shown again.

    Example: earmark servers add home --kind navidrome --url http://nas:4533 --user ann
    """
    from earmark.library import KnownServer, add_server

    secret = typer.prompt("Password, key or token", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    found = KnownServer(name, kind, url, user, tuple(root or ()), secret.strip())
    add_server(found)
    say(f"{printable(name)}: added. `earmark servers test {printable(name)}` asks it.")


@servers.command(name="list")
def list_servers(as_json: JsonOption = False) -> None:
    """List the servers that are known here."""
    from earmark.library import known_servers

    known = known_servers().values()
    for server in known:
        if as_json:
            print_json(server.to_dict())
        else:
            say("  ".join(printable(text) for text in (server.name, server.kind, server.url, server.user)).rstrip())
    if not known and not as_json:
        say("No servers. `earmark servers add` names one.")


@servers.command()
def remove(name: NameArgument) -> None:
    """Forget a server and its secret."""
    from earmark.library import remove_server

    remove_server(name)
    say(f"{printable(name)}: forgotten.")


@servers.command(name="test")
def ask(name: NameArgument, as_json: JsonOption = False) -> None:
    """Ask a server whether it is there and lets us in."""
    from earmark.library import known_server

    answer = known_server(name).connect().check()
    if as_json:
        print_json({"name": name, "is": answer})
    else:
        say(f"{printable(name)}: {printable(answer)}")


@servers.command()
def push(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="The name of the server.")],
    playlist: Annotated[str, typer.Argument(metavar="PLAYLIST", help="A playlist of the catalogue.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which tracks the server has.")] = False,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Make a playlist on a server, of the tracks that it has, in their order; one of the same name is replaced.

    Tracks are found there by MusicBrainz id, ISRC, path, or artist, title and length.

    Example: earmark servers push home "Calm evening" --dry-run
    """
    from earmark.library import Catalogue

    report = Catalogue(catalogue).push_playlist(server, playlist, dry_run)
    if as_json:
        print_json({"server": server, "playlist": playlist, "written": not dry_run} | report.to_dict())
        return
    for track in report.missing:
        say(f"not found there: {printable(track.analysis.name)}", err=True)
    n = len(report.pairs)
    done = "would be in" if dry_run else "are in"
    say(f"{n} of {n + len(report.missing)} tracks {done} {printable(playlist)} on {printable(server)}.")
