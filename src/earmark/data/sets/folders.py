"""Labelled folders: one folder a class, the audio anywhere below it.

    music/jazz/a.mp3, music/jazz/live/b.flac, music/rock/c.ogg  ->  genre column `label`: jazz, jazz, rock

Citation, version: none, these are the user's own files. Licence: unknown, "" in the manifest.
"""

from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError

AUDIO_SUFFIXES = frozenset(
    {".mp3", ".flac", ".wav", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".aif", ".aiff", ".wma", ".ape", ".wv"}
    | {".mpc", ".au", ".webm", ".mka"}
)


def load(folder: str | Path) -> Manifest:
    """Read a folder of class folders into a manifest with the columns ``path`` and ``label``.

    Hidden files and folders are passed over. Raises DataError where there is no class folder with audio in it.
    """
    folder = Path(folder)
    rows = []
    for label in sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name[0] != "."):
        for path in audio_files(folder / label):
            rows.append({"path": path.relative_to(folder).as_posix(), "label": label})
    if not rows:
        raise DataError(folder, "no tracks.csv, no playlists and no audio in folders of it",
                        "Put each class's files into a folder named after the class.")  # fmt: skip
    return Manifest(folder.resolve(), folder.resolve().name, rows)


def audio_files(folder: Path) -> list[Path]:
    """Files below `folder` with the suffix of an audio format, sorted, hidden ones passed over."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES and path.is_file())
    return sorted(path for path in found if not any(part[0] == "." for part in path.relative_to(folder).parts))
