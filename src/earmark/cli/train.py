"""``earmark train``: a recipe and a manifest into a model folder."""

from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.progress import progress_bars
from earmark.cli.render import say
from earmark.cli.training_options import (
    CacheOption,
    DataOption,
    TargetOption,
    WorkersOption,
    need_packages,
    parse_columns,
)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(train)


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Name of a packaged recipe, or a TOML file.")],
    data: DataOption,
    target: TargetOption,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the model; continued if it has one.")],
    model: Annotated[str, typer.Option("--model", help="Backbone of `probe`: a name, file or folder.")] = "default",
    kind: Annotated[str | None, typer.Option(help="exclusive, independent or value; guessed if not given.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="In place of the recipe's.")] = None,
    changed: Annotated[list[str] | None, typer.Option("--set", metavar="TABLE.NAME=VALUE",
                                                       help="Change a setting of the recipe; repeatable.")] = None,
    workers: WorkersOption = 1,
    accelerator: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    cache: CacheOption = None,
) -> None:  # fmt: skip
    """Learn a column of a manifest; --out gets a model that every command takes as --model.

    Example: earmark train probe --data tracks.csv --target genre --out mine --model default
    """
    need_packages("earmark train", "torch", "pytorch_lightning", "onnx", "sklearn")
    from earmark.library import model_path
    from earmark.training.outputs import RunOptions
    from earmark.training.recipe import parse_changes, read_recipe
    from earmark.training.train import train

    given = {} if seed is None else {"train.seed": seed}
    chosen = read_recipe(recipe, given | parse_changes(changed or []))
    backbone = model_path(model) if chosen.family == "probe" else None
    with progress_bars() as progress:
        options = RunOptions(backbone, cache or settings.CACHE.path(), workers, accelerator, progress)
        trained = train(chosen, data, parse_columns(target), out, options, kind)
    _print_result(trained)


def _print_result(trained) -> None:
    say(f"split ({trained.split.describe()})", err=True)
    say(f"largest difference between what was trained and the model file: {trained.difference:.1e}", err=True)
    for part, figures in trained.metrics.items():
        say(f"{part}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))
    say(f"model: {trained.model}")
