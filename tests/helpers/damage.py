"""Ways in which a catalogue is damaged: each takes its folder and breaks something on the disk."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from earmark.catalogue.places import manifests, table_path
from earmark.catalogue.tables import Table


def newest_data(folder: Path, table: str = "tracks") -> Path:
    """The largest data file of the newest version."""
    found = Table(table_path(folder, table))
    files = [found.path.local / name for name in found.file_names() if name.startswith("data/")]
    return max(files, key=lambda path: path.stat().st_size)


def newest_manifest(folder: Path, table: str = "tracks") -> Path:
    """The list of files of the newest version."""
    return next(iter(manifests(table_path(folder, table)).values())).local


def flip(path: Path, n: int = 1, seed: int = 0) -> None:
    """Change n bytes of a file, each in one bit."""
    data, rng = bytearray(path.read_bytes()), np.random.default_rng(seed)
    for at in rng.choice(len(data), min(n, len(data)), replace=False):
        data[at] ^= 1 << int(rng.integers(8))
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    """Keep the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def note(folder: Path, **entries: str) -> None:
    """Write something among the notes of the table of files."""
    Table(table_path(folder, "files")).note(**entries)


def into_a_file(folder: Path) -> None:
    """Put a file where the catalogue was."""
    shutil.rmtree(folder)
    folder.write_text("no folder")


def index_files(folder: Path) -> list[Path]:
    """Every file of the indices of tracks."""
    return [path for path in (table_path(folder, "tracks").local / "_indices").rglob("*") if path.is_file()]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a data file is gone": lambda folder: newest_data(folder).unlink(),
    "a data file is cut": lambda folder: cut(newest_data(folder)),
    "a data file is empty": lambda folder: newest_data(folder).write_bytes(b""),
    "a data file has other bytes": lambda folder: flip(newest_data(folder), 200),
    "a data file of files has other bytes": lambda folder: flip(newest_data(folder, "files"), 20),
    "a manifest is empty": lambda folder: newest_manifest(folder).write_bytes(b""),
    "a manifest is noise": lambda folder: flip(newest_manifest(folder), 50),
    "the manifest of files is empty": lambda folder: newest_manifest(folder, "files").write_bytes(b""),
    "the indices have other bytes": lambda folder: [flip(path, 20) for path in index_files(folder)],
    "tracks is gone": lambda folder: shutil.rmtree(table_path(folder, "tracks")),
    "files is gone": lambda folder: shutil.rmtree(table_path(folder, "files")),
    "corrections is gone": lambda folder: shutil.rmtree(table_path(folder, "corrections")),
    "all manifests of tracks are gone": lambda folder: shutil.rmtree(table_path(folder, "tracks") / "_versions"),
    "the version is no number": lambda folder: note(folder, schema_version="two"),
    "the model is no JSON": lambda folder: note(folder, model="{nope"),
    "the model is other JSON": lambda folder: note(folder, model="[1, 2]"),
}
"""What was done -> the doing of it, to a catalogue that was scanned, with a correction."""
