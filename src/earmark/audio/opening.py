"""The one place where files of sound are opened: those of this machine as ever, others in parts from where they lie."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from earmark.audio.addresses import is_address


def open_file(path: str | os.PathLike) -> BinaryIO:
    """A file for reading. Raises OSError, for an address Unreachable."""
    if not is_address(path):
        return open(path, "rb")
    from earmark.audio.remote.cached import open_remote

    return open_remote(os.fspath(path))


def size_of(file: BinaryIO) -> int:
    """Bytes of an open file, whose place stays as it is."""
    if (size := getattr(file, "size", None)) is not None:
        return size
    return os.fstat(file.fileno()).st_size


def file_size(path: str | os.PathLike) -> int:
    """Bytes of a file. Raises OSError, for an address Unreachable."""
    if not is_address(path):
        return os.path.getsize(path)
    with open_file(path) as file:
        return size_of(file)


@contextmanager
def held(path: str | os.PathLike) -> Iterator[None]:
    """While the block runs, what was read of an address is kept in memory, so that nothing is fetched twice.

    A part that could not be fetched fails the block, even where a decoder took it for the end of the file.
    Raises Unreachable.
    """
    if not is_address(path):
        yield
        return
    from earmark.audio.remote.cached import holding

    with holding(os.fspath(path)):
        yield
