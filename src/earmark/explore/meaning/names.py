"""Tracks that a text names: by title, artist or album."""

from collections.abc import Mapping

from earmark.catalogue.words import plain_words
from earmark.explore.meaning.concepts import mentions


def is_named(row: Mapping, text: str) -> bool:
    """Whether a text names a track, by its columns, well enough to come before what sounds so.

    It is the title, artist or album as a whole; or all its words are in them, and not all of them tell of a sound, so
    that *sad piano* asks for sad piano music and not for titles with these words.

    Examples
    --------
    >>> is_named({"title": "So What", "artist": "Miles Davis", "album": "Kind of Blue"}, "miles davis so what")
    True
    """
    words = plain_words(text)
    names = [plain_words(row[name] or "") for name in ("title", "artist", "album")]
    if not words or words in names:
        return bool(words)
    return set(words) <= {word for name in names for word in name} and not tells_of_sound(text)


def names_query(text: str) -> str:
    """The search of words that finds every track that `is_named` holds of, and few others; empty for no words."""
    words = plain_words(text)
    required = [" ".join(words)] if tells_of_sound(text) else words
    return " ".join(f'"{one}"' for one in required if one)


def tells_of_sound(text: str) -> bool:
    """Whether every word of a text belongs to a concept."""
    rest = list(text)
    for mention in mentions(text):
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    return not any(char.isalnum() for char in rest)
