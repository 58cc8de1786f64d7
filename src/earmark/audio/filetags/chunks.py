"""The chunks of RIFF and AIFF files: a name, a size, and so many bytes, to the next even place."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

LITTLE, BIG = "<4sI", ">4sI"  # how the head of a chunk is written: of RIFF, of AIFF


def chunks(file: BinaryIO, at: int, header: str, most: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, where it begins, size of its content) of the chunks from a place on, the file standing at the content.

    header : `LITTLE` or `BIG`
    most : chunks that are looked at
    """
    for _ in range(most):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = struct.unpack(header, head)
        yield name, at, size
        at += 8 + size + size % 2
