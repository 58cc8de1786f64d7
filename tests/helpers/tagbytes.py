"""Tags as bytes, made by hand from their specifications, so that tests know what is in them."""

import struct


def synchsafe(n: int) -> bytes:
    """Seven bits a byte."""
    return bytes(n >> shift & 127 for shift in (21, 14, 7, 0))


def frame(name: str, content: bytes, version: int = 4, flags: int = 0) -> bytes:
    """One ID3v2 frame."""
    if version == 2:
        return name.encode() + len(content).to_bytes(3) + content
    size = synchsafe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return name.encode() + size + bytes((0, flags)) + content


def text_frame(name: str, text: str, version: int = 4) -> bytes:
    """A frame of UTF-8 text (in versions before 2.4 UTF-16)."""
    content = b"\x03" + text.encode() if version == 4 else b"\x01" + text.encode("utf-16")
    return frame(name, content, version)


def id3v2(*frames: bytes, version: int = 4, flags: int = 0, padding: int = 0) -> bytes:
    """A whole ID3v2 tag."""
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes((version, 0, flags)) + synchsafe(len(body)) + body


def id3v1(title: str = "", artist: str = "", album: str = "", year: str = "", genre: int = 255) -> bytes:
    """A whole ID3v1 tag, 128 bytes."""
    sizes = ((title, 30), (artist, 30), (album, 30), (year, 4), ("", 30))
    return b"TAG" + b"".join(text.encode("latin-1")[:n].ljust(n, b"\0") for text, n in sizes) + bytes((genre,))


def apev2(items: dict[str, bytes], flags: int = 0) -> bytes:
    """A whole APEv2 tag, with a footer and no header."""
    body = b"".join(struct.pack("<II", len(v), flags) + k.encode() + b"\0" + v for k, v in items.items())
    return body + b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, len(items), 0) + bytes(8)


def chunk(name: bytes, content: bytes, order: str = "<") -> bytes:
    """A chunk of RIFF (order ``<``) or AIFF (``>``)."""
    return name + struct.pack(order + "I", len(content)) + content + bytes(len(content) % 2)


def dsf(tag: bytes) -> bytes:
    """A DSF file of silence whose ID3 tag lies at its end."""
    sound = bytes([0x69]) * 8192
    form = b"fmt " + struct.pack("<QIIIIIIQII", 52, 1, 0, 1, 1, 2_822_400, 1, len(sound) * 8, 4096, 0)
    data = b"data" + struct.pack("<Q", 12 + len(sound)) + sound
    at = 28 + len(form) + len(data)
    return b"DSD " + struct.pack("<QQQ", 28, at + len(tag), at) + form + data + tag


def atom(name: bytes, content: bytes) -> bytes:
    """An atom of MP4."""
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(*items: bytes) -> bytes:
    """An MP4 file that holds tags and nothing else."""
    tags = atom(b"meta", bytes(4) + atom(b"hdlr", bytes(25)) + atom(b"ilst", b"".join(items)))
    return atom(b"ftyp", b"M4A \0\0\0\0") + atom(b"moov", atom(b"mvhd", bytes(100)) + atom(b"udta", tags))


def mp4_value(content: bytes, kind: int = 1) -> bytes:
    """One value of an item of `mp4`."""
    return atom(b"data", struct.pack(">II", kind, 0) + content)
