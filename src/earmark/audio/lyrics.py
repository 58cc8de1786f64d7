"""The words of a song, as files bring them: in their tags, or in a ``.lrc`` or ``.txt`` of the same name beside them.

Tags: LYRICS, UNSYNCEDLYRICS and the like (Vorbis comments, APEv2), ©lyr (MP4), WM/Lyrics (ASF) and USLT (ID3), all as
FFmpeg gives them; SYLT, which it passes over, is read here. Source: ID3v2.4.0 native frames, 4.8 and 4.9; LRC has no
standard, times stand in brackets before a line or a word.
"""

import codecs
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from earmark.audio.addresses import is_address
from earmark.audio.filetags.id3 import ENCODINGS, find_id3v2, frames_from, open_frames, tag_head
from earmark.audio.opening import open_file
from earmark.errors import AudioError, without_hidden

LONGEST = 9000  # characters that are kept; a long rap has 7,000
MOST_BYTES = 64 * 1024  # that are read of a file beside or of a frame
BESIDE = (".lrc", ".txt")
TAGS = ("lyrics", "unsyncedlyrics", "unsynced lyrics", "wm/lyrics", "syncedlyrics", "©lyr")
"""Names in FFmpeg's metadata; ``lyrics-eng`` and the like too, which it makes of USLT."""
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
TIME = re.compile(r"[\[<]\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?[\]>]")
HEAD = re.compile(r"^\[[a-z#]{1,10}:.*\]$", re.IGNORECASE)  # [ar:Somebody]
SYNCHRONISED = (b"SYLT", b"SLT")
WORDS_OF_SONG = 1  # a SYLT's kind of content


def read_lyrics(path: str | os.PathLike, metadata: Mapping[str, str] | None = None) -> str:
    """The words of a song, a line a line; empty where a file brings none, or nothing that can be read.

    A file beside counts more than tags, since somebody put it there by hand.

    Parameters
    ----------
    metadata : as for `earmark.audio.filetags.read_file_tags`
    """
    text = "" if is_address(path) else _beside(Path(path))
    if not text:
        text = _in_tags(_metadata_of(path) if metadata is None else metadata) or _in_sylt(path)
    return clean_lyrics(text)


def clean_lyrics(text: str) -> str:
    """Without times, heads of LRC, spaces around and what cannot be shown; at most `LONGEST` characters."""
    lines = (
        TIME.sub("", line).strip() for line in text[: 4 * LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    shown = [without_hidden(line) for line in lines if not HEAD.match(line)]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(shown)).strip()
    return joined[:LONGEST]


def _beside(path: Path) -> str:
    for suffix in BESIDE:
        other = path.with_suffix(suffix)
        try:
            if other != path and other.is_file():
                with open(other, "rb") as file:
                    return _decoded(file.read(MOST_BYTES))
        except (OSError, ValueError):
            continue
    return ""


def _decoded(data: bytes) -> str:
    """Text of any encoding that such files have; empty for what is no text."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data:
        return ""
    try:
        return data.decode("utf-8", "strict" if len(data) < MOST_BYTES else "ignore")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _metadata_of(path: str | os.PathLike) -> Mapping[str, str]:
    from earmark.audio.decode import read_metadata
    from earmark.audio.tagguard import tag_warnings

    try:
        return {} if tag_warnings(path) else read_metadata(path)
    except AudioError:
        return {}


def _in_tags(metadata: Mapping[str, str]) -> str:
    found = [text for name, text in metadata.items() if name in TAGS or name.startswith(("lyrics-", "uslt"))]
    return max(found, key=len, default="")


def _in_sylt(path: str | os.PathLike) -> str:
    try:
        with open_file(path) as file:
            return read_sylt(file)
    except (AudioError, OSError, ValueError):
        return ""


def read_sylt(file: BinaryIO) -> str:
    """The words of the first SYLT frame of a file's ID3v2 tag; empty where there is none. Raises ValueError."""
    file.seek(find_id3v2(file))
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3" or head[3] not in (2, 3, 4):
        return ""
    version, flags, size = tag_head(head)
    body, end = open_frames(file, version, flags, size)
    for frame in frames_from(body, version, end):
        if frame.name in SYNCHRONISED and not frame.flags:
            text = _timed(body.read(min(frame.length, MOST_BYTES)))
            if text:
                return text
    return ""


def _timed(data: bytes) -> str:
    """What a SYLT frame holds: encoding, language, unit, kind, a description, then texts with a time behind each."""
    if len(data) < 6 or data[0] >= len(ENCODINGS) or data[5] != WORDS_OF_SONG:
        return ""
    encoding, wide = ENCODINGS[data[0]], data[0] in (1, 2)
    end = b"\0\0" if wide else b"\0"
    _, at = _until(data, 6, end)
    parts = []
    while at < len(data):
        text, at = _until(data, at, end)
        parts.append(text.decode(encoding, "replace").lstrip("\ufeff"))
        at += 4  # milliseconds, or frames
    whole = "".join(parts)
    return whole if "\n" in whole else "\n".join(parts)


def _until(data: bytes, at: int, end: bytes) -> tuple[bytes, int]:
    """What stands before the next end of a text, and where it goes on after that."""
    step = len(end)
    for place in range(at, len(data) - step + 1, step):
        if data[place : place + step] == end:
            return data[at:place], place + step
    return data[at:], len(data)
