"""The options that commands on labelled music share: manifest, target columns, spectrograms, processes."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from earmark.errors import MissingPackage

DataOption = Annotated[Path, typer.Option("--data", metavar="MANIFEST", help="A manifest, or a folder a class.")]
TargetOption = Annotated[
    str, typer.Option("--target", metavar="COLUMN[,COLUMN...]", help="Columns of the manifest that hold the labels.")
]
CacheOption = Annotated[
    Path | None, typer.Option("--cache", help="Folder that keeps spectrograms between runs; else $EARMARK_CACHE.")
]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, help="Processes that compute spectrograms.")]


def parse_columns(text: str) -> list[str]:
    """The columns of a ``--target``: ``"genre, mood"`` -> ``["genre", "mood"]``; none where it is blank."""
    return [name.strip() for name in text.split(",") if name.strip()]


def need_packages(command: str, *modules: str, extra: str = "train") -> None:
    """Raise MissingPackage with all of `modules` that are not installed, before `command` begins its work."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise MissingPackage(command, f"{', '.join(missing)} not installed", f"Run: pip install 'earmark[{extra}]'")
