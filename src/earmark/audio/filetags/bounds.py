"""What all readers of tags share: the shape of their result, and how much a hostile file can make them read."""

import zlib
from typing import BinaryIO

Fields = dict[str, list[str]]
"""Values by field: ``title``, ``artist``, ``album``, ``date``, ``originaldate``, ``genre``. A field may be missing."""

MAX_ITEMS = 4096  # frames, items, atoms or chunks that are looked at in one list
MAX_VALUE = 8192  # bytes read of one value, and bytes that a compressed one may expand to
MAX_TEXTS = 4 << 20  # bytes of all texts of a tag beyond which FFmpeg is not given it, see `earmark.audio.tagguard`
MAX_PICTURES = 64 << 20  # the same of its pictures
MAX_VALUES = 64  # values read of one tag; its frames of other kinds are not read at all


def read_value(file: BinaryIO, size: int) -> bytes:
    """The next `size` bytes of a file, or the first `MAX_VALUE` of them."""
    return file.read(min(size, MAX_VALUE))


def decompress(data: bytes) -> bytes:
    """zlib data expanded; empty where it is damaged, or where the result would be longer than `MAX_VALUE`."""
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, MAX_VALUE)
    except zlib.error:
        return b""
    return b"" if stream.unconsumed_tail else out
