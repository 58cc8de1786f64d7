"""A CSV file or a folder -> a manifest, and back."""

import csv
import os
from pathlib import Path

from earmark.data.manifest import Manifest, abbreviate
from earmark.data.sets import folders, playlists
from earmark.errors import DataError
from earmark.files import whole_file


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
        manifest = _read_csv(path)
    else:
        raise DataError(path, "no such file or folder", "Give a manifest CSV or a folder of class folders.")
    if must_exist:
        _check_files(manifest)
    return manifest


def _read_folder(folder: Path) -> Manifest:
    if (folder / "tracks.csv").is_file():
        return _read_csv(folder / "tracks.csv")
    if playlists.playlist_files(folder):
        return playlists.load(folder)
    return folders.load(folder)


def _read_csv(path: Path) -> Manifest:
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
    return Manifest(path.resolve().parent, _set_name(path), rows)


def write_manifest(manifest: Manifest, path: str | Path) -> None:
    """Write the manifest as CSV, whole or not at all; `read_manifest` reads it back.

    Paths are relative to the file's folder where they are below it, and absolute elsewhere.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    base = path.resolve().parent
    with whole_file(path) as draft, open(draft, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, manifest.columns)
        writer.writeheader()
        for row, full in zip(manifest.rows, manifest.paths(), strict=True):
            writer.writerow({**row, "path": _relative(full, base)})


def _check_files(manifest: Manifest) -> None:
    """Raise DataError that names the rows whose file does not exist."""
    missing = [i for i, path in enumerate(manifest.paths()) if not path.is_file()]
    if missing:
        raise DataError(
            manifest.name,
            f"{len(missing)} of {len(manifest)} files are missing: {abbreviate(manifest.where(i) for i in missing)}",
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


def _set_name(path: Path) -> str:
    return path.resolve().parent.name if path.name == "tracks.csv" else path.stem


def _relative(path: Path, base: Path) -> str:
    full = Path(os.path.abspath(path))
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else str(full)
