"""How long a file says that it is, where it says so itself: an estimate from its bit rate is no promise."""

import re
import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO

import av

from earmark.audio.filetags.chunks import LITTLE, chunks
from earmark.audio.filetags.id3 import id3v2_end
from earmark.audio.opening import open_file, size_of

FROM_HEADER = {
    "flac", "aiff", "au", "tta", "wv", "ape", "mov", "rm", "mpc", "mpc8", "tak", "dsf", "iff", "shn", "qoa", "wav",
    "nistsphere", "osq", "vqf", "ogg",
}  # fmt: skip
"""Kinds whose length FFmpeg reads from them (of ogg from its last page). That of PCM in wav, w64 and caf it clips."""
RATES = (44_100, 48_000, 32_000, 0)  # Hz, of MPEG 1
LIES = 0x7F00_0000  # bytes; from here to 2 GB, and at 4 GB, programs that write to a pipe say what they cannot know
SLACK = 0.1  # seconds, and
SLACK_RATIO = 0.001  # of the length: what encoders add and cut, and headers round
W64_GUID = bytes.fromhex("f3acd3118cd100c04f8edb8a")  # behind the four letters of a chunk's name
ASF_HEAD, ASF_FILE = bytes.fromhex("3026b2758e66cf11"), bytes.fromhex("a1dcab8c47a9cf11")


def is_short(expected: float, heard: float) -> bool:
    """Whether so much is missing, in seconds, that no encoder's padding explains it."""
    return expected - heard > max(SLACK, SLACK_RATIO * expected)


def promised_seconds(container: av.container.InputContainer, stream: av.AudioStream, path: str) -> float | None:
    """The length in the file's own header, seconds; None where it has none, or one that cannot be meant."""
    kind = container.format.name.split(",")[0]
    seconds = float(stream.duration * stream.time_base) if stream.duration else None
    if kind == "matroska":  # the header's length is that of the longest stream
        return None if container.streams.video or not container.duration else container.duration / av.time_base
    if kind == "mp3":
        return _counted_frames(path)
    if kind not in FROM_HEADER or not seconds:
        return None
    rate = stream.codec_context.bit_rate if stream.codec_context.name.startswith("pcm") else 0
    return None if rate and _is_lie(seconds * rate / 8) else seconds


def _is_lie(n_bytes: float) -> bool:
    return n_bytes <= 0 or LIES <= n_bytes < 1 << 31 or LIES + (1 << 31) <= n_bytes < 1 << 32 or n_bytes >= 1 << 62


def present_part(path: str) -> float:
    """The part of its data that a wav, w64, caf or asf file holds, by the sizes in it: 1.0 where it is whole."""
    with open_file(path) as file:
        size = size_of(file)
        declared = _declared_end(file)
    if declared is None:
        return 1.0
    begin, end = declared
    return 1.0 if end <= size or _is_lie(end - begin) else max(size - begin, 0) / (end - begin)


def breaks_off(path: str) -> bool:
    """Whether an Ogg file lacks its last page, or the rest of it; False for other kinds."""
    with open_file(path) as file:
        if file.read(4) != b"OggS":
            return False
        size = size_of(file)
        file.seek(max(size - (1 << 17), 0))  # a page has 64 KB at most
        tail = file.read()
    at = tail.rfind(b"OggS\0")
    while at >= 0 and at + 27 > len(tail):
        at = tail.rfind(b"OggS\0", 0, at)
    if at < 0:
        return False  # something else lies behind the sound
    page = 27 + tail[at + 26] + sum(tail[at + 27 : at + 27 + tail[at + 26]])
    return at + page > len(tail) or not tail[at + 5] & 4


def _counted_frames(path: str) -> float | None:
    """Seconds by the first frame of an MP3 file, where that is Xing's, LAME's or Fraunhofer's table of its frames."""
    with open_file(path) as file:
        file.seek(id3v2_end(file))
        data = file.read(4096)
    start = re.search(rb"\xff[\xe2-\xff]", data)
    table = re.search(rb"Xing|Info|VBRI", data)
    if not start or not table or table.start() < start.start() or len(data) < table.start() + 180:
        return None
    version = data[start.start() + 1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rate = RATES[data[start.start() + 2] >> 2 & 3] >> {3: 0, 2: 1, 0: 2}.get(version, 0)
    frames, padding = _table_of(table[0], data[table.start() :])
    return (frames * (1152 if version == 3 else 576) - padding) / rate if frames and rate else None


def _table_of(name: bytes, table: bytes) -> tuple[int, int]:
    """Number of frames, 0 where it is not noted, and of samples that the encoder added."""
    if name == b"VBRI":
        return struct.unpack_from(">I", table, 14)[0], 0
    flags, frames = struct.unpack_from(">II", table, 4)
    at = 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    pads = int.from_bytes(table[at + 21 : at + 24], "big") if table[at : at + 1].isalpha() else 0  # LAME, Lavc ...
    return (frames if flags & 1 else 0), (pads >> 12) + (pads & 0xFFF)


def _declared_end(file: BinaryIO) -> tuple[int, int] | None:
    """Where the sound begins, and where it ends by the file's own word, in bytes; None where it says nothing."""
    file.seek(0)
    head = file.read(16)
    if head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE":
        return _data_of(_riff_chunks(file), b"data")
    if head[4:16] == b"\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00":
        return _data_of(_w64_chunks(file), b"data" + W64_GUID)
    if head.startswith(b"caff"):
        return _data_of(_caf_chunks(file), b"data")
    return _asf_end(file) if head.startswith(ASF_HEAD) else None


def _data_of(chunks: Iterator[tuple[bytes, int, int]], name: bytes) -> tuple[int, int] | None:
    return next(((begin, begin + size) for found, begin, size in chunks if found == name), None)


def _riff_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset, bytes) of each chunk of a wav file; in RF64 the size of ``data`` stands in ``ds64``."""
    long_size = None
    for name, at, size in chunks(file, 12, LITTLE, sys.maxsize):
        if name == b"ds64":
            long_size = struct.unpack("<8xQ", file.read(16).ljust(16, b"\0"))[0]
        yield name, at + 8, long_size if name == b"data" and long_size is not None else size


def _w64_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    at = 40
    while len(head := _read(file, at, 24)) == 24:
        name, size = struct.unpack("<16sQ", head)
        yield name, at + 24, size - 24
        at += max(size + -size % 8, 24)


def _caf_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """A size of -1 means: to the end of the file."""
    at = 8
    while len(head := _read(file, at, 12)) == 12:
        name, size = struct.unpack(">4sq", head)
        yield name, at + 12, max(size, 0)
        if size < 0:
            return
        at += 12 + size


def _asf_end(file: BinaryIO) -> tuple[int, int] | None:
    """The size of the file, as its properties have it; a stream that was broadcast does not know."""
    head = _read(file, 0, 1 << 16)
    at = head.find(ASF_FILE)
    if at < 0 or len(head) < at + 104:
        return None
    size, flags = struct.unpack_from("<Q", head, at + 40)[0], struct.unpack_from("<I", head, at + 88)[0]
    return None if flags & 1 or not size else (0, size)


def _read(file: BinaryIO, at: int, n: int) -> bytes:
    if at < 0 or at > 1 << 62:
        return b""
    file.seek(at)
    return file.read(n)
