"""The tags of MP4 files (m4a, m4b): moov > udta > meta > ilst. Source: ISO 14496-12, and Apple's QuickTime metadata."""

import io
import itertools
import struct
from collections.abc import Iterator
from typing import BinaryIO

from earmark.audio.filetags.bounds import MAX_ITEMS, MAX_VALUES, Fields, read_value
from earmark.audio.filetags.genres import genre_name

ATOMS = {b"\xa9nam": "title", b"\xa9ART": "artist", b"\xa9alb": "album", b"\xa9day": "date", b"\xa9gen": "genre"}
GENRE_NUMBER = b"gnre"  # counts from 1
ENCODINGS = {0: "utf-8", 1: "utf-8", 2: "utf-16-be"}  # by the type of a value
DATA_HEADER = 8  # bytes before a value: its type, its language


def read_mp4(file: BinaryIO) -> Fields:
    """The fields of an MP4 file, all values of each; empty for any other file.

    Raises struct.error for a damaged file.
    """
    file.seek(0, io.SEEK_END)
    end = file.tell()
    file.seek(0)
    if file.read(8)[4:] != b"ftyp":
        return {}
    file.seek(0)
    for name in (b"moov", b"udta", b"meta", b"ilst"):
        end = next((end for found, end in atoms(file, end) if found == name), 0)
        if name == b"meta":
            file.seek(4, io.SEEK_CUR)  # its version
    return _fields(file, end)


def _fields(file: BinaryIO, end: int) -> Fields:
    """The fields of the list of tags that begins here and ends at `end`."""
    fields: Fields = {}
    for name, item_end in atoms(file, end):
        values = list(itertools.islice(_values(file, item_end), MAX_VALUES)) if name in (*ATOMS, GENRE_NUMBER) else []
        if name == GENRE_NUMBER:
            fields.setdefault("genre", [genre for _, data in values for genre in genre_name(int.from_bytes(data) - 1)])
        elif values:
            texts = [data.decode(ENCODINGS[kind], "replace") for kind, data in values if kind in ENCODINGS]
            fields.setdefault(ATOMS[name], texts)
    return fields


def _values(file: BinaryIO, end: int) -> Iterator[tuple[int, bytes]]:
    """(type, bytes) of the values of one item."""
    for name, value_end in atoms(file, end):
        if name == b"data":
            kind = int.from_bytes(file.read(DATA_HEADER)[:4])
            yield kind, read_value(file, max(0, value_end - file.tell()))


def atoms(file: BinaryIO, end: int, most: int = MAX_ITEMS) -> Iterator[tuple[bytes, int]]:
    """(name, end) of at most so many atoms from here to `end`; at each, the file stands where its content begins."""
    for _ in range(most):
        start = file.tell()
        if start + 8 > end:
            return
        size, name = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = struct.unpack(">Q", file.read(8))[0]
        stop = start + size if size else end
        if stop > end or stop < file.tell():
            return
        yield name, stop
        file.seek(stop)
