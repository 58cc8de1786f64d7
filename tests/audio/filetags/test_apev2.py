"""APEv2 tags at the end of a file, by hand-made tags of known content."""

import io
import struct

import pytest

from earmark.audio.filetags.apev2 import read_apev2
from tagbytes import apev2, id3v1

ITEMS = {
    "Cover Art (Front)": b"cover.png\0" + bytes(9000),
    "TITLE": b"T\xc3\xaftle",
    "Artist": b"One\0Two",
    "Year": b"2001",
}
EXPECTED = {"title": ["Tïtle"], "artist": ["One", "Two"], "date": ["2001"]}


@pytest.mark.parametrize("after", [b"", id3v1("other")])
def test_a_tag_at_the_end_and_before_id3v1(after):
    assert read_apev2(io.BytesIO(bytes(2000) + apev2(ITEMS) + after)) == EXPECTED


def test_items_that_are_no_text_are_passed_over():
    assert read_apev2(io.BytesIO(apev2({"Title": b"binary"}, flags=2))) == {}


@pytest.mark.parametrize("data", [b"", b"APETAGEX", bytes(5000)])
def test_no_tag_is_no_field(data):
    assert read_apev2(io.BytesIO(data)) == {}


def test_a_count_that_lies_ends_with_the_file():
    tag = bytearray(apev2({"Title": b"t"}))
    struct.pack_into("<I", tag, len(tag) - 16, 0xFFFFFFFF)

    with pytest.raises(struct.error):
        read_apev2(io.BytesIO(bytes(tag)))


def test_a_size_that_lies_is_an_error_of_the_file():
    tag = bytearray(apev2({"Title": b"t"}))
    struct.pack_into("<I", tag, len(tag) - 20, 0xFFFFFFF0)

    with pytest.raises(ValueError, match="negative seek"):
        read_apev2(io.BytesIO(bytes(tag)))
