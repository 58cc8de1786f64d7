"""``earmark tags``: plan, look at, write and take back tags in files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, WhereOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say
from earmark.errors import as_unicode, printable

PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN", help="A file that `earmark tags plan` has made.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    family = typer.Typer(help="Write what was heard into the tags of files, and take it back.", no_args_is_help=True)
    for command in (plan, diff, apply, undo):
        family.command()(command)
    app.add_typer(family, name="tags")


def read_gate(text: str) -> tuple[str, float]:
    """``key_confidence=0.7`` as name and number; raises BadParameter."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no gate: write it as key_confidence=0.7") from None


def plan(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Words of title, artist, album or tags.")] = "",
    out: Annotated[Path, typer.Option("-o", "--out", help="The plan, a JSON file.")] = Path("plan.json"),
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    where: WhereOption = None,
    profile: Annotated[
        str, typer.Option(help="navidrome, rekordbox, beets, picard, or a .toml file of your own.")
    ] = "navidrome",
    mode: Annotated[
        str,
        typer.Option(help="fill-empty: leave what there is; add: add to genres, moods and the like; replace."),
    ] = "fill-empty",
    fields: Annotated[
        str, typer.Option(metavar="NAMES", help="In place of the profile's, as in bpm,key,mood,genre,comment,own.")
    ] = "",
    key_notation: Annotated[str | None, typer.Option(help="standard (Am), camelot (8A) or openkey (1m).")] = None,
    gate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=LEAST",
            help="Write tempo or key from this on: tempo_confidence, tempo_octave_confidence, key_confidence.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Plan what is written into the tags of the tracks that fit, of what is sure alone. Nothing is written yet.

    `earmark tags diff` shows the plan, `apply` writes it, `undo` takes it back.

    Example: earmark tags plan --where "genre = 'jazz'" --profile beets -o plan.json
    """
    from earmark.library import Catalogue

    wanted = [name.strip() for name in fields.split(",") if name.strip()]
    gates = dict(map(read_gate, gate or ()))
    with progress_bars() as progress:
        made = Catalogue(catalogue).plan_tags(text, where, profile, mode, wanted, key_notation, gates, progress)
    made.write(out)
    if as_json:
        print_json({"plan": as_unicode(str(out)), "id": made.id, **_counts(made)})
        return
    _say_refused(made.refused)
    counts = f"{len(made.files)} files to change, {made.n_same} that have all of it, {len(made.refused)} refused"
    say(f"{printable(str(out))}: {counts}." + ("" if any(_counts(made).values()) else " No track fits."))


def _counts(made) -> dict:
    return {"files": len(made.files), "same": made.n_same, "refused": [_shown(one) for one in made.refused]}


def diff(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Show what PLAN would change: a line a tag, the values of now -> those to come.

    Example: earmark tags diff plan.json
    """
    from earmark.library import read_plan

    found = read_plan(plan)
    for line in [] if as_json else found.lines():
        say(line)
    for file in found.files if as_json else ():
        print_json(asdict(file) | {"path": as_unicode(file.path)})
    if not as_json:
        _say_refused(found.refused)


def apply(
    plan: PlanArgument,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    keep_times: Annotated[bool, typer.Option("--keep-times", help="Leave the files' times of change.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the tags of PLAN. A file takes its new form whole or not at all, and its sound stays the same.

    Stopped at any moment, the same command goes on. Exit 1 if a file was refused.

    Example: earmark tags apply plan.json --catalogue music.earmark
    """
    from earmark.library import Catalogue

    with progress_bars() as progress:
        report = Catalogue(catalogue).apply_tags(plan, keep_times, progress)
    _print_report(report, "written", "written before", as_json)


def undo(
    run: Annotated[str | None, typer.Argument(metavar="[ID]", help="Of a plan; by default the last applied.")] = None,
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    as_json: JsonOption = False,
) -> None:
    """Bring every file that a plan changed back to the bytes that it had. Exit 1 if a file was changed since.

    Example: earmark tags undo --catalogue music.earmark
    """
    from earmark.library import Catalogue

    with progress_bars() as progress:
        report = Catalogue(catalogue).undo_tags(run, progress)
    _print_report(report, "as it was", "never changed", as_json)


def _print_report(report, deed: str, before: str, as_json: bool) -> None:
    if as_json:
        paths = {name: [as_unicode(path) for path in getattr(report, name)] for name in ("written", "already")}
        print_json({"id": report.run, **paths, "refused": [_shown(one) for one in report.refused]})
    else:
        _say_refused(report.refused)
        counts = f"{len(report.written)} {deed}, {len(report.already)} {before}, {len(report.refused)} refused"
        say(f"{report.run}: {counts}.")
        if report.written:
            say("The next `earmark scan` of their folder tells the catalogue.")
    if report.refused:
        raise typer.Exit(1)


def _shown(refused) -> dict:
    return asdict(refused) | {"path": as_unicode(refused.path)}


def _say_refused(refused) -> None:
    for one in refused:
        say(f"left as it is: {printable(one.path)}: {one.problem}. {one.remedy}", err=True)
