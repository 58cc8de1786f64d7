"""All tracks that fit as a file, for spreadsheets and other programs, each with the model that heard it."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from earmark import __version__
from earmark.catalogue.filters import Filter
from earmark.catalogue.store import Store
from earmark.errors import ConfigError, FileError, MissingPackage
from earmark.files import whole_file
from earmark.interop.chosen import chosen
from earmark.interop.jams import to_jams
from earmark.interop.spreadsheet import cell
from earmark.interop.xmltext import xml_text
from earmark.progress import Progress, silent


def export(
    store: Store, path: str | os.PathLike, form: str, where: Filter | None = None, progress: Progress = silent
) -> int:
    """Write all tracks that fit; returns how many.

    Parameters
    ----------
    form : ``csv``, ``parquet`` and ``xlsx`` have a column for every field and for the versions of earmark and the
        model; in csv and xlsx lists are joined by ``; ``, and texts that a spreadsheet would run as a formula get an
        apostrophe. ``jsonl`` has the object of ``show --json`` a line. ``jams`` makes a folder of files,
        ``<track_id>.jams``

    Raises
    ------
    ConfigError : no such format
    FileError : the place cannot be written to
    MissingPackage : openpyxl, for xlsx, is not installed
    """
    if form not in FORMS:
        raise ConfigError(form, "no format of an export", f"There are: {', '.join(FORMS)}.")
    try:
        return FORMS[form](store, Path(path), where, progress)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error


def table_of(store: Store, where: Filter | None = None) -> pa.Table:
    """A row a track: its fields, then ``model``, ``model_version`` and ``earmark``."""
    table, model = store.table(where), store.model()
    told = {"model": model.id if model else None, "model_version": model.version if model else None}
    for name, value in (told | {"earmark": __version__}).items():
        table = table.append_column(name, pa.array([value] * len(table), pa.string()))
    return table


def _write_parquet(store: Store, path: Path, where: Filter | None, progress: Progress) -> int:
    import pyarrow.parquet

    table = table_of(store, where)
    with whole_file(path) as draft:
        pyarrow.parquet.write_table(table, draft)
    return len(table)


def _write_csv(store: Store, path: Path, where: Filter | None, progress: Progress) -> int:
    import pyarrow.csv

    table = table_of(store, where)
    safe = pa.table({name: _cells(table[name]) for name in table.column_names})
    with whole_file(path) as draft:
        pyarrow.csv.write_csv(safe, draft)
    return len(table)


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_list(column.type) or pa.types.is_string(column.type):
        return pa.array([None if value is None else cell(value) for value in column.to_pylist()], pa.string())
    return column


def _write_xlsx(store: Store, path: Path, where: Filter | None, progress: Progress) -> int:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingPackage("openpyxl", "is not installed", "Run `pip install earmark[xlsx]`.") from None
    table, book = table_of(store, where), Workbook(write_only=True)
    sheet = book.create_sheet("tracks")
    sheet.append(table.column_names)
    for row in table.to_pylist():
        sheet.append([_office(cell(value)) for value in row.values()])
    with whole_file(path) as draft:
        book.save(draft)
    return len(table)


def _office(value: object) -> object:
    """A time without its zone, which is UTC, and a text that XML can hold."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return xml_text(value) if isinstance(value, str) else value


def _write_jsonl(store: Store, path: Path, where: Filter | None, progress: Progress) -> int:
    n = 0
    with whole_file(path) as draft, open(draft, "w", encoding="utf-8") as file:
        for values in _counted(store, where, progress, lambda track: track.to_dict()):
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
            n += 1
    return n


def _write_jams(store: Store, path: Path, where: Filter | None, progress: Progress) -> int:
    path.mkdir(parents=True, exist_ok=True)
    n = 0
    for values in _counted(store, where, progress, to_jams):
        with whole_file(path / f"{values['file_metadata']['identifiers']['earmark']}.jams") as draft:
            draft.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        n += 1
    return n


def _counted(store: Store, where: Filter | None, progress: Progress, make: Callable) -> Iterator[dict]:
    total = len(store)
    for i, track in enumerate(chosen(store, where=where)):
        progress("writing", i, total)
        yield make(track)


FORMS: dict[str, Callable[[Store, Path, Filter | None, Progress], int]] = {
    "csv": _write_csv, "jsonl": _write_jsonl, "parquet": _write_parquet, "xlsx": _write_xlsx, "jams": _write_jams,
}  # fmt: skip
"""Format -> what writes it."""
