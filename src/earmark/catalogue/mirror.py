"""What only the user knows, kept a second time as JSON Lines beside the tables: it survives the loss of any table.

A mirror is written whole after each change of its table, and again by every tidy. While both are whole, the table
counts.
"""

import json

from earmark.catalogue.jsonl import read_lines, write_lines
from earmark.catalogue.migrations import version_of
from earmark.catalogue.place import Place
from earmark.catalogue.schema import CORRECTIONS, DOCUMENTS
from earmark.catalogue.tables import Table
from earmark.catalogue.where import Where, place_of
from earmark.errors import EarmarkError

MIRRORED = {"corrections": ("key", CORRECTIONS), "documents": ("key", DOCUMENTS)}
"""Table -> its key column and its columns; its mirror is ``TABLE.jsonl``."""
NOTES = "notes.jsonl"  # what is noted about the tables: version of the format, model


def mirror_path(folder: Where, name: str) -> Place:
    """Where the mirror of a table lies."""
    return place_of(folder) / f"{name}.jsonl"


def write_mirror(table: Table, name: str) -> None:
    """Bring the mirror of a table up to date.

    Another process may write table and mirror meanwhile; whoever comes last has seen the newest version.
    """
    key, written = MIRRORED[name][0], None
    while written != table.version:
        written = table.version
        rows = sorted(table.read().to_pylist(), key=lambda row: row[key])
        path = mirror_path(table.path.parent, name)
        if rows != read_lines(path):
            write_lines(path, rows)
        table.refresh()


def read_mirror(folder: Where, name: str) -> dict[str, dict]:
    """Key -> row of a mirrored table; lines that lack a column are passed over."""
    key, schema = MIRRORED[name]
    rows = [row for row in read_lines(mirror_path(folder, name)) if all(row.get(column) for column in schema.names)]
    return {row[key]: {column: row[column] for column in schema.names} for row in rows}


def notes_fault(table: Table) -> str | None:
    """What is wrong with the notes of the table of files; None where nothing is."""
    notes = table.metadata
    try:
        version_of(table)
        readable = isinstance(json.loads(notes.get("model", '{"tagset": {}}'))["tagset"], dict)
        readable = readable and isinstance(json.loads(notes.get("roots", "[]")), list)
    except (EarmarkError, ValueError, KeyError, TypeError) as error:
        return f"its notes cannot be read ({type(error).__name__}: {error})"
    return None if readable else "its notes cannot be read"


def write_notes(table: Table) -> None:
    """Keep what is noted about the table of files a second time, where it can be read."""
    if notes_fault(table):
        return
    path, rows = table.path.parent / NOTES, [{"key": k, "value": v} for k, v in sorted(table.metadata.items())]
    if rows != read_lines(path):
        write_lines(path, rows)


def read_notes(folder: Where) -> dict[str, str]:
    """What was noted about the table of files."""
    rows = read_lines(place_of(folder) / NOTES)
    return {row["key"]: row["value"] for row in rows if isinstance(row.get("key"), str) and row.get("value")}
