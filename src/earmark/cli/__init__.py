"""The command line: thin commands, one module a family. Nothing heavy is imported before a command runs."""

import sys

import typer

from earmark.cli import (
    analyze,
    catalogue,
    collect,
    data,
    demo,
    doctor,
    evaluate,
    export,
    live,
    lyrics,
    map,
    models,
    playlist,
    scan,
    search,
    serve,
    servers,
    tags,
    teach,
    train,
    watch,
    why,
)
from earmark.cli.last_words import in_one_line, silence_libraries
from earmark.cli.render import say
from earmark.cli.start import start_quickly
from earmark.errors import EarmarkError

app = typer.Typer(
    help="Listens to a music collection: tags every track and finds what sounds alike.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
FAMILIES = (
    analyze, live, scan, watch, search, why, playlist, teach, map, lyrics, tags, export, catalogue, serve, servers,
    data, collect, train, evaluate, models, demo, doctor,
)  # fmt: skip
for family in FAMILIES:
    family.register(app)


@app.callback(invoke_without_command=True)
def root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    """What ``earmark`` does without a command."""
    if version:
        from earmark import __version__

        say(f"earmark {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; the one place where errors become messages.

    Exit codes: 0 all well; 1 something failed and is listed; 2 the command line is wrong.
    """
    start_quickly()
    silence_libraries()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a title must not stop a scan on a terminal that cannot show it
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except EarmarkError as error:
        _leave(str(error))
    except Exception as error:
        _leave(in_one_line(error))


def _leave(message: str) -> None:
    say(f"earmark: {message}", err=True)
    sys.exit(1)
