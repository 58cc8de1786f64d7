"""``earmark demo``: the main job from end to end, on the user's own music or on pieces that earmark composes."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import CatalogueOption, ModelOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_lines
from earmark.cli.scan import print_report


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(demo)


def demo(
    music: Annotated[Path | None, typer.Option(help="Your own folder; without it, earmark composes a few.")] = None,
    catalogue: CatalogueOption = Path("demo/catalogue"),
    model: ModelOption = "default",
) -> None:
    """Scan a folder, show one track's tags and what sounds like it, and leave the catalogue behind.

    Example: earmark demo --music ~/Music
    """
    from earmark.library import Catalogue

    folder, kept = music or _compose(catalogue.parent / "music"), Catalogue(catalogue)
    with progress_bars() as progress:
        report = kept.scan(folder, model, progress=progress)
    print_report(report, catalogue)
    if report.interrupted:
        raise typer.Exit(1)
    rows = kept.tracks().to_pylist()
    if not rows:
        typer.echo(f"No track in {folder} could be listened to.", err=True)
        raise typer.Exit(1)
    row = max(rows, key=lambda row: (len(row["tags"]), row["title"]))  # the track with most to tell
    _show(kept, row["track_id"], row["title"])
    _print_next_steps(catalogue, row["title"])


def _compose(folder: Path) -> Path:
    from earmark.demo import write

    typer.echo(f"Composing a few pieces into {folder} ...")
    write(folder)
    return folder


def _show(catalogue, track_id: str, title: str) -> None:
    typer.secho(f"\n{title}", bold=True)
    print_lines(catalogue.show(track_id).analysis)
    typer.echo("\nWhat sounds most like it:")
    for hit in catalogue.similar(track_id, 5):
        typer.echo(f"  {hit.similarity:.3f}  {hit.track.title}  ({', '.join(hit.track.fields['tags'][:3])})")


def _print_next_steps(catalogue: Path, title: str) -> None:
    typer.echo(f"\nThe catalogue is in {catalogue}. Ask it more:")
    typer.echo(f"  earmark similar {title!r} --catalogue {catalogue}")
    typer.echo(f"  earmark search piano --catalogue {catalogue}")
    typer.echo(f"  earmark show {title!r} --catalogue {catalogue}")
