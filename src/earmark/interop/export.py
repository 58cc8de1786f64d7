"""All tracks that fit as a file, for spreadsheets and other programs, each with the model that heard it."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
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
    store: Store,
    path: str | os.PathLike,
    form: str,
    where: Filter | None = None,
    progress: Progress = silent,
    fields: Sequence[str] = (),
) -> int:
    """Write all tracks that fit; returns how many.

    Parameters
    ----------
    form : ``csv``, ``parquet`` and ``xlsx`` have a column for every field and for the versions of earmark and the
        model; in csv and xlsx lists are joined by ``; ``, and texts that a spreadsheet would run as a formula get an
        apostrophe. ``jsonl`` has the object of ``show --json`` a line. ``jams`` makes a folder of files,
        ``<track_id>.jams``
    fields : columns, in this order, beside the id and the versions; all of them by default

    Raises
    ------
    ConfigError : no such format, or fields in one that has no columns
    QueryError : no such field
    FileError : the place cannot be written to
    MissingPackage : openpyxl, for xlsx, is not installed
    """
    if form not in FORMS:
        raise ConfigError(form, "no format of an export", f"There are: {', '.join(FORMS)}.")
    if fields and form not in TABLES:
        raise ConfigError(
            form, "has no columns to choose", f"Take one of {', '.join(TABLES)}, or leave the fields out."
        )
    try:
        if form in TABLES:
            return TABLES[form](table_of(store, where, fields), Path(path))
        return OBJECTS[form](store, Path(path), where, progress)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error


def table_of(store: Store, where: Filter | None = None, fields: Sequence[str] = ()) -> pa.Table:
    """A row a track: its fields, or its id and these, then ``model``, ``model_version`` and ``earmark``."""
    names = list(dict.fromkeys(["track_id", *fields]))
    table, model = store.columns(names, where) if fields else store.table(where), store.model()
    told = {"model": model.id if model else None, "model_version": model.version if model else None}
    for name, value in (told | {"earmark": __version__}).items():
        table = table.append_column(name, pa.array([value] * len(table), pa.string()))
    return table


def _write_parquet(table: pa.Table, path: Path) -> int:
    import pyarrow.parquet

    with whole_file(path) as draft:
        pyarrow.parquet.write_table(table, draft)
    return len(table)


def _write_csv(table: pa.Table, path: Path) -> int:
    import pyarrow.csv

    safe = pa.table({name: _cells(table[name]) for name in table.column_names})
    with whole_file(path) as draft:
        pyarrow.csv.write_csv(safe, draft)
    return len(table)


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_list(column.type) or pa.types.is_string(column.type):
        return pa.array([None if value is None else cell(value) for value in column.to_pylist()], pa.string())
    return column


def _write_xlsx(table: pa.Table, path: Path) -> int:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingPackage("openpyxl", "is not installed", "Run `pip install earmark[xlsx]`.") from None
    book = Workbook(write_only=True)
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


TABLES: dict[str, Callable[[pa.Table, Path], int]] = {
    "csv": _write_csv, "parquet": _write_parquet, "xlsx": _write_xlsx,
}  # fmt: skip
"""Format of a row a track -> what writes it."""
OBJECTS: dict[str, Callable[[Store, Path, Filter | None, Progress], int]] = {
    "jsonl": _write_jsonl, "jams": _write_jams,
}  # fmt: skip
"""Format of an object a track -> what writes it."""
FORMS = ("csv", "jsonl", "parquet", "xlsx", "jams")
