"""Files of every kind whose tags are far more than anybody needs, or expand to it, by hand."""

import struct
import zlib
from collections.abc import Callable

from earmark.audio.filetags.oggpages import crc
from tagbytes import apev2, atom, chunk, id3v2

MANY = 20_000  # entries, each with a name of its own: a second or more of FFmpeg's time


def names(n: int) -> list[bytes]:
    return [b"%06x" % i for i in range(n)]


def frame3(name: bytes, content: bytes, flags: int = 0) -> bytes:
    """A frame of ID3v2.3, of any size."""
    return name + struct.pack(">IBB", len(content), 0, flags) + content


def tag3(body: bytes, flags: int = 0) -> bytes:
    return id3v2(body, version=3, flags=flags)


def txxx(n: int = MANY) -> bytes:
    return tag3(b"".join(frame3(b"TXXX", b"\0" + name + b"\0v") for name in names(n)))


def compressed(expanded: int, said: int | None = None) -> bytes:
    packed = zlib.compress(b"\0" + bytes(expanded), 9)
    return tag3(frame3(b"TIT2", struct.pack(">I", said or expanded + 1) + packed, 0x80))


def comments(n: int = MANY) -> bytes:
    return struct.pack("<I", 0) + struct.pack("<I", n) + b"".join(
        struct.pack("<I", 8) + name + b"=v" for name in names(n)
    )  # fmt: skip


def in_ogg(file: bytes, mark: bytes, packet: bytes) -> bytes:
    """An Ogg file with another packet of comments; what follows it on its page is kept."""
    first = page_at(file, 0)
    second = page_at(file, first[1])
    serial, lacing = file[14:18], list(second[2])
    count = next(i + 1 for i, n in enumerate(lacing) if n < 255)
    rest = second[3][sum(lacing[:count]) :]
    whole = mark + packet + (b"\1" if mark == b"\x03vorbis" else b"")
    segments = [255] * (len(whole) // 255) + [len(whole) % 255]
    groups = [segments[k : k + 200] for k in range(0, len(segments), 200)]
    out, at = [], 0
    for i, group in enumerate(groups):
        last = i == len(groups) - 1
        body = whole[at : at + sum(group)] + (rest if last else b"")
        at += sum(group)
        out.append(ogg_page(serial, i + 1, i > 0, group + (lacing[count:] if last else []), body))
    return file[: first[1]] + b"".join(out) + file[second[1] :]


def page_at(file: bytes, at: int) -> tuple[int, int, bytes, bytes]:
    """(start, stop, lacing, body)."""
    n = file[at + 26]
    lacing = file[at + 27 : at + 27 + n]
    body = file[at + 27 + n : at + 27 + n + sum(lacing)]
    return at, at + 27 + n + sum(lacing), lacing, body


def ogg_page(serial: bytes, number: int, goes_on: bool, lacing: list[int], body: bytes) -> bytes:
    head = b"OggS\0" + bytes((goes_on,)) + bytes(8) + serial + struct.pack("<II", number, 0)
    page = bytearray(head + bytes((len(lacing),)) + bytes(lacing) + body)
    page[22:26] = struct.pack("<I", crc(bytes(page)))
    return bytes(page)


def in_flac(file: bytes, kind: int, block: bytes) -> bytes:
    """A flac file with one more block after its first."""
    return file[:42] + bytes((kind,)) + len(block).to_bytes(3) + block + file[42:]


def in_aiff(file: bytes, part: bytes) -> bytes:
    """An aiff file with one more chunk, which its head counts."""
    return b"FORM" + (len(file) - 8 + len(part)).to_bytes(4) + file[8:12] + part + file[12:]


def in_m4a(file: bytes, tags: bytes) -> bytes:
    """An m4a file with `tags` at the end of its film, which is the last of its atoms."""
    at = file.index(b"moov") - 4
    size = int.from_bytes(file[at : at + 4])
    return file[:at] + atom(b"moov", file[at + 8 : at + size] + tags) + file[at + size :]


def ilst(n: int = MANY) -> bytes:
    def item(name: bytes) -> bytes:
        parts = atom(b"mean", bytes(4) + b"a"), atom(b"name", bytes(4) + name)
        return atom(b"----", b"".join(parts) + atom(b"data", struct.pack(">II", 1, 0) + b"v"))

    handler = atom(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return atom(b"udta", atom(b"meta", bytes(4) + handler + atom(b"ilst", b"".join(map(item, names(n))))))


def info(n: int = MANY) -> bytes:
    return chunk(b"LIST", b"INFO" + b"".join(chunk(b"%04x" % i, b"v\0") for i in range(n)))


BOMBS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a frame a name": ("mp3", lambda d: txxx() + d),
    "equal frames": ("mp3", lambda d: tag3(frame3(b"TIT2", b"\0a") * MANY) + d),
    "private frames": ("mp3", lambda d: tag3(b"".join(frame3(b"PRIV", n + b"\0v") for n in names(MANY))) + d),
    "a tag a frame": ("mp3", lambda d: b"".join(tag3(frame3(b"TXXX", b"\0" + n + b"\0v")) for n in names(MANY)) + d),
    "a frame that expands": ("mp3", lambda d: compressed(30_000_000) + d),
    "a frame that says it expands": ("mp3", lambda d: compressed(10, 500_000_000) + d),
    "a long frame": ("mp3", lambda d: tag3(frame3(b"TIT2", b"\0" + b"a" * (5 << 20))) + d),
    "frames after damage": ("mp3", lambda d: tag3(b"\1\2\3\4" + frame3(b"TXXX", b"\0a\0v") * MANY) + d),
    "frames of version 2.2": ("mp3", lambda d: id3v2(*[b"TT2\0\0\2\0a"] * MANY, version=2) + d),
    "unsynchronised frames": ("mp3", lambda d: tag3(frame3(b"TXXX", b"\0a\0v") * MANY, flags=0x80) + d),
    "ID3 in flac": ("flac", lambda d: txxx() + d),
    "ID3 in wav": ("wav", lambda d: d[:12] + chunk(b"id3 ", txxx()) + d[12:]),
    "ID3 in aiff": ("aiff", lambda d: in_aiff(d, chunk(b"ID3 ", txxx(), ">"))),
    "comments of flac": ("flac", lambda d: in_flac(d, 4, comments())),
    "pictures of flac": ("flac", lambda d: in_flac(in_flac(d, 4, comments()), 4, comments())),
    "comments of opus": ("opus", lambda d: in_ogg(d, b"OpusTags", comments())),
    "comments of vorbis": ("ogg", lambda d: in_ogg(d, b"\x03vorbis", comments())),
    "atoms": ("m4a", lambda d: in_m4a(d, ilst())),
    "RIFF INFO": ("wav", lambda d: d[:12] + info() + d[12:]),
    "many lists of RIFF": ("wav", lambda d: d[:12] + info(50) * 200 + d[12:]),
    "APEv2": ("wv", lambda d: d + apev2({name.decode(): b"v" for name in names(MANY)})),
}
"""Name -> suffix of a sound file, and what makes a bomb of its bytes."""
