"""Tags that are too much are hidden from FFmpeg: it reads every entry, compares each with all others, and expands them.

A million entries take it hours, one that expands a thousand times all the memory. `hidden_parts` walks the tags of a
file by their headers alone; where they are more than `bounds` allows, `guarded` opens the file without them. The sound
is the same: its packets, and so the id of the track, do not depend on tags. Tags of Monkey's Audio are always hidden,
since FFmpeg would count them as sound. Other files are opened by their name.
"""

import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from earmark.audio.addresses import is_address
from earmark.audio.filetags.bounds import MAX_ITEMS, MAX_PICTURES, MAX_TEXTS
from earmark.audio.filetags.chunks import BIG, LITTLE, chunks
from earmark.audio.filetags.id3 import (
    MAX_UNSYNCHRONISED,
    UNSYNCHRONISED,
    V1_SIZE,
    expanded_size,
    find_id3v2,
    frames_from,
    is_id3v2,
    open_frames,
    tag_head,
)
from earmark.audio.filetags.mp4 import atoms
from earmark.audio.filetags.oggpages import Page, page_with_crc, pages
from earmark.audio.opening import open_file
from earmark.audio.spliced import Hidden, SplicedFile

TOO_MUCH = "tags: more than is read, so they were left out"
MAX_CHUNKS = 2 * MAX_ITEMS
PICTURES = (b"APIC", b"PIC", b"GEOB", b"covr")


class Tally:
    """Counts what a tag holds, up to the point where it is too much."""

    def __init__(self) -> None:
        self.n_items = self.texts = self.pictures = 0

    def add(self, size: int, picture: bool = False, items: int = 1) -> bool:
        """Count entries of `size` bytes; True once it is too much."""
        self.n_items += items
        self.texts += 0 if picture else size
        self.pictures += size if picture else 0
        return self.too_much

    @property
    def too_much(self) -> bool:
        """More entries, more bytes of text or of pictures than are read."""
        return self.n_items > MAX_ITEMS or self.texts > MAX_TEXTS or self.pictures > MAX_PICTURES


@contextmanager
def guarded(path: str) -> Iterator[str | BinaryIO]:
    """What FFmpeg is to open for a file: its path as an address, or where that lies elsewhere the file itself, or the
    file without the tags that are too much.

    The prefix of the address keeps names such as "a:b.mp3" from being read as one. Raises OSError.
    """
    with open_file(path) as file:
        hidden = hidden_parts(file) or _of(_behind_monkeys_audio, file, 0)
        if hidden:
            yield SplicedFile(file, hidden)
        else:
            file.seek(0)
            yield file if is_address(path) else "file:" + os.path.abspath(path)


def shielded(file: BinaryIO) -> BinaryIO:
    """The same for a part of a file, such as one of the songs that were joined to it."""
    hidden = hidden_parts(file)
    file.seek(0)
    return SplicedFile(file, hidden) if hidden else file


def tag_warnings(path: str | os.PathLike) -> tuple[str, ...]:
    """A sentence where `guarded` hides tags of the file, so that nothing of them is known; else nothing."""
    try:
        with open_file(path) as file:
            return (TOO_MUCH,) if hidden_parts(file) else ()
    except OSError:
        return ()


def hidden_parts(file: BinaryIO) -> list[Hidden]:
    """The tags of a file that are too much, by their place; none in an ordinary file."""
    found, start = [], _leading_id3v2(file)
    if start.too_much:
        found.append(Hidden(0, start.end))
    file.seek(start.end)
    head = file.read(16)
    for begins, finder in FINDERS:
        if begins(head):
            found += _of(finder, file, start.end)
    return [*found, *_of(_apev2, file, start.end)]


def _of(finder: Callable[[BinaryIO, int], Iterator[Hidden]], file: BinaryIO, start: int) -> list[Hidden]:
    try:
        return list(finder(file, start))
    except (struct.error, ValueError, IndexError, OverflowError, OSError):  # damaged; FFmpeg will get no further either
        return []


# -- ID3 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leading:
    end: int
    too_much: bool


def _leading_id3v2(file: BinaryIO) -> _Leading:
    """Where all ID3v2 tags at the beginning of a file end together: FFmpeg reads one after another."""
    tally, end = Tally(), 0
    file.seek(0)
    while is_id3v2(head := file.read(10)):
        version, flags, size = tag_head(head)
        if not tally.too_much:
            _count_id3v2(file, version, flags, size, tally)
        end += 10 + size
        file.seek(end)
    return _Leading(end, tally.too_much)


