"""Words that are sung: those of a track, and the tracks that sing what is asked for, by ``lyrics:"..."``."""

import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from earmark.catalogue.filters import Filter, Like, OneOf, Or, both
from earmark.catalogue.store import Store
from earmark.catalogue.words import parse_words
from earmark.errors import NotFound, QueryError

COLUMN = "lyrics"
ASKED = re.compile(r'(?<!\S)(?:lyrics|text|songtext):\s*(?:["“”„]([^"“”„]*)["“”]|(\S+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The words of a song.

    Attributes
    ----------
    track_id : of the track
    text : a line a line, as its files bring them
    language : ISO 639-1; None where it cannot be told
    confidence : 0..1, how far the language is before the next; None without one
    """

    track_id: str
    text: str
    language: str | None
    confidence: float | None

    def to_dict(self) -> dict:
        """The JSON object of ``lyrics --json``."""
        return asdict(self) | {"confidence": None if self.confidence is None else round(self.confidence, 3)}


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that shall be sung, and their place in the question."""

    words: str
    start: int
    end: int


def read(store: Store, reference: str | os.PathLike) -> Lyrics:
    """The words of a track; raises NotFound where none of its files brings any."""
    track = store.track(store.resolve(reference))
    text = store.lyrics(track.track_id)
    if not text:
        remedy = "Put them into its tags, or into a .lrc or .txt of its name beside it, and scan with --reread."
        raise NotFound(track.name, "none of its files brings lyrics", remedy)
    told = (track.fields.get("lyrics_language"), track.fields.get("lyrics_confidence"))
    return Lyrics(track.track_id, text, *told)


def asked(store: Store, text: str, where: Filter | None) -> tuple[str, Filter | None]:
    """What is left of a question without ``lyrics:"..."``, and the filter with the tracks that sing these words.

    Words in quotes stand in a row, over the ends of lines too; several such parts must all be sung.

    Raises QueryError where there is nothing to look for.
    """
    rest, parts = split(text)
    return (rest.strip() if parts else text), sung(store, parts, where)


def split(text: str) -> tuple[str, list[Sought]]:
    """A question with blanks in place of ``lyrics:"..."``, and the words that are sought there."""
    parts = [Sought(found[1] or found[2] or "", *found.span()) for found in ASKED.finditer(text)]
    return ASKED.sub(lambda found: " " * len(found[0]), text), parts


def sung(store: Store, parts: Iterable[Sought], where: Filter | None) -> Filter | None:
    """The filter with the tracks that sing all these words; raises QueryError where there is nothing to look for."""
    for part in parts:
        where = both(where, _sung(store, part.words))
    return where


def _sung(store: Store, words: str) -> Filter:
    terms = parse_words(f'"{words}"').terms
    if not terms:
        raise QueryError(f"lyrics:{words}", "nothing to look for", 'Write words, as in lyrics:"silent night".')
    if not store.has_lyrics():
        return OneOf("track_id", ("",))
    conditions = tuple(Like(COLUMN, f"% {_plain(form)} %") for form in terms[0].forms)
    return conditions[0] if len(conditions) == 1 else Or(conditions)


def _plain(form: str) -> str:
    """As it is, whatever it means in a pattern."""
    return re.sub(r"([%_\\])", r"\\\1", form)
