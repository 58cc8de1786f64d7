"""``earmark data``: what a data set holds, what its parts share, and what its classes look like."""

from pathlib import Path
from typing import Annotated

import typer

from earmark.cli.options import JsonOption
from earmark.cli.progress import progress_bars
from earmark.cli.render import print_json, say
from earmark.cli.training_options import CacheOption, TargetOption, WorkersOption, need_packages, parse_columns

data = typer.Typer(help="Look through a data set before training on it.", no_args_is_help=True)

ManifestArgument = Annotated[Path, typer.Argument(metavar="MANIFEST", help="A manifest, or a folder a class.")]


def register(app: typer.Typer) -> None:
    """Add the family to the command line."""
    app.add_typer(data, name="data")


@data.command()
def check(
    manifest: ManifestArgument,
    target: TargetOption = "",
    mark: Annotated[
        Path | None, typer.Option("--mark", metavar="CSV", help="Write the manifest with its duplicates marked.")
    ] = None,
    cache: CacheOption = None,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Report unreadable files, lengths, classes, duplicates, and what the parts of its split share.

    The exit status is 1 where a file is unreadable or where parts share a song, an artist or audio.

    Example: earmark data check tracks.csv --target genre
    """
    from earmark.data.cache import FeatureCache
    from earmark.data.check import check

    read, targets = _read(manifest, target, must_exist=False)
    report = check(read, targets, _compute(FeatureCache.attempt, read, cache, workers))
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
    target: TargetOption = "",
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
    need_packages("earmark data explore", "matplotlib", "sklearn")
    from earmark.data.cache import FeatureCache
    from earmark.data.explore import explore, heat_map_of_file
    from earmark.data.sets.msd import SERIES

    if (manifest / SERIES).is_file():
        _draw_songs(manifest, track or [], out)
        return
    for name in track or []:
        say(heat_map_of_file(name, out))
    read, targets = _read(manifest, target or _label_column(manifest))
    projection = explore(read, targets, _compute(FeatureCache.build, read, cache, workers), out, seed, examples)
    for name in sorted(projection.purity, key=projection.purity.get, reverse=True):
        say(f"{name:<24} purity {projection.purity[name]:.2f}  chance {projection.chance[name]:.2f}")
    say(out / "index.html")


def _draw_songs(folder: Path, tracks: list[str], out: Path) -> None:
    """Heat maps of songs of the Million Song Dataset, which has no audio."""
    from earmark.data.explore import heat_map_of_song
    from earmark.data.sets.msd import load_msd_compact
    from earmark.errors import DataError

    songs = load_msd_compact(folder)
    if not tracks:
        raise DataError(folder, "no audio to draw", f"Name songs with --track, e.g. {songs.track_id[0]}.")
    for name in tracks:
        say(heat_map_of_song(songs, name, out))


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
    from earmark.data.read import write_manifest
    from earmark.data.sets import load_set

    found = load_set(name, folder, labels)
    write_manifest(found, out)
    say(f"{out}: {len(found)} rows. Licence: {found.licence or 'unknown'}. {found.citation}")


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
    need_packages("earmark data songs", "h5py")
    from earmark.data.sets.msd import save_msd_compact
    from earmark.data.sets.msd_files import load_msd

    found = load_msd(folder, lyrics, genres, vectors)
    save_msd_compact(found, out)
    say(f"{out}: {len(found)} songs, {int((found.genre != '').sum())} with a genre")


def _read(path: Path, target: str, must_exist: bool = True):
    """Manifest and targets; `target` is a column or several with commas; without one the targets are None."""
    from earmark.data.read import read_manifest
    from earmark.data.targets import read_targets

    manifest = read_manifest(path, must_exist)
    columns = parse_columns(target)
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


def _compute(build, manifest, folder: Path | None, workers: int):
    """The spectrograms of a manifest by `build`, which is `FeatureCache.build` or `attempt`."""
    with progress_bars() as progress:
        return build(manifest, folder=folder, workers=workers, progress=progress)


def _write_marks(manifest, report, path: Path) -> None:
    from dataclasses import replace

    from earmark.data.check import duplicate_marks
    from earmark.data.read import write_manifest

    rows = [row | {"duplicate": mark} for row, mark in zip(manifest.rows, duplicate_marks(report), strict=True)]
    write_manifest(replace(manifest, rows=rows), path)


def _print_report(manifest, report) -> None:
    classes = {f"{name} ({c['songs']})": c["files"] for name, c in report.classes.items()}
    lines = [
        f"{manifest.name}: {report.n} files, {len(report.unreadable)} unreadable",
        *(f"  {manifest.where(i)}: {problem}" for i, problem in report.unreadable.items()),
        *_bar_lines("length, seconds", report.lengths),
        *_bar_lines("class (songs)", classes),
        *_duplicate_lines(manifest, report),
        *(f"not checked: {what}" for what in report.not_checked),
        *_split_lines(manifest, report),
    ]
    for line in lines:
        say(line)


def _bar_lines(title: str, counts: dict[str, int]) -> list[str]:
    """The title and a bar for each count; nothing where there are none."""
    widest, most = max(map(len, counts), default=0), max(counts.values(), default=1)
    bars = [f"  {name:<{widest}} {n:>6} {'█' * round(30 * n / most)}" for name, n in counts.items()]
    return [title, *bars] if bars else []


def _duplicate_lines(manifest, report) -> list[str]:
    from earmark.data.check import NAMED, count_unmarked

    def sound_line(pair) -> str:
        rows = f"{manifest.where(pair.a)}, {manifest.where(pair.b)}"
        return f"  {rows}: {1 - pair.unequal:.0%} of bits agree, {pair.offset:+.1f} s"

    unmarked = count_unmarked(manifest, report)
    hint = f"{unmarked} of these are of different songs and artists as the manifest has it: --mark joins them"
    return [
        f"equal audio: {len(report.content_duplicates)} groups",
        *("  " + ", ".join(manifest.where(i) for i in group) for group in report.content_duplicates[:NAMED]),
        f"same recording by sound: {len(report.sound_duplicates)} pairs",
        *(sound_line(pair) for pair in report.sound_duplicates[:NAMED]),
        *([hint] if unmarked else []),
    ]


def _split_lines(manifest, report) -> list[str]:
    from earmark.data.check import NAMED, describe_leak

    if not report.parts:
        return [
            "split: none in the manifest; training will make one, grouped by the columns song, artist and duplicate"
        ]
    sizes = "split: " + ", ".join(f"{part} {n}" for part, n in report.parts.items())
    if report.honest:
        return [sizes, "No song, artist or audio is shared between its parts, as far as was checked."]
    n = len(report.leaks)
    return [
        sizes,
        f"THIS SPLIT LEAKS: {n} things lie in more than one part; figures on it are inflated.",
        *("  " + describe_leak(manifest, leak) for leak in report.leaks[:NAMED]),
        *([f"  and {n - NAMED} more (--json lists all)"] if n > NAMED else []),
    ]