def _count_id3v2(file: BinaryIO, version: int, flags: int, size: int, tally: Tally) -> None:
    """Count the frames of a tag, each by what it says that it expands to, and whatever follows the last of them."""
    tally.add(size if flags & UNSYNCHRONISED and version < 4 and size > MAX_UNSYNCHRONISED else 0)
    try:
        body, end = open_frames(file, version, flags, size)
        seen = body.tell()
        for frame in frames_from(body, version, end, MAX_ITEMS + 1):
            seen = body.tell() + frame.length
            if tally.add(expanded_size(body, version, frame), frame.name in PICTURES):
                return
    except (struct.error, ValueError, OverflowError):
        return
    body.seek(seen)
    rest = body.read(max(0, min(end - seen, MAX_TEXTS))).rstrip(b"\0")
    tally.add(len(rest), items=len(rest) // 16)  # no padding, so perhaps frames to another reader


def _in_chunk(file: BinaryIO) -> Iterator[Hidden]:
    """The name of the chunk of a wav or aiff file whose ID3 tag is too much; the place of a DSF file's."""
    at = find_id3v2(file)
    file.seek(at)
    head, tally = file.read(10), Tally()
    if at and is_id3v2(head):
        _count_id3v2(file, *tag_head(head), tally)
        if tally.too_much:
            yield Hidden(at - 8, at - 4, b"JUNK")


def _dsf(file: BinaryIO, start: int) -> Iterator[Hidden]:
    yield from (Hidden(start + 20, start + 28, bytes(8)) for _ in _in_chunk(file))


# -- chunks and atoms ------------------------------------------------------------------------------------------------


def _riff(file: BinaryIO, start: int) -> Iterator[Hidden]:
    yield from _in_chunk(file)
    tally = Tally()  # of all lists: a file may have many
    for name, at, size in chunks(file, start + 12, LITTLE, MAX_CHUNKS):
        if name == b"LIST" and _is_too_much_info(file, size, tally):
            yield Hidden(at, at + 4, b"JUNK")


def _aiff(file: BinaryIO, start: int) -> Iterator[Hidden]:
    yield from _in_chunk(file)
    for name, at, size in chunks(file, start + 12, BIG, MAX_CHUNKS):
        if name in (b"NAME", b"AUTH", b"ANNO", b"(c) ") and size > MAX_TEXTS:
            yield Hidden(at, at + 4, b"JUNK")


def _is_too_much_info(file: BinaryIO, size: int, tally: Tally) -> bool:
    if file.read(4) != b"INFO":
        return False
    start = file.tell()
    for _, at, length in chunks(file, start, LITTLE, MAX_CHUNKS):
        if at >= start + size - 4 or tally.add(length):
            break
    return tally.too_much


def _mp4(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The names of the lists of tags that are too much, in the film and in its tracks."""
    end = file.seek(0, io.SEEK_END)
    file.seek(start)
    yield from _mp4_lists(file, end, 0)


def _mp4_lists(file: BinaryIO, end: int, depth: int) -> Iterator[Hidden]:
    for name, stop in atoms(file, end):
        content = file.tell()
        if name in (b"udta", b"meta", b"ilst", b"keys") and _is_too_much_list(file, stop, 0, Tally()):
            yield Hidden(content - 4, content, b"free")
        elif name in (b"moov", b"trak") and depth < 3:
            file.seek(content)
            yield from _mp4_lists(file, stop, depth + 1)


def _is_too_much_list(file: BinaryIO, end: int, depth: int, tally: Tally) -> bool:
    """Whether the atoms from here to `end`, and those of a list of tags inside, are too much."""
    for name, stop in atoms(file, end, 2 * MAX_ITEMS):
        content = file.tell()
        if name in (b"meta", b"ilst") and depth < 4:
            file.seek(content + 4 * (name == b"meta"))
            if _is_too_much_list(file, stop, depth + 1, tally):
                return True
        elif tally.add(stop - content, name in PICTURES):
            return True
    return False


# -- Vorbis comments -------------------------------------------------------------------------------------------------


def _flac(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The kind of each block of comments or pictures that is too much: it becomes padding."""
    at, last, tally = start + 4, False, Tally()
    while not last:
        file.seek(at)
        kind, size = struct.unpack(">B3s", file.read(4))
        size, last = int.from_bytes(size), bool(kind & 0x80)
        own = Tally()
        if kind & 0x7F == 4:
            _count_comments(file, size, own)
        elif kind & 0x7F == 6:
            tally.add(size, picture=True)
        if own.too_much or (kind & 0x7F == 6 and tally.too_much):
            yield Hidden(at, at + 1, bytes(((kind & 0x80) | 1,)))
        at += 4 + size


def _count_comments(file: BinaryIO, size: int, tally: Tally) -> None:
    """Count the entries of a block of Vorbis comments: a maker, a number, then texts, each after its length."""
    end = file.tell() + size
    file.seek(int.from_bytes(file.read(4), "little"), io.SEEK_CUR)
    n_items = int.from_bytes(file.read(4), "little")
    tally.add(0, items=min(n_items, size // 4))
    for _ in range(min(n_items, MAX_ITEMS)):
        length = int.from_bytes(file.read(4), "little")
        if file.tell() + length > end:
            return
        picture = file.read(min(length, 23)).upper() == b"METADATA_BLOCK_PICTURE="
        tally.add(length, picture)
        file.seek(max(0, length - 23), io.SEEK_CUR)


MARKS = (b"OpusTags", b"\x03vorbis", b"Speex   ")
EMPTY = struct.pack("<II", 0, 0)  # no maker, no entry


def _ogg(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The pages of a stream's comments that are too much; one that holds none takes their place."""
    serial, run = None, []
    for page in pages(file, start, MAX_PICTURES):
        if not run and page.body.startswith(MARKS):
            serial = page.serial
        if page.serial == serial:
            run.append(page)
            if page.ends_packet:
                break
    if not run:
        return
    packet = b"".join(page.first_packet for page in run)
    mark, tally = next(mark for mark in MARKS if packet.startswith(mark)), Tally()
    _count_comments(io.BytesIO(packet[len(mark) :]), len(packet) - len(mark), tally)
    if tally.too_much or not run[-1].ends_packet:
        yield from (Hidden(page.start, page.stop) for page in run[:-1])
        yield Hidden(run[-1].start, run[-1].stop, _without_comments(run[-1], mark))


def _without_comments(page: Page, mark: bytes) -> bytes:
    """The last page of the comments with an empty list of them, and whatever follows it there."""
    packet = mark + EMPTY + (b"\1" if mark == b"\x03vorbis" else b"")
    count = page.segments_of_first
    return page_with_crc(
        page, bytes((len(packet),)) + page.lacing[count:], packet + page.body[len(page.first_packet) :]
    )


# -- APEv2 -----------------------------------------------------------------------------------------------------------


def _apev2(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The whole of an APEv2 tag at the end that is too much."""
    length = file.seek(0, io.SEEK_END)
    for end in (length, length - V1_SIZE):
        file.seek(max(0, end - 32))
        footer = file.read(32)
        if footer[:8] == b"APETAGEX" and len(footer) == 32:
            size, count, flags = struct.unpack("<III", footer[12:24])
            size += 32 * (flags >> 31)  # its header
            if start < end - size and (count > MAX_ITEMS or size > MAX_PICTURES):
                yield Hidden(end - size, end)


def _behind_monkeys_audio(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The tags at the end of a file of Monkey's Audio: FFmpeg takes them for a part of its last packet of sound."""
    file.seek(_leading_id3v2(file).end)
    if file.read(4) != b"MAC ":
        return
    length = end = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - V1_SIZE))
    end -= V1_SIZE if file.read(3) == b"TAG" else 0
    file.seek(max(0, end - 32))
    footer = file.read(32)
    if footer[:8] == b"APETAGEX" and len(footer) == 32:
        size, _, flags = struct.unpack("<III", footer[12:24])
        end -= size + 32 * (flags >> 31)
    if start < end < length:
        yield Hidden(end, length)


# -- Matroska and ASF ------------------------------------------------------------------------------------------------

EBML, SEGMENT, TAGS = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67"
MAX_ELEMENT = 256 << 10  # bytes of all tags of a Matroska file: its pictures lie elsewhere
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_TEXTS = (bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850"), bytes.fromhex("941c23449894d149a1411d134e457054"))
"""Objects of ASF: the header; the extended content description and the metadata library."""


def _matroska(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The heads of the elements of tags that are too much: each becomes a void of the same size."""
    file.seek(start + 4)
    file.seek(_varint(file), io.SEEK_CUR)
    if file.read(4) != SEGMENT:
        return
    _varint(file)
    for _ in range(MAX_ITEMS):
        at = file.tell()
        name = file.read(4)
        if len(name) < 4:
            return
        if name[0] & 0xF0 != 0x10:  # shorter names: voids and checksums
            file.seek(at + 1 if name[0] & 0x80 else at + 2 if name[0] & 0x40 else at + 3)
        size = _varint(file)
        content = file.tell()
        if name == TAGS and size > MAX_ELEMENT:
            yield Hidden(at, at + 9, b"\xec" + (0x01 << 56 | size + content - at - 9).to_bytes(8))
        file.seek(content + size)


def _varint(file: BinaryIO) -> int:
    """A number of EBML, whose first byte tells how long it is."""
    first = file.read(1)[0]
    n = 8 - first.bit_length()
    return int.from_bytes(bytes((first & (0x7F >> n),)) + file.read(n))


def _asf(file: BinaryIO, start: int) -> Iterator[Hidden]:
    """The names of the objects of texts that have too many entries: objects of other names are passed over."""
    file.seek(start + 24)
    n_objects, at = int.from_bytes(file.read(4), "little"), start + 30
    for _ in range(min(n_objects, MAX_ITEMS)):
        file.seek(at)
        name, size = struct.unpack("<16sQ", file.read(24))
        if name in ASF_TEXTS and int.from_bytes(file.read(2), "little") > MAX_ITEMS:
            yield Hidden(at, at + 16, bytes(16))
        at += size


FINDERS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], Iterator[Hidden]]], ...] = (
    (lambda head: head[:4] in (b"RIFF", b"RF64"), _riff),
    (lambda head: head[:4] == b"FORM", _aiff),
    (lambda head: head[:4] == b"DSD ", _dsf),
    (lambda head: head[4:8] == b"ftyp", _mp4),
    (lambda head: head[:4] == b"fLaC", _flac),
    (lambda head: head[:4] == b"OggS", _ogg),
    (lambda head: head[:4] == EBML, _matroska),
    (lambda head: head[:16] == ASF, _asf),
)
"""By what a file begins with: what looks for its tags."""
