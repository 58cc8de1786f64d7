"""Whether a file of MP4, Matroska or Windows Media has pictures that move, from a few bytes of its headers.

A scan asks this in its own process, where no decoder may run. At most `MOST_ELEMENTS` short reads are made, whatever
the file says of itself. Sources: ISO/IEC 14496-12 (boxes), RFC 8794 and 9559 (EBML, Matroska), the ASF specification.
"""

from collections.abc import Iterator
from typing import BinaryIO

MOST_ELEMENTS = 2_000
FARTHEST = 1 << 43  # bytes; no disk holds a longer file, and some refuse to look there
HEADER_BYTES = 65_536  # in which Windows Media describes its streams

BOXES = (b"moov", b"trak", b"mdia")  # the way to a track's handler; they are entered, all others are passed over
EBML = b"\x1a\x45\xdf\xa3"
SEGMENT, TRACKS, TRACK, TRACK_TYPE, CLUSTER = 0x18538067, 0x1654AE6B, 0xAE, 0x83, 0x1F43B675
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
ASF_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")


def shows_video(path: str) -> bool | None:
    """True with a video track, False with sound alone, None where the file does not tell or is of another kind."""
    try:
        with open(path, "rb") as file:
            kinds = _kinds_of_tracks(file)
    except OSError:
        return None
    return "video" in kinds if kinds else None


def _kinds_of_tracks(file: BinaryIO) -> set[str]:
    """`video` and `sound`, as far as there are such tracks."""
    head = file.read(16)
    if head[4:8] == b"ftyp":
        return set(_mp4_tracks(file))
    if head.startswith(EBML):
        return set(_matroska_tracks(file))
    if head == ASF:
        header = file.read(HEADER_BYTES)
        return {kind for kind, mark in (("video", ASF_VIDEO), ("sound", ASF_SOUND)) if mark in header}
    return set()


def _mp4_tracks(file: BinaryIO) -> Iterator[str]:
    at = 0
    for _ in range(MOST_ELEMENTS):
        file.seek(at)
        head = file.read(32)
        size, name, begins = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:  # the true size follows in 64 bits
            size, begins = int.from_bytes(head[8:16], "big"), 16
        if name == b"hdlr" and (kind := {b"vide": "video", b"soun": "sound"}.get(head[begins + 8 : begins + 12])):
            yield kind
        if size < begins or name == b"moof" or at + size > FARTHEST:  # the end, or fragments: all tracks are told
            return
        at += begins if name in BOXES else size


def _matroska_tracks(file: BinaryIO) -> Iterator[str]:
    at = 0
    for _ in range(MOST_ELEMENTS):
        file.seek(at)
        head = file.read(13)
        name, n_name = _number(head, keep_mark=True)
        size, n_size = _number(head[n_name:])
        begins = n_name + n_size
        if not n_name or not n_size or name == CLUSTER or at + size > FARTHEST:
            return
        if name == TRACK_TYPE and (kind := {b"\1": "video", b"\2": "sound"}.get(head[begins : begins + 1])):
            yield kind
        at += begins if name in (SEGMENT, TRACKS, TRACK) else begins + size


def _number(data: bytes, keep_mark: bool = False) -> tuple[int, int]:
    """An EBML number and its length in bytes, (0, 0) where there is none; the mark that tells the length may stay."""
    length = 9 - data[0].bit_length() if data and data[0] else 0
    if not 0 < length <= len(data):
        return 0, 0
    value = int.from_bytes(data[:length], "big")
    return (value if keep_mark else value & ~(1 << 7 * length)), length
