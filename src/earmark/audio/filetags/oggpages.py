"""The pages of an Ogg file, one by one. Source: RFC 3533."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

HEAD_SIZE = 27
MAX_PAGES = 4096  # that are looked at
POLYNOMIAL = 0x04C11DB7


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes
    ----------
    start, stop : its place in the file, bytes
    head : the 27 bytes before the lacing values
    lacing : a length a segment; 255 means that the packet goes on in the next one
    body : all segments
    """

    start: int
    stop: int
    head: bytes
    lacing: bytes
    body: bytes

    @property
    def serial(self) -> int:
        """The number of the logical stream."""
        return int.from_bytes(self.head[14:18], "little")

    @property
    def ends_packet(self) -> bool:
        """Whether the packet that the page begins or goes on with ends in it."""
        return any(n < 255 for n in self.lacing)

    @property
    def segments_of_first(self) -> int:
        """Segments of the packet that the page begins or goes on with."""
        return next((i + 1 for i, n in enumerate(self.lacing) if n < 255), len(self.lacing))

    @property
    def first_packet(self) -> bytes:
        """The bytes of that packet in this page."""
        return self.body[: sum(self.lacing[: self.segments_of_first])]


def pages(file: BinaryIO, start: int, most: int) -> Iterator[Page]:
    """The pages from `start` on, no more than `most` bytes and `MAX_PAGES`; it ends where there is none."""
    at = start
    for _ in range(MAX_PAGES):
        file.seek(at)
        head = file.read(HEAD_SIZE)
        if head[:4] != b"OggS" or len(head) < HEAD_SIZE or at - start > most:
            return
        lacing = file.read(head[26])
        body = file.read(sum(lacing))
        page = Page(at, file.tell(), head, lacing, body)
        yield page
        at = page.stop


def page_with_crc(page: Page, lacing: bytes, body: bytes) -> bytes:
    """The bytes of a page with another content, which begins with a packet of its own."""
    flags = page.head[5] & ~1
    head = bytearray(page.head[:5] + bytes((flags,)) + page.head[6:22] + bytes(4) + bytes((len(lacing),)))
    whole = bytearray(head + lacing + body)
    whole[22:26] = struct.pack("<I", crc(bytes(whole)))
    return bytes(whole)


def crc(data: bytes) -> int:
    """The checksum of a page whose own field for it is zero."""
    table, value = _table(), 0
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ table[(value >> 24) ^ byte]
    return value


@cache
def _table() -> list[int]:
    table = []
    for i in range(256):
        value = i << 24
        for _ in range(8):
            value = (value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)
            value &= 0xFFFFFFFF
        table.append(value)
    return table
