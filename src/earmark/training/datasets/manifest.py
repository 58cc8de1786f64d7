"""The manifest: one data set as rows of text, and the targets that are read from its columns.

A manifest on disk is a UTF-8 CSV with the column ``path`` (relative to the file) and any label columns; ``split``
(train, valid, test), ``fold``, ``song``, ``artist`` and ``duplicate`` are optional and mean what their names say.
"""

import csv
import os
import unicodedata
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import numpy as np

from earmark.errors import DataError

Kind = Literal["exclusive", "independent", "value"]

GROUPING = ("song", "artist", "artist_id", "artist_name", "duplicate")  # rows that share one are never divided
NOBODY = {"", "unknown", "unknown artist", "various", "various artists", "va", "n/a", "na", "nan", "none", "-"}
SHOWN = 8  # rows or columns that an error message lists before it says how many more there are


@dataclass(frozen=True)
class Manifest:
    """One data set in memory: its rows, in order, as text.

    Attributes
    ----------
    root : the folder that the paths are relative to
    rows : one dict a file; every one has ``path`` and all have the same keys
    licence, citation, version : as the data set's publishers state them, "" where unknown
    """

    root: Path
    name: str
    rows: list[dict[str, str]]
    licence: str = ""
    citation: str = ""
    version: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> list[str]:
        """Names of the columns, ``path`` first as a rule."""
        return list(self.rows[0]) if self.rows else []

    def paths(self) -> list[Path]:
        return [self.root / row["path"] for row in self.rows]

    def column(self, name: str) -> list[str]:
        """The column's text, one entry a row; raises DataError that lists the columns there are."""
        if name not in self.columns:
            raise DataError(f"column {name!r}", f"not in {self.name}", f"It has {', '.join(self.columns)}.")
        return [row[name] for row in self.rows]

    def groups(self) -> list[str]:
        """One id a row, the same for rows that share a song, artist, duplicate mark or file, directly or in a chain.

        Blank and placeholder names ("unknown", "various artists") join nothing. Without any of these columns
        every file is a group of its own.
        """
        parent = list(range(len(self.rows)))
        for name in ("path", *(name for name in GROUPING if name in self.columns)):
            first: dict[str, int] = {}
            for i, row in enumerate(self.rows):
                key = row["path"] if name == "path" else normal(row[name])
                if name == "path" or key not in NOBODY:
                    _union(parent, first.setdefault(key, i), i)
        return [str(_find(parent, i)) for i in range(len(parent))]

    def subset(self, indices) -> "Manifest":
        """The rows at `indices`, in that order."""
        return replace(self, rows=[self.rows[int(i)] for i in indices])

    def where(self, i: int) -> str:
        """Row `i` as a spreadsheet counts (the header is row 1), with its path: for error messages."""
        return f"row {i + 2} ({self.rows[i]['path']})"


@dataclass(frozen=True)
class Targets:
    """What a network learns from one or more columns.

    Attributes
    ----------
    kind : ``exclusive`` one class a row; ``independent`` each name holds or not, or to a share;
        ``value`` real numbers on scales of their own
    names : the classes, or the columns
    values : float32 [n_rows, n]: one-hot for ``exclusive``, else the numbers
    index : int64 [n_rows], the class of each row; empty unless ``exclusive``
    """

    kind: Kind
    names: tuple[str, ...]
    values: np.ndarray
    index: np.ndarray


# ---------------------------------------------------------------- reading a manifest


def read_manifest(path: str | Path, must_exist: bool = True) -> Manifest:
    """Read a manifest from a CSV file, a folder with tracks.csv, a folder of playlists, or a folder of class folders.

    Parameters
    ----------
    must_exist : raise where a row's file is not there; False leaves that to `earmark data check`

    Raises
    ------
    DataError : nothing there, not a manifest, or rows that break it; names the rows and the remedy
    """
    path = Path(path)
    if path.is_dir():
        manifest = _read_folder(path)
    elif path.is_file():
        manifest = read_csv(path)
    else:
        raise DataError(path, "no such file or folder", "Give a manifest CSV or a folder of class folders.")
    if must_exist:
        check_files(manifest)
    return manifest


