"""One family of commands, run as it is typed."""

from types import ModuleType

import typer
from typer.testing import CliRunner


def invoke(family: ModuleType, *words: object):
    """Run a command of a module of `earmark.cli`; the result's ``exception`` is an error that it raised."""
    app = typer.Typer()
    family.register(app)
    app.callback()(lambda: None)  # a single command keeps its name
    return CliRunner().invoke(app, [str(word) for word in words])
