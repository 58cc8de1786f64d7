"""The command line: thin commands, one module a family. Nothing heavy is imported before a command runs."""

import sys

import typer

from earmark.cli import analyze, collect, data, demo, doctor, evaluate, models, scan, search, train
from earmark.errors import EarmarkError

app = typer.Typer(
    help="Listens to a music collection: tags every track and finds what sounds alike.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for family in (analyze, scan, search, data, collect, train, evaluate, models, demo, doctor):
    family.register(app)


@app.callback(invoke_without_command=True)
def root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    """What ``earmark`` does without a command."""
    if version:
        from earmark import __version__

        typer.echo(f"earmark {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; the one place where errors become messages.

    Exit codes: 0 all well; 1 something failed and is listed; 2 the command line is wrong.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a title must not stop a scan on a terminal that cannot show it
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except EarmarkError as error:
        typer.echo(f"earmark: {error}", err=True)
        sys.exit(1)
