"""``earmark catalogue``: check, repair, back up, restore and compact what is kept."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption
from earmark.cli.render import print_json, say
from earmark.errors import printable

FolderArgument = Annotated[
    str | None, typer.Argument(metavar="[DIR]", help="The catalogue; that of --catalogue by default.")
]
MB = 1e6


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    family = typer.Typer(help="Check, repair, back up, restore and compact a catalogue.", no_args_is_help=True)
    for command in (check, repair, backup, restore, compact):
        family.command()(command)
    app.add_typer(family, name="catalogue")


def check(
    folder: FolderArgument = None, catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False
) -> None:
    """Read all that is kept and compare it with its checksums; exit 1 if something is damaged. Nothing is changed.

    Example: earmark catalogue check music.earmark
    """
    from earmark.library import Catalogue

    folder = folder or catalogue
    report = Catalogue(folder).check()
    if as_json:
        print_json(asdict(report) | {"whole": report.is_whole})
    else:
        for finding in report.findings:
            say(f"{'damaged' if finding.is_damage else 'note'}: {printable(finding.where)}: {finding.what}")
        say(_counted(report))
        if not report.is_whole:
            say(f"Damaged: `earmark catalogue repair {printable(str(folder))}` mends it.")
    if not report.is_whole:
        raise typer.Exit(1)


def _counted(report) -> str:
    parts = [f"{n} rows in {name}" for name, n in report.n_rows.items()]
    parts.append(f"{report.n_files} files as they were written")
    if report.n_unsummed:
        parts.append(f"{report.n_unsummed} files not yet summed (the next scan sums them)")
    if report.n_earprints:
        parts.append(f"{report.n_earprints} earprints")
    if report.recall is not None:
        parts.append(f"recall@10 of the index of likeness {report.recall:.3f}")
    return f"{'Whole' if report.is_whole else 'Read'}: {', '.join(parts)}."


def repair(
    folder: FolderArgument = None, catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False
) -> None:
    """Mend a damaged catalogue: keep what is whole, rebuild the rest, name what must be heard again.

    No correction is dropped. `earmark catalogue check` looks without changing anything.

    Example: earmark catalogue repair music.earmark
    """
    from earmark.library import Catalogue

    report = Catalogue(folder or catalogue).repair()
    if as_json:
        print_json(asdict(report))
        return
    for line in report.done:
        say(printable(line))
    for path in report.hear_again:
        say(f"to be heard again: {printable(path)}")
    if report.earprints:
        say(f"{report.earprints} earprints dropped that could not be read.")
    if report.hear_again:
        say("The next scan of their folders hears them again.")
    elif not report.done and not report.earprints:
        say("Nothing to mend.")


def backup(
    dest: Annotated[Path, typer.Argument(metavar="DEST", help="A new folder, or a file that ends in .tar.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Copy the catalogue to DEST and verify the copy; a scan may be at work meanwhile.

    Example: earmark catalogue backup /mnt/backup/music.tar --catalogue music.earmark
    """
    from earmark.library import Catalogue

    _print_copy("Copied to", Catalogue(catalogue).backup(dest), as_json)


def restore(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="What `backup` has made: a folder or a .tar.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    force: Annotated[bool, typer.Option("--force", help="Replace the catalogue that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a catalogue of the copy SRC, once all its checksums are right.

    Example: earmark catalogue restore /mnt/backup/music.tar --catalogue music.earmark
    """
    from earmark.library import Catalogue

    _print_copy("Restored to", Catalogue(catalogue).restore(source, force), as_json)


def compact(
    folder: FolderArgument = None, catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False
) -> None:
    """Join what many small writes have left, and drop old versions and the remains of killed scans.

    Example: earmark catalogue compact music.earmark
    """
    from earmark.library import Catalogue

    before, after = Catalogue(folder or catalogue).compact()
    if as_json:
        print_json({"before": before, "after": after})
    else:
        say(f"{before / MB:.1f} MB before, {after / MB:.1f} MB now.")


def _print_copy(deed: str, report, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report) | {"path": printable(str(report.path))})
    else:
        say(f"{deed} {printable(str(report.path))}: {report.n_files} files, {report.n_bytes / MB:.1f} MB.")
