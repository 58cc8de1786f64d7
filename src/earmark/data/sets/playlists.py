"""Playlist files: a folder of M3U, M3U8, XSPF or JSPF files, one playlist a class, named after it.

    lists/jazz.m3u, lists/rock.xspf  ->  column `label`: jazz, rock

Citation, version: none, these are the user's own files. Licence: unknown, "" in the manifest.
Source of the formats: see `earmark.playlists`.
"""

from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError, FileError
from earmark.playlists import PlaylistEntry, is_address
from earmark.playlists import read_playlist as read

SUFFIXES = (".m3u", ".m3u8", ".xspf", ".jspf")


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
        raise DataError(folder, "no tracks in its playlists", "Add one M3U8 or XSPF file a class.")
    return Manifest(folder, folder.name, rows)


def playlist_files(folder: Path) -> list[Path]:
    """The playlists that lie directly in `folder`, sorted."""
    return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)


def read_playlist(path: str | Path) -> list[PlaylistEntry]:
    """As `earmark.playlists.read_playlist`, without entries that name no place; raises DataError."""
    try:
        return [entry for entry in read(path) if entry.location]
    except FileError as error:
        raise DataError(path, error.problem, error.remedy) from error
