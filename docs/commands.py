"""Writes docs/commands.md from the commands themselves: ``python docs/commands.py``. A test holds the two together."""

from pathlib import Path

import typer

from earmark.cli import app

TARGET = Path(__file__).with_name("commands.md")
HEAD = "# Commands\n\nMade by `python docs/commands.py` from the commands themselves; do not edit it by hand.\n"


def render() -> str:
    """The whole page."""
    root = typer.main.get_command(app)
    return HEAD + "".join(_sections(root, "earmark"))


def _sections(command, name: str):
    for sub_name in sorted(getattr(command, "commands", {})):
        sub, full = command.commands[sub_name], f"{name} {sub_name}"
        if hasattr(sub, "commands"):
            yield from _sections(sub, full)
        else:
            yield _section(sub, full)


def _section(command, name: str) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join([name, *(_shown(p) for p in arguments), *(["[OPTIONS]"] if options else [])])
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    rows = [(_shown(p), p.help or "", "") for p in arguments]
    rows += [(", ".join(f"`{o}`" for o in p.opts), p.help or "", _default(p)) for p in options]
    table = "".join(f"| {left} | {middle.replace('|', chr(92) + '|')} | {right} |\n" for left, middle, right in rows)
    head = "| | | default |\n|---|---|---|\n" if rows else ""
    return f"\n## {name}\n\n    {usage}\n\n{text}\n\n{head}{table}"


def _shown(argument) -> str:
    return argument.metavar or argument.name.upper()


def _default(parameter) -> str:
    value = parameter.default
    shown = value is not None and not isinstance(value, bool) and not callable(value) and value != ()
    return f"`{value}`" if shown else ""


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
