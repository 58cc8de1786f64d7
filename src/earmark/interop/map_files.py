"""The map of a collection as files: an Arrow table for programs, a page for people."""

import json
import os
from collections.abc import Callable, Container
from pathlib import Path

import pyarrow as pa
import pyarrow.feather

from earmark import __version__
from earmark.catalogue.map import Map
from earmark.errors import ConfigError, FileError
from earmark.files import whole_file
from earmark.interop.map_page import map_page

FIELDS = ("title", "artist", "album", "genre", "tags", "own_tags", "duration")
SUFFIXES = {".html": "html", ".htm": "html", ".arrow": "arrow", ".feather": "arrow"}


def export_map(found: Map, columns: pa.Table, path: str | os.PathLike, form: str | None = None) -> int:
    """Write a map; returns how many tracks.

    Parameters
    ----------
    columns : those of `columns_for`, of all tracks
    form : ``html``, a page that needs nothing else; ``arrow``, an Arrow file (Feather) with ``track_id``, ``x``, ``y``
        and fields of the tracks, and the rest of the map as JSON under ``earmark`` in its metadata. By default that of
        the suffix

    Raises
    ------
    ConfigError : no such format
    FileError : the place cannot be written to
    """
    path = Path(path)
    kind = form or SUFFIXES.get(path.suffix.lower(), path.suffix)
    if kind not in FORMS:
        raise ConfigError(kind or "''", "no format of a map", f"There are: {', '.join(FORMS)}.")
    try:
        with whole_file(path) as draft:
            FORMS[kind](draft, found, map_table(columns, found))
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error
    return len(found)


def columns_for(known: Container[str]) -> list[str]:
    """The columns that `export_map` takes, of those that a catalogue has."""
    return ["track_id", *(name for name in FIELDS if name in known)]


def map_table(fields: pa.Table, found: Map) -> pa.Table:
    """A row a track of the map, in its order: ``track_id``, ``x``, ``y``, and the other fields."""
    places = pa.table({"track_id": found.ids, "x": found.xy[:, 0], "y": found.xy[:, 1]})
    row = {track_id: k for k, track_id in enumerate(fields["track_id"].to_pylist())}
    order = pa.array([row.get(track_id) for track_id in found.ids], pa.int64())
    for name in fields.column_names[1:]:
        places = places.append_column(name, fields[name].take(order))
    return places.replace_schema_metadata({"earmark": json.dumps(found.to_dict() | {"earmark": __version__})})


def _write_arrow(path: Path, found: Map, table: pa.Table) -> None:
    pyarrow.feather.write_feather(table, path, compression="zstd")


def _write_html(path: Path, found: Map, table: pa.Table) -> None:
    path.write_text(map_page(found, table), encoding="utf-8")


FORMS: dict[str, Callable[[Path, Map, pa.Table], None]] = {"html": _write_html, "arrow": _write_arrow}
"""Format -> what writes it."""
