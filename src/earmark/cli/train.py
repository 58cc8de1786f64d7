"""``earmark train``: a recipe and a manifest into a model folder."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from earmark import settings


def register(app: typer.Typer) -> None:
    app.command()(train)


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Name of a packaged recipe, or a TOML file.")],
    data: Annotated[Path, typer.Option("--data", metavar="MANIFEST", help="A manifest, or a folder a class.")],
    target: Annotated[str, typer.Option("--target", metavar="COLUMN[,COLUMN...]", help="What to learn.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the model; continued if it has one.")],
    model: Annotated[str, typer.Option("--model", help="Backbone of `probe`: a name, file or folder.")] = "default",
    kind: Annotated[str | None, typer.Option(help="exclusive, independent or value; guessed if not given.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="In place of the recipe's.")] = None,
    changed: Annotated[list[str] | None, typer.Option("--set", metavar="TABLE.NAME=VALUE",
                                                       help="Change a setting of the recipe; repeatable.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that compute spectrograms.")] = 1,
    accelerator: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    cache: Annotated[Path | None, typer.Option(help="Folder that keeps spectrograms between trainings.")] = None,
) -> None:  # fmt: skip
    """Learn a column of a manifest; --out gets a model that every command takes as --model.

    Example: earmark train probe --data tracks.csv --target genre --out mine --model default
    """
    _need_torch()
    from earmark.library import model_path
    from earmark.training.outputs import RunOptions
    from earmark.training.recipe import read_recipe
    from earmark.training.train import train as run

    chosen = read_recipe(recipe, changes(changed or [], seed))
    backbone = model_path(model) if chosen.family == "probe" else None
    options = RunOptions(
        backbone,
        cache or settings.CACHE.path(),
        workers,
        accelerator,
        sys.stderr.isatty(),
        lambda line: typer.echo(line, err=True),
    )
    columns = [name.strip() for name in target.split(",") if name.strip()]
    trained = run(chosen, data, columns, out, options, kind)
    for part, figures in trained.metrics.items():
        typer.echo(f"{part}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))
    typer.echo(f"model: {trained.model}")


def changes(texts: list[str], seed: int | None) -> dict:
    """``["train.epochs=5"]`` -> ``{"train.epochs": 5}``; values are TOML, bare words are text."""
    import tomllib

    from earmark.errors import ConfigError

    found = {} if seed is None else {"train.seed": seed}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set {text}", "no value", "Write TABLE.NAME=VALUE, such as train.epochs=5.")
        try:
            found[key.strip()] = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            found[key.strip()] = value.strip()
    return found


def _need_torch() -> None:
    from importlib.util import find_spec

    from earmark.errors import MissingPackage

    if missing := [name for name in ("torch", "pytorch_lightning", "onnx", "sklearn") if find_spec(name) is None]:
        raise MissingPackage(
            "earmark train", f"{', '.join(missing)} not installed", "Run: pip install 'earmark[train]'"
        )
