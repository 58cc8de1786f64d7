"""The tags of MP4 files, by hand-made files of known content."""

import io
import struct

import pytest

from earmark.audio.filetags.mp4 import read_mp4
from tagbytes import atom, mp4, mp4_value


def read(data: bytes) -> dict:
    return read_mp4(io.BytesIO(data))


def test_all_values_of_an_item():
    file = mp4(
        atom(b"covr", mp4_value(bytes(70_000), 13)),
        atom(b"\xa9ART", mp4_value("Öne".encode()) + mp4_value(b"Two")),
        atom(b"\xa9nam", mp4_value("Títle".encode("utf-16-be"), 2)),
        atom(b"\xa9day", mp4_value(b"2001-05-06")),
    )

    assert read(file) == {"artist": ["Öne", "Two"], "title": ["Títle"], "date": ["2001-05-06"]}


def test_a_genre_as_a_number_counts_from_one():
    assert read(mp4(atom(b"gnre", mp4_value(b"\0\x12", 0)))) == {"genre": ["Rock"]}


def test_sizes_of_64_bits():
    name = mp4_value(b"t")
    wide = struct.pack(">I4sQ", 1, b"\xa9nam", 16 + len(name)) + name

    assert read(mp4(wide)) == {"title": ["t"]}


@pytest.mark.parametrize(
    "data",
    [b"", b"OggS" + bytes(20), atom(b"ftyp", b"M4A "), atom(b"ftyp", b"M4A ") + atom(b"moov", b""),
     mp4(struct.pack(">I", 3) + b"\xa9nam"), mp4(struct.pack(">I", 0xFFFFFFF0) + b"\xa9nam" + bytes(9))],
)  # fmt: skip
def test_no_tags_or_none_that_fit_are_no_fields(data):
    assert read(data) == {}
