import io
import struct

import pytest

from earmark.audio.filetags.chunks import BIG, LITTLE, chunks


def written(header: str) -> io.BytesIO:
    """Twelve bytes of a file's head, a chunk of an odd size, one of an even size, and half of a head."""
    body = struct.pack(header, b"one ", 3) + b"abc\0" + struct.pack(header, b"two ", 4) + b"defg"
    return io.BytesIO(bytes(12) + body + b"thre")


@pytest.mark.parametrize("header", [LITTLE, BIG])
def test_each_begins_at_an_even_place_behind_the_last(header):
    file = written(header)
    found = [(name, at, size, file.read(size)) for name, at, size in chunks(file, 12, header, 9)]
    assert found == [(b"one ", 12, 3, b"abc"), (b"two ", 24, 4, b"defg")]


def test_no_more_are_looked_at_than_wanted():
    assert [name for name, _, _ in chunks(written(LITTLE), 12, LITTLE, 1)] == [b"one "]
