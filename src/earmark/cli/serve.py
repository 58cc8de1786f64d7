"""``earmark serve`` and ``earmark keys``: the catalogue over HTTP, and who may use it."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption
from earmark.cli.render import print_json, say
from earmark.cli.training_options import need_packages

keys = typer.Typer(no_args_is_help=True, help="Keys of `earmark serve`: who may do what.")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(serve)
    app.add_typer(keys, name="keys")


def serve(
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    host: Annotated[str, typer.Option(help="Address to listen on; others than loopback need a key.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes any that is free.")] = 8340,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that the server is reached by, as behind a proxy; repeatable."),
    ] = None,
    webhook_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host of webhooks that may be in a private network; repeatable."),
    ] = None,
    media_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="The same of media servers, where a key names one; repeatable."),
    ] = None,
    opensubsonic: Annotated[
        bool, typer.Option("--opensubsonic", help="Answer players too, under /rest, by their OpenSubsonic API.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep the catalogue current as files of its folders come, change and go.")
    ] = False,
    write_files: Annotated[
        bool, typer.Option("--write-files", help="Let tags be written into files, which can be undone.")
    ] = False,
) -> None:
    """Serve the catalogue over HTTP: a REST API under /api/v1, described in /api. Ctrl-C ends it.

    The address that is printed lets one browser in, once. Programs need a key: `earmark keys create`.

    Example: earmark serve --catalogue music.earmark
    """
    need_packages("earmark serve", "fastapi", "uvicorn", extra="serve")
    if watch:
        need_packages("earmark serve --watch", "watchfiles", extra="watch")
    if write_files:
        need_packages("earmark serve --write-files", "mutagen", extra="tag")
    from earmark.server.run import serve

    serve(
        catalogue, host, port, allow_host or (), say, webhook_host or (), opensubsonic, watch, write_files,
        media_host or (),
    )  # fmt: skip


@keys.command()
def create(
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    scope: Annotated[
        list[str],
        typer.Option("--scope", help="read, search, audio, analyze, write-catalogue, write-files, admin; repeatable."),
    ],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    days: Annotated[float | None, typer.Option(help="Until it expires; never by default.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it; it is shown this once.

    Example: earmark keys create --name player --scope read --scope audio --days 90
    """
    made, text = _store(catalogue).create(name, tuple(scope), days)
    if as_json:
        print_json(made.to_dict() | {"key": text})
    else:
        say(text)


@keys.command("list")
def list_keys(catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """List the keys, without what could be used as one."""
    for key in _store(catalogue).all().values():
        if as_json:
            print_json(key.to_dict())
        else:
            used = f"used {_day(key.last_used_at)}" if key.last_used_at else "never used"
            ends = f"expires {_day(key.expires_at)}" if key.expires_at else "does not expire"
            say(f"{key.id}  {key.name}  {','.join(key.scopes)}  {ends}, {used}")


@keys.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `earmark keys list` shows it.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
) -> None:
    """Let a key be none any more, at once."""
    _store(catalogue).revoke(key_id)


def _store(catalogue):
    need_packages("earmark keys", "fastapi", "uvicorn", extra="serve")
    from earmark.server.keys import KeyStore
    from earmark.server.state import state_folder

    return KeyStore(state_folder(catalogue))


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
