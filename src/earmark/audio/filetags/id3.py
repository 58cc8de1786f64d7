"""ID3 tags: versions 2.2, 2.3 and 2.4 at the start of a file or in a chunk of wav, aiff and dsf; version 1 at its end.

Sources: the informal standards ID3v2.2.0, ID3v2.3.0, ID3v2.4.0 (structure and frames) and ID3v1.1.
"""

import io
import itertools
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from earmark.audio.filetags.bounds import MAX_ITEMS, MAX_VALUES, Fields, decompress, read_value
from earmark.audio.filetags.chunks import BIG, LITTLE, chunks
from earmark.audio.filetags.genres import genre_name, genre_names

FRAMES = {
    b"TIT2": "title", b"TT2": "title",
    b"TPE1": "artist", b"TP1": "artist",
    b"TALB": "album", b"TAL": "album",
    b"TDRC": "date", b"TYER": "date", b"TYE": "date",
    b"TDOR": "originaldate", b"TORY": "originaldate", b"TOR": "originaldate",
    b"TCON": "genre", b"TCO": "genre",
}  # fmt: skip
ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")  # by the first byte of a text frame
FRAME_ID = re.compile(rb"[A-Z][A-Z0-9]{2,3}")
UNSYNCHRONISED, EXTENDED = 0x80, 0x40  # flags of the tag's header
MAX_UNSYNCHRONISED = 16 << 20  # bytes of such a tag that are read: it can only be taken as a whole
V1 = {"title": slice(3, 33), "artist": slice(33, 63), "album": slice(63, 93), "date": slice(93, 97)}
V1_SIZE = 128


def read_id3v2(file: BinaryIO) -> Fields:
    """The fields of a file's ID3v2 tag, all values of each; empty where there is none.

    Raises struct.error or ValueError for a damaged tag.
    """
    file.seek(find_id3v2(file))
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3" or head[3] not in (2, 3, 4):
        return {}
    fields: Fields = {}
    frames = _frames(file, *tag_head(head))
    for name, data in itertools.islice(frames, MAX_VALUES):
        fields.setdefault(FRAMES[name], []).extend(_texts(data))
    if "genre" in fields:
        fields["genre"] = [name for text in fields["genre"] for name in genre_names(text)]
    return fields


def find_id3v2(file: BinaryIO) -> int:
    """Where a file's ID3v2 tag is, bytes from its start; 0, the usual place, also where there is none."""
    file.seek(0)
    head = file.read(28)
    if head[:4] == b"DSD " and len(head) == 28:
        return struct.unpack("<Q", head[20:])[0]
    if head[:4] in (b"RIFF", b"RF64"):
        return _find_chunk(file, LITTLE)
    if head[:4] == b"FORM":
        return _find_chunk(file, BIG)
    return 0


def id3v2_end(file: BinaryIO) -> int:
    """Where a file goes on after the ID3v2 tag at its start, bytes; 0 where there is none."""
    file.seek(0)
    head = file.read(10)
    return 10 + _synchsafe(head[6:]) if head[:3] == b"ID3" and len(head) == 10 else 0


def _find_chunk(file: BinaryIO, header: str) -> int:
    """Where the content of the chunk ``id3`` begins, in a file of chunks with `header` each; 0 if there is none."""
    found = chunks(file, 12, header, MAX_ITEMS)
    return next((at + 8 for name, at, _ in found if name in (b"id3 ", b"ID3 ")), 0)


def is_id3v2(head: bytes) -> bool:
    """Whether the first ten bytes of something are the head of an ID3v2 tag."""
    return len(head) == 10 and head[:3] == b"ID3" and head[3] != 0xFF


def tag_head(head: bytes) -> tuple[int, int, int]:
    """(version, flags, bytes that follow) of the head of a tag."""
    return head[3], head[5], _synchsafe(head[6:])


