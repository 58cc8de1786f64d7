"""``earmark demo``: the main job from end to end, on the user's own music or on pieces that earmark composes."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import CatalogueOption, ModelOption
from earmark.cli.render import fact_lines, tag_lines


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    music: Annotated[Path | None, typer.Option(help="Your own folder; without it, earmark composes a few.")] = None,
    catalogue: CatalogueOption = Path("demo/catalogue"),
    model: ModelOption = "default",
) -> None:
    """Scan a folder, show one track's tags and what sounds like it, and leave the catalogue behind.

    Example: earmark demo --music ~/Music
    """
    from earmark.catalogue.store import CatalogueStore
    from earmark.cli.scan import scan
    from earmark.explore.similar import similar, track_details

    folder = music or _compose(catalogue.parent / "music")
    try:
        scan([folder], catalogue, model=model)
    except typer.Exit:  # some files failed: that is said, and the demo goes on with the others
        typer.echo()
    store = CatalogueStore(catalogue)
    rows = store.tracks().to_pylist()
    if not rows:
        typer.echo(f"No track in {folder} could be listened to.", err=True)
        raise typer.Exit(1)
    row = max(rows, key=lambda row: (len(row["tags"]), row["title"]))  # the track with most to say
    details = track_details(store, row["track_id"])
    typer.secho(f"\n{row['title']}", bold=True)
    for line in (*tag_lines(details.tags), *fact_lines(details.facts)):
        typer.echo(line)
    typer.echo("\nWhat sounds most like it:")
    for hit in similar(store, row["track_id"], 5):
        typer.echo(f"  {hit.similarity:.3f}  {hit.track['title']}  ({', '.join(hit.track['tags'][:3])})")
    _say_what_next(catalogue, row["title"])


def _compose(folder: Path) -> Path:
    from earmark.demo import write

    typer.echo(f"Composing a few pieces into {folder} ...")
    write(folder)
    return folder


def _say_what_next(catalogue: Path, title: str) -> None:
    typer.echo(f"\nThe catalogue is in {catalogue}. Ask it more:")
    typer.echo(f"  earmark similar {title!r} --catalogue {catalogue}")
    typer.echo(f"  earmark search piano --catalogue {catalogue}")
    typer.echo(f"  earmark show {title!r} --catalogue {catalogue}")
