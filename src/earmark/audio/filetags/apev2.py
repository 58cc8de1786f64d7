"""APEv2 tags, at the end of mp3, wv, ape and mpc files, also before an ID3v1 tag. Source: the APEv2 specification."""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from earmark.audio.filetags.bounds import MAX_ITEMS, Fields, read_value
from earmark.audio.filetags.id3 import V1_SIZE

KEYS = {"title": "title", "artist": "artist", "album": "album", "year": "date", "date": "date", "genre": "genre"}
FOOTER_SIZE = 32
MAX_KEY = 255  # bytes, as the specification says


def read_apev2(file: BinaryIO) -> Fields:
    """The fields of a file's APEv2 tag, all values of each; empty where there is none.

    Raises struct.error or ValueError for a damaged tag.
    """
    fields: Fields = {}
    for key, value in _text_items(file):
        if key in KEYS:
            fields.setdefault(KEYS[key], value.decode("utf-8", "replace").split("\0"))
    return fields


def _text_items(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """(key in lower case, value) of the items that are text; others, such as covers, are not read."""
    file.seek(0, io.SEEK_END)
    length = file.tell()
    for end in (length, length - V1_SIZE):
        file.seek(max(0, end - FOOTER_SIZE))
        footer = file.read(FOOTER_SIZE)
        if footer[:8] == b"APETAGEX" and len(footer) == FOOTER_SIZE:
            size, count = struct.unpack("<II", footer[12:20])
            file.seek(end - size)
            yield from filter(None, (_next_item(file) for _ in range(min(count, MAX_ITEMS))))
            return


def _next_item(file: BinaryIO) -> tuple[str, bytes] | None:
    """Read one item and go to the next; None for one that is no text."""
    size, flags = struct.unpack("<II", file.read(8))
    start = file.tell()
    key = file.read(MAX_KEY + 1).partition(b"\0")[0]
    file.seek(start + len(key) + 1)
    value = read_value(file, size)
    file.seek(start + len(key) + 1 + size)
    return None if flags & 6 else (key.decode("latin-1").lower(), value)
