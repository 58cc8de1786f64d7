"""``earmark data``: what a data set holds, whether it can be trusted, and what it looks like."""

from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import JsonOption
from earmark.cli.render import print_json

data = typer.Typer(help="Look through a data set before training on it.", no_args_is_help=True)

ManifestArgument = Annotated[Path, typer.Argument(metavar="MANIFEST", help="A manifest, or a folder a class.")]
TargetOption = Annotated[
    str | None, typer.Option("--target", metavar="COLUMN[,COLUMN...]", help="What is to be learned.")
]
CacheOption = Annotated[
    Path | None, typer.Option("--cache", envvar="EARMARK_CACHE", help="Folder that keeps spectrograms.")
]
WorkersOption = Annotated[int, typer.Option(min=1, help="Processes that compute spectrograms.")]


def register(app: typer.Typer) -> None:
    app.add_typer(data, name="data")


@data.command()
def check(
    manifest: ManifestArgument,
    target: TargetOption = None,
    mark: Annotated[
        Path | None, typer.Option("--mark", metavar="CSV", help="Write the manifest with its duplicates marked.")
    ] = None,
    cache: CacheOption = None,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Report unreadable files, lengths, classes, duplicates, and what the parts of its split share.

    Leaves with 1 where a file is unreadable or where parts share a song, an artist or audio.

    Example: earmark data check tracks.csv --target genre
    """
    from earmark.data.check import check as look_through

    read, targets = _read(manifest, target, must_exist=False)
    report = look_through(read, targets, _features(read, cache, workers))
    if mark:
        _write_marks(read, report, mark)
    if as_json:
        print_json(report.to_dict())
    else:
        _print_report(read, report)
    if report.unreadable or not report.honest:
        raise typer.Exit(1)


@data.command()
def explore(
    manifest: ManifestArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the images and index.html.")],
    target: Annotated[str, typer.Option("--target", metavar="COLUMN[,COLUMN...]", help="The classes to compare.")] = "",
    track: Annotated[
        list[str] | None,
        typer.Option("--track", help="Also draw chroma and timbre of this file (or Million Song id); repeatable."),
    ] = None,
    examples: Annotated[int, typer.Option(min=1, max=12, help="Files drawn for each class.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Which examples are drawn.")] = 0,
    cache: CacheOption = None,
    workers: WorkersOption = 1,
) -> None:
    """Draw spectrograms and MFCC by class and the principal components of all files; chroma and timbre of a track.

    MANIFEST may also be the compact form of the Million Song Dataset: then only --track is drawn.

    Example: earmark data explore tracks.csv --target genre --out look
    """
    _need("matplotlib", "sklearn")
    from earmark.data import explore as look
    from earmark.data.sets.msd import SERIES, load_msd_compact
    from earmark.errors import DataError

    songs = load_msd_compact(manifest) if (manifest / SERIES).is_file() else None
    for name in track or []:
        drawn = look.heat_map_of_song(songs, name, out) if songs else look.heat_map_of_file(name, out)
        typer.echo(drawn)
    if songs:
        if not track:
            raise DataError(manifest, "no audio to draw", f"Name songs with --track, e.g. {songs.track_id[0]}.")
        return
    read, targets = _read(manifest, target or _label_column(manifest))
    projection = look.explore(read, targets, _features(read, cache, workers, strict=True), out, seed, examples)
    for name in sorted(projection.purity, key=projection.purity.get, reverse=True):
        typer.echo(f"{name:<24} purity {projection.purity[name]:.2f}  chance {projection.chance[name]:.2f}")
    typer.echo(out / "index.html")


@data.command()
def manifest(
    name: Annotated[str, typer.Argument(metavar="SET", help="gtzan, fma, mtg-jamendo, mirdata:NAME, ...")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the set was unpacked.")],
    out: Annotated[Path, typer.Option("--out", metavar="CSV", help="The manifest to write.")],
    labels: Annotated[
        Path | None, typer.Option("--labels", help="Its published split or annotations, where they lie elsewhere.")
    ] = None,
) -> None:  # fmt: skip
    """Write the manifest of a published data set, in its own split.

    Example: earmark data manifest gtzan genres --labels filtered_lists --out gtzan.csv
    """
    from earmark.data.read import write_csv
    from earmark.data.sets import load_set

    found = load_set(name, folder, labels)
    write_csv(found, out)
    typer.echo(f"{out}: {len(found)} rows. Licence: {found.licence or 'unknown'}. {found.citation}")


@data.command()
def songs(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Searched for the .h5 files of songs.")],
    lyrics: Annotated[list[Path], typer.Option("--lyrics", help="A musiXmatch file; repeatable (train and test).")],
    genres: Annotated[Path, typer.Option("--genres", help="A tagtraum file, e.g. msd_tagtraum_cd2.cls.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the compact form.")],
    vectors: Annotated[Path | None, typer.Option("--vectors", help="Word vectors, e.g. glove.6B.50d.txt.")] = None,
) -> None:
    """Bring the Million Song Dataset with its lyrics and genres into the compact form that `train` reads.

    Example: earmark data songs MillionSongSubset --lyrics mxm_dataset_train.txt --genres msd_tagtraum_cd2.cls --out msd
    """
    _need("h5py")
    from earmark.data.sets.msd import save_msd_compact
    from earmark.data.sets.msd_files import load_msd

    found = load_msd(folder, lyrics, genres, vectors)
    save_msd_compact(found, out)
    typer.echo(f"{out}: {len(found)} songs, {int((found.genre != '').sum())} with a genre")


def _need(*modules: str) -> None:
    from importlib.util import find_spec

    from earmark.errors import MissingPackage

    if missing := [name for name in modules if find_spec(name) is None]:
        raise MissingPackage("earmark data", f"{', '.join(missing)} not installed", "Run: pip install 'earmark[train]'")


def _read(path: Path, target: str | None, must_exist: bool = True):
    """Manifest and targets; `target` is a column, several with commas, or None."""
    from earmark.data.read import read_manifest
    from earmark.data.targets import read_targets

    manifest = read_manifest(path, must_exist)
    columns = [name.strip() for name in (target or "").split(",") if name.strip()]
    return manifest, read_targets(manifest, columns, for_training=False) if columns else None


def _label_column(path: Path) -> str:
    """The column that holds the classes, where the manifest has one of the usual names."""
    from earmark.data.read import read_manifest
    from earmark.errors import DataError

    columns = read_manifest(path, must_exist=False).columns
    for name in ("label", "genre"):
        if name in columns:
            return name
    raise DataError(path, "no column label or genre", f"Give --target: one of {', '.join(columns)}.")


def _features(manifest, folder: Path | None, workers: int, strict: bool = False):
    from rich.console import Console
    from rich.progress import Progress

    from earmark.audio.config import FeatureConfig
    from earmark.data.cache import FeatureCache

    build = FeatureCache.build if strict else FeatureCache.attempt
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("spectrograms", total=len(manifest))
        return build(
            manifest,
            FeatureConfig(),
            folder or settings.CACHE.path(),
            workers,
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def _write_marks(manifest, report, path: Path) -> None:
    from dataclasses import replace

    from earmark.data.check import duplicate_marks
    from earmark.data.read import write_csv

    rows = [row | {"duplicate": mark} for row, mark in zip(manifest.rows, duplicate_marks(report), strict=True)]
    write_csv(replace(manifest, rows=rows), path)


def _print_report(manifest, report) -> None:
    from earmark.data.check import NAMED, describe, unmarked

    echo = typer.echo
    echo(f"{manifest.name}: {report.n} files, {len(report.unreadable)} unreadable")
    for i, problem in report.unreadable.items():
        echo(f"  {manifest.where(i)}: {problem}")
    _print_bars("length, seconds", report.lengths)
    _print_bars("class (songs)", {f"{name} ({c['songs']})": c["files"] for name, c in report.classes.items()})
    echo(f"equal audio: {len(report.content_duplicates)} groups")
    for group in report.content_duplicates[:NAMED]:
        echo("  " + ", ".join(manifest.where(i) for i in group))
    echo(f"same recording by sound: {len(report.sound_duplicates)} pairs")
    for pair in report.sound_duplicates[:NAMED]:
        rows = f"{manifest.where(pair.a)}, {manifest.where(pair.b)}"
        echo(f"  {rows}: {1 - pair.unequal:.0%} of bits agree, {pair.offset:+.1f} s")
    if divided := unmarked(manifest, report):
        echo(f"{divided} of these are of different songs and artists as the manifest has it: --mark joins them")
    for what in report.not_checked:
        echo(f"not checked: {what}")
    if not report.parts:
        echo("split: none in the manifest; training will make one, grouped by the columns song, artist and duplicate")
        return
    echo("split: " + ", ".join(f"{part} {n}" for part, n in report.parts.items()))
    if report.honest:
        echo("No song, artist or audio is shared between its parts, as far as was checked.")
        return
    echo(f"THIS SPLIT LEAKS: {len(report.leaks)} things lie in more than one part; figures on it are not honest.")
    for leak in report.leaks[:NAMED]:
        echo("  " + describe(manifest, leak))
    if len(report.leaks) > NAMED:
        echo(f"  and {len(report.leaks) - NAMED} more (--json lists all)")


def _print_bars(title: str, counts: dict[str, int]) -> None:
    if counts:
        typer.echo(title)
    widest = max(map(len, counts), default=0)
    most = max(counts.values(), default=1)
    for name, count in counts.items():
        typer.echo(f"  {name:<{widest}} {count:>6} {'█' * round(30 * count / most)}")
