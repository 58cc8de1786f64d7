"""The head of an earprint: what it must hold, in one table, and how it becomes values that can be trusted."""

import json
import os
import re
from dataclasses import dataclass
from typing import Any

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.config import FeatureConfig
from earmark.audio.filetags import FileTags, clean_text
from earmark.audio.incomplete import Incomplete
from earmark.audio.loudness import Loudness
from earmark.audio.npz import NpzReader
from earmark.audio.schema import Rule, flag, listed, number, optional, pattern, record, record_of, shown, text, whole
from earmark.errors import AudioError

VERSION = 2  # 1 had no chroma and no loudness
REMEDY = "Make it again from the audio with `earmark earprint`."
MAX_HEAD = 500_000  # characters; the loudness curve of an hour takes 25,000
MAX_WARNINGS = 20
MAX_DURATION = 30 * 86_400  # seconds
TRACK_ID = r"[0-9a-f]{20}"


def _tag(value: Any) -> str:
    """A tag as `read_file_tags` would give it: what steers terminals, or is too long, is mended and not refused."""
    return clean_text([text(MAX_HEAD)(value)])


def _year(value: Any) -> int | None:
    year = optional(whole(-(10**9), 10**9))(value)
    return year if year is not None and 1800 <= year <= 2099 else None


def _chroma_is_ours(value: Any) -> bool:
    ours = DEFAULT_CHROMA.to_dict()
    return isinstance(value, dict) and ours | value == ours


OPTIONAL = frozenset({"loudness", "chroma", "incomplete", "warnings"})
HEAD: Rule = record(
    {
        "features": FeatureConfig.from_dict,
        "duration": number(0, MAX_DURATION),
        "track_id": pattern(TRACK_ID, "an id of 20 hexadecimal digits"),
        "truncated": flag,
        "incomplete": optional(record_of(Incomplete)),
        "warnings": listed(_tag, MAX_WARNINGS),
        "tags": record_of(FileTags, title=_tag, artist=_tag, album=_tag, genre=_tag, year=_year),
        "mel_low": number(-1000, 1000),
        "mel_step": number(0, 1000),
        "loudness": optional(record_of(Loudness)),
        "chroma": _chroma_is_ours,
    },
    may_lack=OPTIONAL,
)
"""Key -> rule. Keys that are not here are left alone: a later version may have added them."""


@dataclass(frozen=True)
class Head:
    """The head of an earprint, checked.

    Attributes
    ----------
    features, duration, track_id, truncated, tags, loudness, incomplete, warnings : as in
        `earmark.audio.earprint.Earprint`
    mel_low, mel_step : offset and step of the bytes in ``mel``
    has_our_chroma : its chroma, if there is any, was made as ours is
    """

    features: FeatureConfig
    duration: float
    track_id: str
    truncated: bool
    tags: FileTags
    mel_low: float
    mel_step: float
    loudness: Loudness | None
    has_our_chroma: bool
    incomplete: Incomplete | None
    warnings: tuple[str, ...] = ()


def read_head(archive: NpzReader, path: str | os.PathLike) -> Head:
    """The head of an archive.

    Raises
    ------
    AudioError : made by a newer earmark
    ValueError : anything in it breaks its rule; the message names the key
    """
    found = json.loads(archive.text("head", MAX_HEAD))
    if not isinstance(found, dict) or found.get("format") != "earprint":
        raise ValueError(f"format {shown(found.get('format') if isinstance(found, dict) else found)}")
    if whole(1, 10**6)(found.get("version")) > VERSION:
        raise AudioError(path, f"earprint version {found['version']} is newer than this earmark", "Update earmark.")
    values = HEAD(found)
    values["tags"] = FileTags(**values["tags"])
    values["loudness"] = Loudness(**values["loudness"]) if values.get("loudness") else None
    values["incomplete"] = Incomplete(**values["incomplete"]) if values.get("incomplete") else None
    values["has_our_chroma"] = values.pop("chroma", False)
    return Head(**values)


def is_track_id(value: Any) -> bool:
    """Whether it is the hash of some audio as earmark writes it: 20 hexadecimal digits in lower case."""
    return isinstance(value, str) and re.fullmatch(TRACK_ID, value) is not None
