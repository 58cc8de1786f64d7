"""``earmark doctor``: what is installed, which codecs, which model, and how fast this machine is."""

import typer

from earmark.cli.options import JsonOption, ModelOption
from earmark.cli.render import print_json


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(doctor)


def doctor(model: ModelOption = "default", as_json: JsonOption = False) -> None:
    """Say what is installed and how fast this machine decodes and tags; exit 1 if something is missing."""
    from earmark.library import diagnose

    report = diagnose(model)
    if as_json:
        print_json(report)
    else:
        _print(report)
    if not all(report["codecs"].values()) or not all(report["packages"].values()):
        raise typer.Exit(1)


def _print(report: dict) -> None:
    for part, values in report.items():
        typer.secho(part, bold=True)
        for name, value in values.items() if isinstance(values, dict) else [("", values)]:
            typer.echo(f"  {name:<20} {_in_words(value)}")


def _in_words(value) -> str:
    if value is None or value is False:
        return "MISSING"
    return "yes" if value is True else str(value)
