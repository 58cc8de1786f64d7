"""ID3 of every version, by hand-made tags of known content."""

import io
import struct
import zlib

import pytest

from earmark.audio.filetags.id3 import find_id3v2, id3v2_end, read_id3v1, read_id3v2
from tagbytes import chunk, dsf, frame, id3v1, id3v2, synchsafe, text_frame


def read(data: bytes) -> dict:
    return read_id3v2(io.BytesIO(data))


def test_version_2_2():
    frames = [frame(name, b"\0" + text, 2) for name, text in ((b"TT2", b"T\xeft"), (b"TYE", b"1987"), (b"TCO", b"(17)"))
              for name in [name.decode()]]  # fmt: skip

    fields = read(id3v2(*frames, version=2))

    assert fields == {"title": ["Tït"], "date": ["1987"], "genre": ["Rock", ""]}


@pytest.mark.parametrize("version", [3, 4])
def test_several_values_are_divided_by_nul(version):
    tag = id3v2(text_frame("TPE1", "Öne\0Two", version), text_frame("TIT2", "T", version), version=version, padding=99)

    assert read(tag + b"\xff\xfb") == {"artist": ["Öne", "Two"], "title": ["T"]}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(0, b"caf\xe9"), (1, "café".encode("utf-16")), (1, b"\xfe\xff" + "café".encode("utf-16-be")),
     (2, "café".encode("utf-16-be")), (3, "café".encode())],
)  # fmt: skip
def test_every_encoding(encoding, text):
    assert read(id3v2(frame("TIT2", bytes((encoding,)) + text))) == {"title": ["café"]}


def test_an_unknown_encoding_and_an_empty_frame_hold_nothing():
    assert read(id3v2(frame("TIT2", b"\x09abc"), frame("TALB", b""))) == {"title": [], "album": []}


def test_other_frames_are_passed_over():
    tag = id3v2(frame("APIC", bytes(300_000)), text_frame("TIT2", "after the cover"))

    assert read(tag) == {"title": ["after the cover"]}


def test_plain_sizes_in_version_2_4_as_some_programs_write_them():
    long = b"\x03" + b"x" * 300
    wrong = b"TALB" + struct.pack(">I", len(long)) + b"\0\0" + long

    assert read(id3v2(wrong, text_frame("TIT2", "next"))) == {"album": ["x" * 300], "title": ["next"]}
    assert read(id3v2(wrong, padding=50)) == {"album": ["x" * 300]}
    assert read(id3v2(frame("TALB", long), text_frame("TIT2", "next")))["title"] == ["next"]


@pytest.mark.parametrize(("version", "extended"), [(3, struct.pack(">I", 6) + bytes(6)), (4, synchsafe(6) + b"\1\0")])
def test_an_extended_header_is_passed_over(version, extended):
    tag = id3v2(extended, text_frame("TIT2", "title", version), version=version, flags=0x40)

    assert read(tag) == {"title": ["title"]}


def test_unsynchronised_tags():
    content = b"\x01" + "ÿþ".encode("utf-16")
    stuffed = content.replace(b"\xff", b"\xff\0")
    whole = id3v2(frame("TIT2", content, 3).replace(b"\xff", b"\xff\0"), version=3, flags=0x80)
    by_frame = id3v2(frame("TIT2", len(content).to_bytes(4) + stuffed, flags=0x03), text_frame("TALB", "album"))

    assert read(whole) == {"title": ["ÿþ"]}
    assert read(by_frame) == {"title": ["ÿþ"], "album": ["album"]}


def test_compressed_frames():
    content = b"\x03compressed"
    packed = len(content).to_bytes(4) + zlib.compress(content)

    assert read(id3v2(frame("TIT2", packed, 3, 0x80), version=3)) == {"title": ["compressed"]}
    assert read(id3v2(frame("TIT2", packed, 4, 0x09))) == {"title": ["compressed"]}


def test_a_frame_that_would_expand_to_much_more_is_left_out():
    bomb = zlib.compress(b"\x03" + bytes(50_000_000), 9)

    assert read(id3v2(frame("TIT2", bytes(4) + bomb, 3, 0x80), version=3)) == {"title": []}


def test_encrypted_frames_hold_nothing_and_a_group_is_no_text():
    assert read(id3v2(frame("TIT2", b"\x01\x03x", 4, 0x04))) == {"title": []}
    assert read(id3v2(frame("TIT2", b"\x01\x03grouped", 4, 0x40))) == {"title": ["grouped"]}
    assert read(id3v2(frame("TIT2", b"\x01\x00grouped", 3, 0x20), version=3)) == {"title": ["grouped"]}


def test_a_million_frames_are_not_read_to_their_end():
    fields = read(id3v2(text_frame("TPE1", "x") * 100_000))

    assert len(fields["artist"]) <= 64


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_tag_in_a_chunk_is_found(order):
    tag = id3v2(text_frame("TIT2", "chunk"))
    head = b"RIFF\0\0\0\0WAVE" if order == "<" else b"FORM\0\0\0\0AIFF"
    file = head + chunk(b"odd ", b"123", order) + chunk(b"id3 " if order == "<" else b"ID3 ", tag, order)

    assert find_id3v2(io.BytesIO(file)) == 12 + 12 + 8
    assert read(file) == {"title": ["chunk"]}
    assert find_id3v2(io.BytesIO(head + chunk(b"data", bytes(9), order))) == 0


def test_the_tag_of_a_dsf_file_is_found():
    assert read(dsf(id3v2(text_frame("TIT2", "dsd")))) == {"title": ["dsd"]}


def test_where_the_sound_begins_after_a_tag():
    assert id3v2_end(io.BytesIO(id3v2(text_frame("TIT2", "t"), padding=200) + b"fLaC")) == 10 + 12 + 200
    assert id3v2_end(io.BytesIO(b"fLaC" + bytes(20))) == 0
    assert id3v2_end(io.BytesIO(b"ID3")) == 0


@pytest.mark.parametrize("data", [b"", b"ID", b"ID3\x05\0\0\0\0\0\x10" + bytes(16), b"RIFF", b"DSD "])
def test_no_tag_is_no_field(data):
    assert read(data) == {}


def test_version_1():
    file = io.BytesIO(bytes(500) + id3v1("Títle", "Artist", "Album", "1987", 17))

    assert read_id3v1(file) == {
        "title": ["Títle"], "artist": ["Artist"], "album": ["Album"], "date": ["1987"], "genre": ["Rock"],
    }  # fmt: skip
    assert read_id3v1(io.BytesIO(bytes(500))) == read_id3v1(io.BytesIO(b"TAG")) == {}
    assert read_id3v1(io.BytesIO(id3v1("x")))["genre"] == []
