"""Folders -> the sound files in them, by name and by content, each once, without following link loops."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from earmark.audio.decode import is_audio
from earmark.audio.earprint import EARPRINT_SUFFIX
from earmark.errors import FileError

SUFFIXES = frozenset(
    (
        ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".aac", ".wav", ".wave", ".w64", ".aif", ".aiff",
        ".aifc", ".wma", ".mka", ".weba", ".ape", ".wv", ".tta", ".mpc", ".caf", ".au", ".ac3", ".amr", ".dsf",
        EARPRINT_SUFFIX,
    )
)  # fmt: skip
IGNORED_PREFIX = "._"  # the companions that macOS leaves beside files on foreign disks


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was found but cannot be read: where, what is wrong, and what to do, as in `EarmarkError`."""

    path: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SoundFile:
    """One sound file, and what tells whether it has changed.

    Attributes
    ----------
    path : absolute
    size : bytes
    mtime_ns : time of its last change, nanoseconds since 1970
    """

    path: str
    size: int
    mtime_ns: int


def find_sound_files(
    folders: list[str | os.PathLike], skip: Path, on_problem: Callable[[Problem], None]
) -> list[SoundFile]:
    """All sound files in `folders` (files may be named too), sorted by path.

    Parameters
    ----------
    skip : a folder that is not entered: the catalogue itself
    on_problem : called for folders and links that cannot be read; the search goes on

    Raises
    ------
    FileError : one of `folders` does not exist
    """
    found: dict[str, SoundFile] = {}
    for folder in folders:
        folder = os.path.abspath(folder)
        if not os.path.exists(folder):
            raise FileError(folder, "no such folder", "Check the path.")
        candidates = _walk(folder, skip, on_problem) if os.path.isdir(folder) else [folder]
        for path in candidates:
            entry = _look_at(path, folder == path, on_problem)
            if entry:
                found[path] = entry
    return [found[path] for path in sorted(found)]


def _walk(folder: str, skip: Path, on_problem: Callable[[Problem], None]) -> Iterator[str]:
    """Every file below `folder`; a folder that was entered before, by whatever link, is not entered again."""
    seen = {_identity(folder)}
    skipped = os.path.abspath(skip)

    def unreadable(error: OSError) -> None:
        what = f"folder not readable ({error.strerror})"
        on_problem(Problem(os.fspath(error.filename), what, "Change its permissions."))

    for parent, names, files in os.walk(folder, followlinks=True, onerror=unreadable):
        below = [name for name in sorted(names) if os.path.join(parent, name) != skipped]
        names[:] = []
        for name in below:
            identity = _identity(os.path.join(parent, name))
            if identity not in seen:
                seen.add(identity)
                names.append(name)
        yield from (os.path.join(parent, name) for name in files if not name.startswith(IGNORED_PREFIX))


def _identity(folder: str) -> tuple[int, int] | str:
    try:
        status = os.stat(folder)
    except OSError:
        return folder
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(folder)


def _look_at(path: str, named: bool, on_problem: Callable[[Problem], None]) -> SoundFile | None:
    """The file if it is sound by its name or by its first bytes; one that the user `named` is taken as it is."""
    by_name = named or os.path.splitext(path)[1].lower() in SUFFIXES
    try:
        status = os.stat(path)
    except OSError as error:
        if by_name:
            on_problem(Problem(path, f"cannot be read ({error.strerror})", "Mend or remove the link."))
        return None
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        if by_name:
            on_problem(Problem(path, "not a regular file", "Remove it, or scan another folder."))
        return None
    if by_name or is_audio(Path(path)):
        return SoundFile(path, status.st_size, status.st_mtime_ns)
    return None
