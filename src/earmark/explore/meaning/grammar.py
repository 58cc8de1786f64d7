"""A question in words -> facts to filter by, what is not wanted, names in quotes, and the rest, for the encoder.

Eight languages: English, German, French, Spanish, Portuguese, Japanese, Chinese, Russian, and some Arabic.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from earmark.catalogue.filters import Filter, both
from earmark.explore.meaning.facts import Fact, facts, or_unknown
from earmark.explore.meaning.negation import Guess, Negation, negations
from earmark.explore.meaning.own import own_mentions

LONGEST = 500  # characters that are read
QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』|＂([^＂]+)＂')
WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # to ASCII, one for one
LEFT_OVER = re.compile(
    r"^(?:\s|[,.;:!?、。，；的の]|\b(?:and|but|with|at|in|und|aber|mit|bei|et|mais|avec|à|y|pero|con|e|mas|com|и|но|с)\b"
    r"(?=\W|$))+|(?:\s|[,.;:、。，；]|(?<!\w)(?:and|but|with|at|in|a|of|und|aber|mit|bei|et|mais|avec|à|y|pero|con|a|e|de|von"
    r"|from|mas|com|и|но|с|в|的|の|で))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Chip:
    """A piece of the question that was understood; asking again without it takes it away.

    kind : ``tempo``, ``key``, ``length``, ``year``, ``not``, ``words`` or ``left out``
    start, end : its place in the text
    """

    kind: str
    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Asked:
    """What a question says.

    Attributes
    ----------
    facts : see `earmark.explore.meaning.facts`
    denied : see `earmark.explore.meaning.negation`
    quotes : names that must be found in title, artist or album
    own : tags of the user's own that are wanted
    text : what is left
    """

    facts: tuple[Fact, ...] = ()
    denied: tuple[Negation, ...] = ()
    quotes: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    text: str = ""
    quoted: tuple[Chip, ...] = ()

    @property
    def where(self) -> Filter | None:
        """The tracks that all facts are true of; where a file has no year, its sound is asked in place of it."""
        found = None
        for fact in self.facts:
            found = both(found, or_unknown(fact.where) if fact.kind == "year" else fact.where)
        return found

    @property
    def not_wanted(self) -> tuple[str, ...]:
        """The concepts that are denied."""
        return tuple(dict.fromkeys(name for one in self.denied for name in one.concepts))

    @property
    def chips(self) -> list[Chip]:
        """Everything that was understood, by its place."""
        known = [Chip(fact.kind, fact.label, fact.start, fact.end) for fact in self.facts]
        denied = [_denied_chip(one) for one in self.denied]
        return sorted((*known, *denied, *self.quoted), key=lambda chip: chip.start)


def read_question(text: str, guess: Guess | None = None, own: Iterable[str] = ()) -> Asked:
    """Read a question; what is not understood is left in `Asked.text`.

    guess : the concept that a phrase means, for what is denied and is no phrase of ``concepts.toml``
    own : names of the user's own tags, which come before concepts and facts of the same name

    Examples
    --------
    >>> asked = read_question("rainy night jazz, no vocals, 80 to 100 bpm")
    >>> asked.text, asked.not_wanted, asked.facts[0].label
    ('rainy night jazz', ('voice/vocals',), 'tempo 80-100')
    """
    text = text[:LONGEST].translate(WIDE)
    quoted = [_quote(found) for found in QUOTED.finditer(text)]
    rest = _without(text, quoted)
    named = own_mentions(rest, own)
    rest = _without(rest, named)
    known = facts(rest)
    rest = _without(rest, known)
    denied = negations(rest, guess, named)
    rest = _tidied(_without(rest, denied))
    names = tuple(chip.label.removeprefix("words ").strip('"') for chip in quoted)
    wanted = dict.fromkeys(one.concept for one in named if not any(x.start < one.end <= x.end for x in denied))
    return Asked(tuple(known), tuple(denied), names, tuple(wanted), rest, tuple(quoted))


def _denied_chip(one: Negation) -> Chip:
    if one.concepts:
        return Chip("not", f"not {', '.join(one.concepts)}", one.start, one.end)
    return Chip("left out", "left out: no tag tells of it", one.start, one.end)


def _quote(found: re.Match[str]) -> Chip:
    name = next(filter(None, found.groups()))
    return Chip("words", f'words "{name}"', *found.span())


def _without(text: str, pieces: list) -> str:
    """The text with NUL in place of pieces, so that places stay and no pattern reaches across."""
    for piece in pieces:
        text = text[: piece.start] + "\0" * (piece.end - piece.start) + text[piece.end :]
    return text


def _tidied(text: str) -> str:
    """What is left of a text, without what joined it to the pieces that are gone."""
    parts = (LEFT_OVER.sub("", part).strip() for part in re.split("\0+", text))
    return re.sub(r"\s+", " ", ", ".join(filter(None, parts)))