def _read_folder(folder: Path) -> Manifest:
    if (folder / "tracks.csv").is_file():
        return read_csv(folder / "tracks.csv")
    from earmark.training.datasets import folders, playlists  # they import this module

    if playlists.playlist_files(folder):
        return playlists.load(folder)
    return folders.load(folder)


def read_csv(path: Path) -> Manifest:
    """Read one CSV file; a byte-order mark is accepted. Paths are relative to the file's folder."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(path, f"not a UTF-8 CSV file ({error})", "Save it again as CSV in UTF-8.") from error
    header = [name.strip() for name in lines[0]] if lines else []
    _check_header(path, header)
    rows = [_row(path, number, header, cells) for number, cells in enumerate(lines[1:], start=2) if cells]
    if not rows:
        raise DataError(path, "no rows under the header", "Add one row a file.")
    return Manifest(path.resolve().parent, _name_of(path), rows)


def write_csv(manifest: Manifest, path: str | Path) -> None:
    """Write the manifest so that `read_manifest` reads it back, paths relative to the file where they are below it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    base = path.resolve().parent
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, manifest.columns)
        writer.writeheader()
        for row, full in zip(manifest.rows, manifest.paths(), strict=True):
            writer.writerow({**row, "path": _relative(full, base)})


def check_files(manifest: Manifest) -> None:
    """Raise DataError that names the rows whose file does not exist."""
    missing = [i for i, path in enumerate(manifest.paths()) if not path.is_file()]
    if missing:
        raise DataError(
            manifest.name,
            f"{len(missing)} of {len(manifest)} files are missing: {listed(manifest.where(i) for i in missing)}",
            f"Put them under {manifest.root} or delete these rows.",
        )


def _check_header(path: Path, header: list[str]) -> None:
    if "path" not in header:
        found = ", ".join(header) or "nothing"
        raise DataError(path, f"no column `path` (the first line has {found})",
                        "Name the column that holds the files `path`, and separate columns by commas.")  # fmt: skip
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or "" in header:
        raise DataError(path, f"columns without a name or named twice: {twice or ['']}", "Rename them.")


