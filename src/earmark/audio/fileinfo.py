"""What one file says of itself beside its sound: tags, codec, bit rate; and a checksum that tells of changes."""

import hashlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from earmark.audio.addresses import name_of
from earmark.audio.decode import SoundFormat, read_format
from earmark.audio.earprint import Earprint, is_earprint, read_earprint_head
from earmark.audio.filetags import FileTags, read_file_tags
from earmark.audio.lyrics import read_lyrics
from earmark.audio.opening import open_file, size_of
from earmark.errors import printable

HEAD, TAIL = 16_384, 4_096  # bytes; tags stand at the beginning of most files, at the end of some
NO_CHECKSUM = b""


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file, apart from what is heard in it.

    Attributes
    ----------
    tags : its own; the title is the file's name where it has none
    sound : how its sound is coded; empty for an earprint
    checksum : of its first and last bytes, 8 bytes, see `checksum`
    lyrics : the words of the song, see `earmark.audio.lyrics.read_lyrics`; empty where it brings none
    """

    tags: FileTags = field(default_factory=FileTags)
    sound: SoundFormat = field(default_factory=SoundFormat)
    checksum: bytes = NO_CHECKSUM
    lyrics: str = ""


def read_file_info(path: str | os.PathLike) -> FileInfo:
    """Read an audio file's or earprint's own description, without its sound. Raises AudioError."""
    if is_earprint(path):
        return info_of_earprint(path)
    metadata, sound = read_format(path)
    tags = titled(read_file_tags(path, metadata), path)
    return FileInfo(tags, sound, checksum(path), read_lyrics(path, metadata))


def info_of_earprint(path: str | os.PathLike) -> FileInfo:
    """The same of an earprint, by its head. Raises AudioError."""
    return FileInfo(titled(read_earprint_head(path).tags, path), checksum=checksum(path))


def info_of(path: str | os.PathLike, earprint: Earprint) -> FileInfo:
    """What `read_file_info` reads, of a file that `earprint` was just made from."""
    lyrics = "" if is_earprint(path) else read_lyrics(path)
    return FileInfo(titled(earprint.tags, path), earprint.sound, checksum(path), lyrics)


def titled(tags: FileTags, path: str | os.PathLike) -> FileTags:
    """The tags, with the file's name as title where they have none."""
    return tags if tags.title else replace(tags, title=Path(printable(name_of(path))).stem)


def checksum(path: str | os.PathLike) -> bytes:
    """8 bytes over the first 16 kB and the last 4 kB; empty where the file cannot be read.

    It finds tags that were rewritten by a program that set size and time back to what they were.
    """
    try:
        with open_file(path) as file:
            head = file.read(HEAD)
            file.seek(max(size_of(file) - TAIL, 0))
            return hashlib.blake2b(head + file.read(TAIL), digest_size=8).digest()
    except OSError:
        return NO_CHECKSUM
