"""Playlist files: a folder of M3U, M3U8 or XSPF files, one playlist a class, named after it.

    lists/jazz.m3u, lists/rock.xspf  ->  column `label`: jazz, rock

Citation, version: none, these are the user's own files. Licence: unknown, "" in the manifest.
Source of the formats: Winamp's M3U (one location a line, # comments, ``#EXTINF:seconds,Artist - Title``);
XSPF version 1, xspf.org/spec.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from earmark.data.manifest import Manifest
from earmark.errors import DataError

SUFFIXES = (".m3u", ".m3u8", ".xspf")
XSPF = "{http://xspf.org/ns/0/}"


@dataclass(frozen=True)
class PlaylistEntry:
    """One track of a playlist.

    Attributes
    ----------
    location : a path, or an http(s) address
    title, artist : as the playlist has them, "" where it has none
    """

    location: str
    title: str = ""
    artist: str = ""


def load(folder: str | Path) -> Manifest:
    """Read a folder of playlists into a manifest with ``path``, ``label``, ``artist`` and ``title``.

    Raises DataError for a playlist that cannot be read and for entries that are addresses, not files.
    """
    folder = Path(folder).resolve()
    rows = []
    for playlist in playlist_files(folder):
        for entry in read_playlist(playlist):
            if is_address(entry.location):
                raise DataError(playlist, f"{entry.location} is not a local file",
                                "Fetch excerpts first with `earmark collect`.")  # fmt: skip
            path = folder / entry.location
            rows.append({"path": str(path), "label": playlist.stem, "artist": entry.artist, "title": entry.title})
    if not rows:
        raise DataError(folder, "no tracks in its playlists", "Add one M3U or XSPF file a class.")
    return Manifest(folder, folder.name, rows)


def playlist_files(folder: Path) -> list[Path]:
    """The playlists that lie directly in `folder`, sorted."""
    return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)


def read_playlist(path: str | Path) -> list[PlaylistEntry]:
    """The entries of one playlist, in order; relative locations are resolved against the playlist's folder.

    Raises DataError where the file cannot be read as M3U or XSPF.
    """
    path = Path(path)
    try:
        entries = _read_xspf(path) if path.suffix.lower() == ".xspf" else _read_m3u(path)
    except (OSError, ElementTree.ParseError) as error:
        raise DataError(path, f"not a readable playlist ({error})", "Save it again as M3U8 or XSPF.") from error
    return [PlaylistEntry(_resolve(entry.location, path.parent), entry.title, entry.artist) for entry in entries]


def is_address(location: str) -> bool:
    """Whether a location is an address of the web rather than a file."""
    return urlsplit(location).scheme in ("http", "https")


def _read_m3u(path: Path) -> list[PlaylistEntry]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:  # M3U without the 8 is Latin-1 by custom
        text = data.decode("latin-1")
    entries, artist, title = [], "", ""
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("#EXTINF:"):
            artist, title = _names(line.partition(",")[2])
        elif line and not line.startswith("#"):
            entries.append(PlaylistEntry(line, title, artist))
            artist, title = "", ""
    return entries


def _names(text: str) -> tuple[str, str]:
    """Artist and title of ``Artist - Title``; a text without the dash is a title."""
    artist, dash, title = text.partition(" - ")
    return (artist.strip(), title.strip()) if dash else ("", text.strip())


def _read_xspf(path: Path) -> list[PlaylistEntry]:
    tracks = ElementTree.parse(path).getroot().iterfind(f"{XSPF}trackList/{XSPF}track")
    entries = [
        PlaylistEntry(*((track.findtext(XSPF + tag) or "").strip() for tag in ("location", "title", "creator")))
        for track in tracks
    ]
    return [entry for entry in entries if entry.location]


def _resolve(location: str, folder: Path) -> str:
    if is_address(location):
        return location
    if location.startswith("file:"):
        location = unquote(urlsplit(location).path)
    elif not (folder / location).exists() and "%" in location:
        location = unquote(location)
    return str((folder / location).absolute())
