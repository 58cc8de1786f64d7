"""What files of playlists hold: M3U and M3U8, XSPF, JSPF, CSV, and the XML that rekordbox exports.

Sources of the formats: Winamp's M3U (a location a line, # comments, ``#EXTINF:seconds,Artist - Title``); XSPF version 1
and JSPF, xspf.org/spec; "rekordbox XML format list" by AlphaTheta, version 1.0.0. Nothing is fetched and no entity of
XML is followed.
"""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from earmark.errors import FileError

LARGEST = 64 * 2**20  # bytes of a playlist; a collection of 100,000 tracks takes 50 MB
TOLERANCE = 3.0  # seconds by which two programs may tell the length of one file
XSPF = "{http://xspf.org/ns/0/}"
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
REMEDY = "Save it again as M3U8, XSPF, JSPF, CSV or rekordbox XML."


@dataclass(frozen=True)
class PlaylistEntry:
    """One track of a playlist.

    Attributes
    ----------
    location : an absolute path, or an http(s) address; "" where there is none
    title, artist : as the playlist has them, "" where it has none; a line that can be no path is a title
    duration : seconds; None where it has none
    track_id : of a track of a catalogue, where earmark wrote the playlist
    """

    location: str
    title: str = ""
    artist: str = ""
    duration: float | None = None
    track_id: str = ""


def read_playlist(path: str | os.PathLike) -> list[PlaylistEntry]:
    """The entries of one playlist, in order; relative locations are resolved against the playlist's folder.

    A rekordbox file holds many lists: they follow one another, each track once; its whole collection where it has none.

    Raises FileError where the file cannot be read as the kind that its suffix tells.
    """
    path = Path(path)
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise FileError(path, f"no playlist that is read ({', '.join(READERS)})", REMEDY)
    try:
        entries = list(read(_content(path)))
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror or error})", REMEDY) from error
    except (ElementTree.ParseError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise FileError(path, f"not a readable playlist ({error})", REMEDY) from error
    return [_resolved(entry, path.absolute().parent) for entry in entries if entry.location or entry.title]


def lengths_agree(seconds: float, told: float | None) -> bool:
    """Whether a list or another program may mean a file of this length; a length that is not told agrees with all."""
    return told is None or abs(seconds - told) <= TOLERANCE


def is_address(location: str) -> bool:
    """Whether a location is an address of the web rather than a file."""
    return urlsplit(location).scheme in ("http", "https")


def _content(path: Path) -> bytes:
    with open(path, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 2**20} MB")
    return data


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # M3U without the 8 is Latin-1 by custom
        return data.decode("latin-1")


def _of_m3u(data: bytes) -> Iterator[PlaylistEntry]:
    facts: tuple = ()
    for line in (line.strip() for line in _text(data).splitlines()):
        if line.startswith("#EXTINF:"):
            facts = _extinf(line.removeprefix("#EXTINF:"))
        elif line and not line.startswith("#"):
            yield PlaylistEntry(line, *facts)
            facts = ()


def _extinf(text: str) -> tuple[str, str, float | None]:
    """Title, artist and duration of ``215,Artist - Title``; a text without the dash is a title."""
    length, _, name = text.partition(",")
    artist, dash, title = name.partition(" - ")
    names = (title.strip(), artist.strip()) if dash else (name.strip(), "")
    return *names, _seconds(length.split(" ")[0], 1)


def _of_xspf(data: bytes) -> Iterator[PlaylistEntry]:
    for track in _tree(data).iterfind(f"{XSPF}trackList/{XSPF}track"):
        names = ((track.findtext(XSPF + tag) or "").strip() for tag in ("location", "title", "creator"))
        yield PlaylistEntry(*names, _seconds(track.findtext(f"{XSPF}duration"), 1000))


def _of_jspf(data: bytes) -> Iterator[PlaylistEntry]:
    for track in json.loads(data)["playlist"]["track"]:
        location = track.get("location") or ""
        location = location if isinstance(location, str) else location[0]
        duration = _seconds(track.get("duration"), 1000)
        yield PlaylistEntry(str(location), str(track.get("title") or ""), str(track.get("creator") or ""), duration)


def _of_csv(data: bytes) -> Iterator[PlaylistEntry]:
    rows = csv.DictReader(io.StringIO(_text(data), newline=""))
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    place = next((columns[name] for name in ("path", "location", "file") if name in columns), None)
    if place is None and not {"track_id", "title"} & columns.keys():
        raise ValueError("it has no column path, track_id or title")
    for row in rows:
        known = {name: (row.get(column) or "").strip() for name, column in columns.items()}
        location = (row[place] or "").strip() if place else ""
        yield PlaylistEntry(
            location, known.get("title", ""), known.get("artist", ""), _seconds(known.get("duration"), 1),
            known.get("track_id", ""),
        )  # fmt: skip


def _of_rekordbox(data: bytes) -> Iterator[PlaylistEntry]:
    root = _tree(data)
    known = {track.get("TrackID"): track for track in root.iterfind("COLLECTION/TRACK")}
    by_place = {track.get("Location"): track for track in known.values()}
    keys = [key.get("Key") for key in root.iterfind("PLAYLISTS//TRACK")]
    listed = [known.get(key, by_place.get(key)) for key in dict.fromkeys(keys)] if keys else known.values()
    for track in listed:
        if track is not None:
            names = (track.get(name, "") for name in ("Location", "Name", "Artist"))
            yield PlaylistEntry(*names, _seconds(track.get("TotalTime"), 1))


def _tree(data: bytes) -> ElementTree.Element:
    if DECLARES.search(data):
        raise ValueError("it declares entities of its own")
    return ElementTree.fromstring(data)


def _seconds(value: object, per_second: int) -> float | None:
    """A length that a file tells; None for 0, -1 and what is no number, which mean that it is not known."""
    try:
        seconds = float(str(value)) / per_second
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None


def _resolved(entry: PlaylistEntry, folder: Path) -> PlaylistEntry:
    """With an absolute path; a location that can be none, such as a line of a list by hand, is a title."""
    named = replace(entry, location="", title=entry.title or entry.location)
    if not re.search(r"[/\\]|\.\w+$", entry.location) and not (folder / entry.location).is_file():
        return named
    return replace(entry, location=_path(entry.location, folder))


def _path(location: str, folder: Path) -> str:
    if is_address(location):
        return location
    if location.startswith("file:"):
        found = unquote(urlsplit(location).path, errors="surrogateescape")
        return found[1:] if re.match(r"/[A-Za-z]:[/\\]", found) else found
    if not (folder / location).exists() and "%" in location:
        location = unquote(location)
    return location if re.match(r"[A-Za-z]:[/\\]", location) else os.path.normpath(folder / location)


READERS: dict[str, Callable[[bytes], Iterator[PlaylistEntry]]] = {
    ".m3u8": _of_m3u, ".m3u": _of_m3u, ".txt": _of_m3u, ".xspf": _of_xspf, ".jspf": _of_jspf, ".csv": _of_csv,
    ".xml": _of_rekordbox,
}  # fmt: skip
"""Suffix -> what reads it."""
