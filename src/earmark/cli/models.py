"""``earmark models``: which models are at hand, and what they say of themselves."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import JsonOption
from earmark.cli.render import print_json, say
from earmark.errors import ModelError

models = typer.Typer(no_args_is_help=True, help="The models at hand.")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(models, name="models")


@models.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List the models that have a name."""
    from earmark.library import load_model, model_files

    for name, path in model_files().items():
        try:
            model = load_model(path)
        except ModelError as error:
            say(f"earmark: {error}", err=True)
            continue
        info, size = model.info, model.size
        groups = {group.name: len(group.tags) for group in info.tagset.groups}
        if as_json:
            print_json({"name": name, "id": info.id, "version": info.version, "bytes": size, "tags": groups})
        else:
            tags = ", ".join(f"{n} {group}" for group, n in groups.items())
            say(f"{name:<12} {info.id} {info.version}  {size / 1e6:.1f} MB  {tags}")


@models.command()
def show(
    name: Annotated[str, typer.Argument(help="A model name, an ONNX file, or a folder made by `train`.")] = "default",
    as_json: JsonOption = False,
) -> None:
    """Show what a model says of itself: tags, data, figures, licence."""
    import json

    from earmark.library import load_model

    info = load_model(name).info
    if as_json:
        print_json(json.loads(info.to_json()))
        return
    say(f"{info.id} {info.version}", bold=True)
    say(info.description)
    say(f"\nLicence: {info.licence}")
    for group in info.tagset.groups:
        say(f"\n{group.name} ({group.kind}): {', '.join(group.tags)}")
    say("\nTrained on")
    for source in info.training_data:
        say(f"  - {_one_line(source)}")
    say("\nFigures")
    for figure, value in info.metrics.items():
        say(f"  - {figure}: {_one_line(value)}")


@models.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE.onnx", help="Any tagger that keeps the contract.")],
    name: Annotated[str | None, typer.Option(help="What to call it; the file's own name by default.")] = None,
) -> None:
    """Keep a model file under a name, after a check that it keeps the contract of docs/model-file.md."""
    from earmark.library import add_model

    say(add_model(file, name))


@models.command()
def pull(
    name: Annotated[str, typer.Argument(help="What to pull: musicnn.")] = "musicnn",
    wheel: Annotated[Path | None, typer.Option(help="A musicnn 0.1.0 wheel that is at hand already.")] = None,
) -> None:
    """Fetch the weights of musicnn with pip and keep its three networks by themselves, for research.

    The model `accurate` needs no pull: it comes with earmark.
    """
    from earmark.library import pull_musicnn

    if name != "musicnn":
        raise typer.BadParameter(f"{name!r} cannot be pulled; there is musicnn.")
    say(pull_musicnn(_print_stage, wheel))


def _print_stage(what: str, done: float, total: float, note: str = "") -> None:
    """The `Progress` of work without counts: a line a stage."""
    say(what, err=True)


def _one_line(value) -> str:
    return ", ".join(f"{key}: {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
