"""``earmark models``: which models are at hand, and what they say of themselves."""

from typing import Annotated

import typer

from earmark.cli.common import JsonOption, load, print_json

models = typer.Typer(no_args_is_help=True, help="The models at hand.")


def register(app: typer.Typer) -> None:
    app.add_typer(models, name="models")


@models.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List the models that have a name."""
    from earmark.errors import ModelError
    from earmark.model import load_model
    from earmark.registry import names

    for name, path in names().items():
        try:
            info = load_model(path).info
        except ModelError as error:
            typer.echo(f"earmark: {error}", err=True)
            continue
        groups = {group.name: len(group.tags) for group in info.tagset.groups}
        size = path.stat().st_size
        if as_json:
            print_json({"name": name, "id": info.id, "version": info.version, "bytes": size, "tags": groups})
        else:
            tags = ", ".join(f"{n} {group}" for group, n in groups.items())
            typer.echo(f"{name:<12} {info.id} {info.version}  {size / 1e6:.1f} MB  {tags}")


@models.command()
def show(
    name: Annotated[str, typer.Argument(help="A model name, an ONNX file, or a folder made by `train`.")] = "default",
    as_json: JsonOption = False,
) -> None:
    """Show what a model says of itself: tags, data, figures, licence."""
    import json

    info = load(name).info
    if as_json:
        print_json(json.loads(info.to_json()))
        return
    typer.secho(f"{info.id} {info.version}", bold=True)
    typer.echo(info.description)
    typer.echo(f"\nLicence: {info.licence}")
    for group in info.tagset.groups:
        typer.echo(f"\n{group.name} ({group.kind}): {', '.join(group.tags)}")
    typer.echo("\nTrained on")
    for source in info.training_data:
        typer.echo(f"  - {_one_line(source)}")
    typer.echo("\nFigures")
    for figure, value in info.metrics.items():
        typer.echo(f"  - {figure}: {_one_line(value)}")


def _one_line(value) -> str:
    return ", ".join(f"{key}: {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
