"""Files that the catalogue knows, opened: for answers, and for jobs, whose processes load no web framework."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from earmark.errors import EarmarkError, NotFound
from earmark.library import FileState

GONE = "Scan its folder again."


def open_known(file: FileState, roots: list[str]) -> BinaryIO:
    """A file that the catalogue knows, opened.

    It is the file that was scanned, by size and time, or it was changed since and lies in a folder that was scanned:
    a link that was put in its place must not lead elsewhere.

    Raises
    ------
    NotFound : it is not there, no file, or leads out of the folders
    """
    path = file.path
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise NotFound(path, f"cannot be opened ({error.strerror})", GONE) from error
    status = os.fstat(descriptor)
    same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
    if stat.S_ISREG(status.st_mode) and (same or _lies_in(path, roots)):
        return open(descriptor, "rb", buffering=0)  # closed with the answer, or when nobody holds it any more
    os.close(descriptor)
    raise NotFound(path, "no longer the file that was scanned", GONE)


def _lies_in(path: str, roots: list[str]) -> bool:
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(os.path.realpath(root)) for root in roots)


def open_first(files: Iterable[FileState], roots: list[str]) -> tuple[str, BinaryIO]:
    """Path and content of the first of a track's files that can be opened; raises what the last one raised."""
    refusal: EarmarkError = NotFound("track", "no file leads to it", GONE)
    for file in files:
        try:
            return file.path, open_known(file, roots)
        except NotFound as error:
            refusal = error
    raise refusal
