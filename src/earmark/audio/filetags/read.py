"""All the tags of a file, joined into one `FileTags`."""

import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from earmark.audio.filetags.apev2 import read_apev2
from earmark.audio.filetags.bounds import MAX_VALUE, Fields
from earmark.audio.filetags.id3 import id3v2_end, read_id3v1, read_id3v2
from earmark.audio.filetags.metadata import metadata_fields
from earmark.audio.filetags.mp4 import read_mp4
from earmark.audio.opening import open_file
from earmark.errors import AudioError, Unreachable, without_hidden

MAX_LENGTH = 500  # characters kept of one tag; some files carry whole web pages

YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")

READERS: tuple[Callable[[BinaryIO], Fields], ...] = (read_id3v2, read_apev2, read_id3v1, read_mp4)
"""In the order in which they are believed."""


@dataclass(frozen=True, slots=True)
class FileTags:
    """The tags of one file, in the words of the file; `genre` is none of our own tags.

    Attributes
    ----------
    title, artist, album, genre : at most `MAX_LENGTH` characters without control characters, several values joined
        with "; "; empty where the file has none
    year : four digits, from 1800 to 2099; None where the file has none
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    year: int | None = None
    genre: str = ""


def read_file_tags(path: str | os.PathLike, metadata: Mapping[str, str] | None = None) -> FileTags:
    """Read the tags of one file: ID3, APEv2, MP4, Vorbis comments, RIFF INFO, ASF and what else FFmpeg reads.

    Parameters
    ----------
    path : any file; one that is missing, damaged, without tags or with more than are read has empty ones, which is no
        error; see `earmark.audio.tagguard.tag_warnings`
    metadata : that of `load_audio` or `read_metadata`, where the file has been opened before
    """
    from earmark.audio.tagguard import tag_warnings  # which walks tags by the readers of this package

    if tag_warnings(path):
        return FileTags()
    fields = _joined(_sources(os.fspath(path), metadata))
    text = {field: clean_text(fields.get(field, [])) for field in ("title", "artist", "album", "genre")}
    year = YEAR.search("; ".join((*fields.get("date", []), *fields.get("originaldate", []))))
    return FileTags(**text, year=int(year[0]) if year else None)


def _sources(path: str, metadata: Mapping[str, str] | None) -> list[Fields]:
    """The fields by each reader, the one first that is believed most."""
    from earmark.audio.decode import read_metadata  # which bounds its tags by this package

    try:
        metadata = read_metadata(path) if metadata is None else metadata
        with open_file(path) as file:
            vorbis = _holds_vorbis_comments(file)
            found = [_read(reader, file) for reader in READERS]
    except Unreachable:
        raise
    except (AudioError, OSError):
        return []
    known = metadata_fields(metadata, vorbis)
    return [known, *found] if vorbis else [*found, known]


def _read(reader: Callable[[BinaryIO], Fields], file: BinaryIO) -> Fields:
    try:
        return reader(file)
    except (struct.error, ValueError, OverflowError, OSError):  # damaged, so absent
        return {}


def _holds_vorbis_comments(file: BinaryIO) -> bool:
    """Whether it is flac or ogg, perhaps with an ID3 tag in front, which no such file should have."""
    file.seek(id3v2_end(file))
    return file.read(4) in (b"fLaC", b"OggS")


def _joined(sources: Iterable[Fields]) -> Fields:
    """Each field from the first source that has it, or from a later one that has the same value and more."""
    joined: Fields = {}
    for fields in sources:
        for field, values in _filled(fields):
            known = joined.setdefault(field, values)
            if len(values) > len(known) and values[0] == known[0]:
                joined[field] = values
    return joined


def _filled(fields: Fields) -> Iterator[tuple[str, list[str]]]:
    """The fields that have a value, without the empty ones among their values."""
    for field, values in fields.items():
        kept = [value for value in values if value.strip()]
        if kept:
            yield field, kept


def clean_text(values: list[str]) -> str:
    """All different values as one text of at most `MAX_LENGTH` characters that can be shown on any terminal."""
    cleaned = (without_hidden(value[:MAX_VALUE]).strip() for value in values)
    return "; ".join(dict.fromkeys(value for value in cleaned if value))[:MAX_LENGTH].strip()
