"""What to collect: playlists (one a class) and CSV lists become `Wanted` tracks."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from earmark.data.sets.playlists import SUFFIXES, is_address, playlist_files, read_playlist
from earmark.errors import DataError


@dataclass(frozen=True)
class Wanted:
    """One track to take an excerpt of.

    Attributes
    ----------
    location : a local file, or an http(s) address of sound
    label : its class
    source : what names it for good, e.g. ``jamendo:1532771``; the location where nothing better is known
    page : where people see the track, "" where unknown
    """

    location: str
    label: str
    source: str
    title: str = ""
    artist: str = ""
    licence: str = ""
    page: str = ""


def wanted_from(path: str | Path) -> Iterator[Wanted]:
    """Tracks of a playlist (its name is the label), of a CSV list, or of all playlists in a folder.

    A CSV has the columns ``location`` (or ``path`` or ``url``) and ``label`` (or ``genre``); ``title``, ``artist``,
    ``licence`` and ``page`` are optional. Relative paths are resolved against the file's folder.

    Raises DataError for what is none of these.
    """
    path = Path(path)
    if path.is_dir():
        found = playlist_files(path)
        if not found:
            raise DataError(path, "no playlists in it", f"Put one {' or '.join(SUFFIXES)} file a class there.")
        for playlist in found:
            yield from wanted_from(playlist)
    elif path.suffix.lower() in SUFFIXES:
        for entry in read_playlist(path):
            yield Wanted(entry.location, path.stem, entry.location, entry.title, entry.artist)
    elif path.suffix.lower() == ".csv" and path.is_file():
        yield from _from_csv(path)
    else:
        raise DataError(path, "not a playlist, a CSV list or a folder of playlists", "Give M3U, M3U8, XSPF or CSV.")


def _from_csv(path: Path) -> Iterator[Wanted]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0]) if rows else []
    where = next((name for name in ("location", "path", "url") if name in columns), None)
    label = next((name for name in ("label", "genre") if name in columns), None)
    if where is None or label is None:
        raise DataError(path, f"no columns location and label among {', '.join(columns) or 'none'}", "Add them.")
    for number, row in enumerate(rows, start=2):
        if not row[where] or not row[label]:
            raise DataError(path, f"row {number} has no {where if not row[where] else label}", "Fill it in.")
        location = row[where] if is_address(row[where]) else str((path.parent / row[where]).absolute())
        optional = {name: row.get(name) or "" for name in ("title", "artist", "licence", "page")}
        yield Wanted(location, row[label], location, **optional)