def _frames(file: BinaryIO, version: int, flags: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """(name, content) of the text frames that we want, of a tag whose header has been read."""
    body, end = open_frames(file, version, flags, size)
    for frame in frames_from(body, version, end):
        if frame.name in FRAMES:
            data = read_value(body, frame.length)
            yield frame.name, _content(data, version, frame.flags, bool(flags & UNSYNCHRONISED))


def open_frames(file: BinaryIO, version: int, flags: int, size: int) -> tuple[BinaryIO, int]:
    """A file that stands at the first frame of a tag, whose head has just been read, and where its frames end."""
    if flags & UNSYNCHRONISED and version < 4:  # later versions mark it frame by frame
        file = io.BytesIO(_synchronised(file.read(min(size, MAX_UNSYNCHRONISED))))
    end = file.tell() + size
    if flags & EXTENDED and version > 2:
        length = file.read(4)
        file.seek(_synchsafe(length) - 4 if version == 4 else int.from_bytes(length), io.SEEK_CUR)
    return file, end


class Frame(NamedTuple):
    """The head of a frame; `length` counts the bytes of its content."""

    name: bytes
    flags: int
    length: int


def frames_from(file: BinaryIO, version: int, end: int, most: int = MAX_ITEMS) -> Iterator[Frame]:
    """The heads of at most so many frames from here to `end`; at each, the file stands where its content begins."""
    for _ in range(most):
        head = file.read(6 if version == 2 else 10)
        name = head[: 3 if version == 2 else 4]
        if len(head) < 6 or (version != 2 and len(head) < 10):  # the tag ends within it
            return
        if file.tell() > end or not FRAME_ID.fullmatch(name):  # zeros are padding
            return
        length, start = _frame_size(file, head, version, end), file.tell()
        yield Frame(name, 0 if version == 2 else head[9], length)
        file.seek(start + length)


def expanded_size(file: BinaryIO, version: int, frame: Frame) -> int:
    """Bytes that a frame says it expands to, the file standing at its content; its length where it does not."""
    if version < 3 or not frame.flags & (0x80 if version == 3 else 0x08):
        return frame.length
    file.seek(bool(version == 4 and frame.flags & 0x40), io.SEEK_CUR)
    said = file.read(4)
    return max(frame.length, int.from_bytes(said) if version == 3 else _synchsafe(said))


def _frame_size(file: BinaryIO, head: bytes, version: int, end: int) -> int:
    """Bytes of a frame's content. Some programs write plain numbers into version 2.4: what follows the frame tells."""
    if version < 4:
        return int.from_bytes(head[3:6] if version == 2 else head[4:8])
    size, plain = _synchsafe(head[4:8]), int.from_bytes(head[4:8])
    return plain if not _ends_at(file, size, end) and _ends_at(file, plain, end) else size


def _ends_at(file: BinaryIO, size: int, end: int) -> bool:
    """Whether a frame of `size` bytes from here on is followed by another, by padding, or by the end of the tag."""
    start = file.tell()
    if start + size >= end:
        return start + size == end
    file.seek(start + size)
    name = file.read(4)
    file.seek(start)
    return name.strip(b"\0") == b"" or FRAME_ID.fullmatch(name) is not None


def _content(data: bytes, version: int, flags: int, unsynchronised: bool) -> bytes:
    """What a frame holds, without what its flags add; empty where it is encrypted or expands too far."""
    if version == 4:
        skipped = bool(flags & 0x40) + 4 * (flags & 1)
        encrypted, compressed, unsynchronised = flags & 0x04, flags & 0x08, unsynchronised or flags & 0x02
    else:
        skipped = 4 * bool(flags & 0x80) + bool(flags & 0x20)
        encrypted, compressed, unsynchronised = flags & 0x40, flags & 0x80, False
    if encrypted:
        return b""
    data = data[skipped:]
    if unsynchronised:
        data = _synchronised(data)
    return decompress(data) if compressed else data


def _texts(data: bytes) -> list[str]:
    """The values of a text frame: an encoding byte, then strings with NUL between them."""
    if not data or data[0] >= len(ENCODINGS):
        return []
    return [text.strip("\ufeff") for text in data[1:].decode(ENCODINGS[data[0]], "replace").split("\0")]


def _synchsafe(data: bytes) -> int:
    """A number of seven bits a byte; raises ValueError for fewer than four bytes."""
    if len(data) < 4:
        raise ValueError("the tag ends within a number")
    return sum((byte & 127) << 7 * (3 - i) for i, byte in enumerate(data[:4]))


def _synchronised(data: bytes) -> bytes:
    """Data without the zero bytes that were put in after each 0xFF."""
    return data.replace(b"\xff\0", b"\xff")


def read_id3v1(file: BinaryIO) -> Fields:
    """The fields of an ID3v1 tag, the last 128 bytes of a file; empty where there is none."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - V1_SIZE))
    data = file.read(V1_SIZE)
    if len(data) < V1_SIZE or data[:3] != b"TAG":
        return {}
    fields = {name: [data[part].split(b"\0")[0].decode("latin-1")] for name, part in V1.items()}
    return fields | {"genre": genre_name(data[127])}