def _row(path: Path, number: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise DataError(path, f"row {number} has {len(cells)} cells, the header {len(header)}",
                        "Quote cells that hold commas, and leave no cell out.")  # fmt: skip
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    if not row["path"]:
        raise DataError(path, f"row {number} has a blank path", "Fill it in or delete the row.")
    return row


def _name_of(path: Path) -> str:
    return path.resolve().parent.name if path.name == "tracks.csv" else path.stem


def _relative(path: Path, base: Path) -> str:
    full = Path(os.path.abspath(path))
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else str(full)


def listed(items, shown: int = SHOWN) -> str:
    """The first items, joined by commas, and how many more there are."""
    items = [str(item) for item in items]
    more = f" and {len(items) - shown} more" if len(items) > shown else ""
    return ", ".join(items[:shown]) + more


def normal(name: str) -> str:
    """A name as compared: case, width and spacing do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _find(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _union(parent: list[int], a: int, b: int) -> None:
    a, b = _find(parent, a), _find(parent, b)
    parent[max(a, b)] = min(a, b)


# ---------------------------------------------------------------- reading targets


def read_targets(
    manifest: Manifest, columns: list[str], kind: Kind | None = None, for_training: bool = True
) -> Targets:
    """Turn columns into targets.

    Parameters
    ----------
    columns : names or patterns such as ``genre---*``. One column of text gives exclusive classes, sorted; columns of
        numbers within 0..1 give independent targets, other numbers values.
    kind : overrides that guess, e.g. ``exclusive`` for a column of numbered classes
    for_training : also refuse what nothing can be learned from: one class only, one song a class, a constant column

    Raises
    ------
    DataError : unknown column, blanks, text among numbers, or what `for_training` refuses
    """
    columns = expand_columns(manifest, columns)
    cells = [manifest.column(name) for name in columns]
    for name, texts in zip(columns, cells, strict=True):
        _refuse_rows(manifest, name, [not text for text in texts], "blank")
    numbers = [[_number(text) for text in texts] for texts in cells]
    numeric = all(any(x is not None for x in column) for column in numbers)
    if kind == "exclusive" or (kind is None and len(columns) == 1 and not numeric):
        targets = _exclusive(columns, cells)
    else:
        for name, column in zip(columns, numbers, strict=True):
            _refuse_rows(manifest, name, [x is None for x in column], "not a number")
        targets = _numeric(columns, np.array(numbers, np.float32).T, kind)
    if for_training:
        check_learnable(manifest, targets, columns)
    return targets


def expand_columns(manifest: Manifest, columns: list[str]) -> list[str]:
    """The columns that the names and patterns stand for, each once; raises DataError where one fits none."""
    found: list[str] = []
    for pattern in columns:
        exact = pattern in manifest.columns
        fits = [pattern] if exact else [name for name in manifest.columns if fnmatchcase(name, pattern)]
        if not fits:
            manifest.column(pattern)  # raises, with the columns there are
        found += [name for name in fits if name not in found]
    if not found:
        raise DataError("target", "no column given", f"{manifest.name} has {', '.join(manifest.columns)}.")
    return found


def songs(manifest: Manifest) -> list[str]:
    """What counts as one song: the column ``song`` where it is there and filled in, else the file."""
    named = manifest.column("song") if "song" in manifest.columns else [""] * len(manifest)
    return [normal(song) or row["path"] for song, row in zip(named, manifest.rows, strict=True)]


def check_learnable(manifest: Manifest, targets: Targets, columns: list[str]) -> None:
    """Raise DataError for one class only, a class of one song, or a column that never changes."""
    what = f"target {','.join(columns)}"
    if targets.kind != "exclusive":
        same = [name for name, x in zip(targets.names, targets.values.T, strict=True) if np.ptp(x) == 0]
        if same:
            raise DataError(what, f"the same value in every row: {listed(same)}", "Leave these columns out.")
        return
    if len(targets.names) < 2:
        raise DataError(what, f"one class only, {targets.names[0]!r}", "Training needs at least two classes.")
    song = np.array(songs(manifest))
    single = [k for k in range(len(targets.names)) if len(set(song[targets.index == k])) < 2]
    if single:
        rows = [manifest.where(int(np.flatnonzero(targets.index == k)[0])) for k in single]
        found = listed(f"{targets.names[k]!r}, {row}" for k, row in zip(single, rows, strict=True))
        raise DataError(what, f"classes of one song: {found}",
                        "Such a class cannot be both learned and tested: add songs or delete its rows.")  # fmt: skip


def _exclusive(columns: list[str], cells: list[list[str]]) -> Targets:
    if len(columns) > 1:
        raise DataError(f"target {','.join(columns)}", "exclusive classes come from one column",
                        "Give one column, or leave --kind out.")  # fmt: skip
    names, index = np.unique(cells[0], return_inverse=True)
    return Targets("exclusive", tuple(str(n) for n in names), np.eye(len(names), dtype=np.float32)[index], index)


def _numeric(columns: list[str], values: np.ndarray, kind: Kind | None) -> Targets:
    share = values.min() >= 0 and values.max() <= 1
    if kind == "independent" and not share:
        raise DataError(f"target {','.join(columns)}", f"values from {values.min():g} to {values.max():g}",
                        "Independent targets lie within 0..1; use --kind value for a scale of their own.")  # fmt: skip
    kind = kind or ("independent" if share else "value")
    return Targets(kind, tuple(columns), values, np.zeros(0, np.int64))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _refuse_rows(manifest: Manifest, column: str, bad: list[bool], problem: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        found = listed(manifest.where(int(i)) for i in rows)
        raise DataError(f"target {column!r}", f"{problem} in {len(rows)} of {len(manifest)} rows: {found}",
                        "Fill these cells in or delete the rows.")  # fmt: skip
