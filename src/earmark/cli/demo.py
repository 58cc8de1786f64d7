"""``earmark demo``: the main job from end to end, on the user's own music or on pieces that earmark composes."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import CatalogueOption, ModelOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_lines, say
from earmark.cli.scan import print_report
from earmark.errors import printable


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(demo)


def demo(
    music: Annotated[Path | None, typer.Option(help="Your own folder; without it, earmark composes a few.")] = None,
    catalogue: CatalogueOption = "demo/catalogue",
    model: ModelOption = "default",
) -> None:
    """Scan a folder, show one track's tags and what sounds like it, and leave the catalogue behind.

    Example: earmark demo --music ~/Music
    """
    from earmark.library import Catalogue

    folder, kept = music or _compose(_beside(catalogue)), Catalogue(catalogue)
    with progress_bars() as progress:
        report = kept.scan(folder, model, progress=progress)
    print_report(report, catalogue)
    if report.interrupted:
        raise typer.Exit(1)
    rows = kept.tracks().to_pylist()
    if not rows:
        say(f"No track in {folder} could be listened to.", err=True)
        raise typer.Exit(1)
    row = max(rows, key=lambda row: (len(row["tags"]), row["title"]))  # the track with most to tell
    _show(kept, row["track_id"], row["title"])
    _print_next_steps(catalogue, row["title"])


def _beside(catalogue: str) -> Path:
    """Where the pieces go; a catalogue in an object store has no folder beside it."""
    return Path("demo/music") if "://" in catalogue else Path(catalogue).parent / "music"


def _compose(folder: Path) -> Path:
    from earmark.demo import write

    say(f"Composing a few pieces into {folder} ...")
    write(folder)
    return folder


def _show(catalogue, track_id: str, title: str) -> None:
    say(f"\n{title}", bold=True)
    analysis = catalogue.show(track_id).analysis
    say(f"  {analysis.description}")
    print_lines(analysis)
    say("\nWhat sounds most like it:")
    for hit in catalogue.similar(track_id, 5):
        say(f"  {hit.similarity:.3f}  {printable(hit.track.title)}  ({', '.join(hit.track.fields['tags'][:3])})")


def _print_next_steps(catalogue: str, title: str) -> None:
    say(f"\nThe catalogue is in {catalogue}. Ask it more:")
    say(f"  earmark similar {title!r} --catalogue {catalogue}")
    say(f"  earmark search piano --catalogue {catalogue}")
    say(f"  earmark show {title!r} --catalogue {catalogue}")
