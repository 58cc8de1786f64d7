"""``earmark doctor``: what is installed, which codecs, which model, and how fast this machine is."""

from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import JsonOption, ModelOption
from earmark.cli.render import print_json, say


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(doctor)


ReportOption = Annotated[
    bool, typer.Option("--report", help="JSON to send with a report of a fault: paths and names are hashed.")
]
PlaceOption = Annotated[
    str | None,
    typer.Option(
        "--catalogue",
        envvar=settings.CATALOGUE.variable,
        metavar="DIR",
        help="With --report: the catalogue that it is about, if any.",
    ),
]


def doctor(
    model: ModelOption = "default",
    as_json: JsonOption = False,
    for_others: ReportOption = False,
    catalogue: PlaceOption = None,
) -> None:
    """Say what is installed and how fast this machine decodes and tags; exit 1 if something is missing."""
    from earmark.library import bug_report, diagnose

    report = bug_report(model, catalogue) if for_others else diagnose(model)
    if as_json or for_others:
        print_json(report)
    else:
        _print(report)
    if not all(report["codecs"].values()) or not all(report["packages"].values()):
        raise typer.Exit(1)


def _print(report: dict) -> None:
    for part, values in report.items():
        say(part, bold=True)
        for name, value in values.items() if isinstance(values, dict) else [("", values)]:
            say(f"  {name:<20} {_in_words(value)}")


def _in_words(value) -> str:
    if value is None or value is False:
        return "MISSING"
    return "yes" if value is True else str(value)
