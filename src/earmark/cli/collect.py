"""``earmark collect``: labelled excerpts from playlists, lists and music services."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import JsonOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(collect)


def collect(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the excerpts and tracks.csv.")],
    lists: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[LIST]...", help="Playlists (one a class), CSV lists, or folders of playlists."),
    ] = None,
    jamendo: Annotated[
        list[str] | None,
        typer.Option("--jamendo", metavar="LABEL[=TAG+TAG]", help="Jamendo's tracks with these tags; repeatable."),
    ] = None,
    per_class: Annotated[int | None, typer.Option("-n", "--per-class", min=1, help="Excerpts of each class.")] = None,
    per_artist: Annotated[int | None, typer.Option(min=1, help="Excerpts of one artist, at most.")] = None,
    licences: Annotated[str, typer.Option(help="Keep these Creative Commons licences only, e.g. by,by-sa.")] = "",
    seconds: Annotated[float, typer.Option(min=1, help="Length of an excerpt, from the track's middle.")] = 30.0,
    form: Annotated[str, typer.Option("--format", help="flac, wav or opus.")] = "flac",
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two requests to a server.")] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Build a labelled data set of excerpts; run again, it goes on where it stopped.

    Jamendo needs a free client id in the environment variable JAMENDO_CLIENT_ID.

    Example: earmark collect playlists/ --out mine; earmark collect --jamendo jazz --jamendo rap=hiphop -n 100 --out cc
    """
    from earmark.data.collect.excerpt import SUFFIX
    from earmark.data.collect.run import CollectOptions, collect
    from earmark.data.collect.web import Web

    if form not in SUFFIX:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(SUFFIX)}", param_hint="--format")
    if not lists and not jamendo:
        raise typer.BadParameter("give playlists, CSV lists or --jamendo", param_hint="LIST")
    if jamendo and per_class is None:
        raise typer.BadParameter("--jamendo needs --per-class", param_hint="--per-class")
    web = Web(pause=pause)
    sources = _sources(lists or [], jamendo or [], tuple(x for x in licences.split(",") if x), web)
    with progress_bars(quiet=as_json) as progress:
        report = collect(sources, out, CollectOptions(seconds, form, per_class, per_artist), web, progress)
    if as_json:
        print_json(vars(report))
    else:
        _print_report(report, out)
    if report.failed:
        raise typer.Exit(1)


def _sources(lists: list[Path], queries: list[str], licences: tuple[str, ...], web):
    """One iterable of wanted tracks for each list and each query; a missing key is an error before any work."""
    from earmark.data.collect.sources import wanted_from

    sources = [list(wanted_from(path)) for path in lists]
    if queries:
        from earmark.data.collect.jamendo import Jamendo

        provider = Jamendo(licences=licences, web=web)
        for query in queries:
            label, _, tags = query.partition("=")
            sources.append(provider.tracks(label, (tags or label).split("+")))
    return sources


def _print_report(report, out: Path) -> None:
    say(f"{out / 'tracks.csv'}: {report.collected} excerpts, {report.new} of them new")
    for failure in report.failed:
        say(f"  failed: {failure['track']}: {failure['problem']}. {failure['remedy']}", err=True)
