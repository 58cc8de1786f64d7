"""The concepts that a text can ask for, and where they stand in it by name; from ``concepts.toml``."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MOST_WORDS = 4  # of a phrase that is looked for as it stands
SHORTEST_STEM = 4  # letters
LONGEST_UNSPACED = 12  # characters of a phrase in a script without spaces

UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff々ー]"
_TOKEN = re.compile(rf"({UNSPACED}+)|((?:(?!{UNSPACED})[\w&'’/])+(?:-(?:(?!{UNSPACED})[\w'’])+)*)")
_ENDINGS = tuple(
    sorted(
        "s es e en er em n o a os as y ый ий ая яя ое ее ые ие ой ую юю ых их ого его ому ему ом ем ым им ой ей ами ями"
        " ах ях ов ев ам ям и ы а о е у ь я ю".split(),
        key=len,
        reverse=True,
    )
)
_HEADS = ("musik", "music")  # that a language writes together with what kind it is: Klaviermusik


@dataclass(frozen=True)
class Concept:
    """Something that a sound can be, with what people call it.

    Attributes
    ----------
    name : as its first tag, ``genre/jazz``
    tags : ``group/tag`` -> weight, what its direction is made of
    phrases : language -> what it is called, the plainest first
    hints : what makes one think of it, and is no name of it
    """

    name: str
    tags: dict[str, float]
    phrases: dict[str, tuple[str, ...]]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A concept that is named in a text, or hinted at, from `start` to `end`."""

    concept: str
    start: int
    end: int
    is_hint: bool = False


@dataclass(frozen=True)
class _Token:
    stem: str
    start: int
    end: int
    unspaced: bool


@cache
def concepts() -> dict[str, Concept]:
    """All of them, by name."""
    text = files("earmark.explore.meaning").joinpath("concepts.toml").read_text(encoding="utf-8")
    return {name: _concept(name, dict(values)) for name, values in tomllib.loads(text).items()}


def _concept(name: str, values: dict) -> Concept:
    tags = values.pop("tags", {name: 1.0})
    hints = _split(values.pop("hints", ""))
    return Concept(name, tags, {language: _split(text) for language, text in values.items()}, hints)


def _split(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(";") if phrase.strip())


def mentions(text: str) -> list[Mention]:
    """The concepts that stand in a text by name, the longest phrase at each place, in their order.

    Case, accents, hyphens and usual endings of words do not matter: ``guitarras`` is ``guitarra``.

    Examples
    --------
    >>> [found.concept for found in mentions("Traurige Klaviermusik")]
    ['mood/sadness', 'instrument/piano']
    """
    named, found = _named(), []
    tokens = list(_tokens(text))
    i = 0
    while i < len(tokens):
        if tokens[i].unspaced:
            found += _unspaced(text, tokens[i])
            i += 1
            continue
        for n in range(min(MOST_WORDS, len(tokens) - i), 0, -1):
            key = " ".join(token.stem for token in tokens[i : i + n])
            if key in named:
                name, is_hint = named[key]
                found.append(Mention(name, tokens[i].start, tokens[i + n - 1].end, is_hint))
                i += n
                break
        else:
            i += 1
    return found


def _unspaced(text: str, token: _Token) -> Iterator[Mention]:
    """Concepts in a run of a script without spaces: from the left, the longest that fits."""
    named, i = _named(), token.start
    while i < token.end:
        for n in range(min(LONGEST_UNSPACED, token.end - i), 0, -1):
            if (one := named.get(_fold(text[i : i + n]))) is not None:
                yield Mention(one[0], i, i + n, one[1])
                i += n
                break
        else:
            i += 1


@cache
def _named() -> dict[str, tuple[str, bool]]:
    """Stems of a phrase, or the phrase in a script without spaces -> the concept, and whether it is a hint."""
    named: dict[str, tuple[str, bool]] = {}
    every = concepts().values()
    names = [(phrase, (c.name, False)) for c in every for many in c.phrases.values() for phrase in many]
    hints = [(phrase, (c.name, True)) for c in every for phrase in c.hints]
    for phrase, meant in names + hints:
        tokens = list(_tokens(phrase))
        if len(tokens) == 1 and tokens[0].unspaced:
            for form in _adjective_forms(phrase):
                named.setdefault(_fold(form), meant)
        elif len(tokens) <= MOST_WORDS:
            named.setdefault(" ".join(token.stem for token in tokens), meant)
    return named


def _adjective_forms(phrase: str) -> Iterator[str]:
    """A Japanese adjective, and its form before a word of negation: 悲しい, 悲しく."""
    yield phrase
    if phrase.endswith("い"):
        yield phrase[:-1] + "く"


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        if found[1]:
            yield _Token(_fold(found[1]), *found.span(), True)
            continue
        start = found.start()
        for word in re.split("(-)", found[0]):
            if word and word != "-":
                yield _Token(stem(word), start, start + len(word), False)
            start += len(word)


@cache
def stem(word: str) -> str:
    """A word without its usual ending, for all languages alike: ``guitarras``, ``guitarra`` -> ``guitarr``."""
    word = _fold(word)
    for head in _HEADS:
        if word.endswith(head) and len(word) - len(head) >= SHORTEST_STEM:
            word = word.removesuffix(head)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _fold(word: str) -> str:
    """Without case and accents; a breve of й and the dots of a Japanese syllable belong to the letter."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c) or c in "\u0306\u3099\u309a")
    return unicodedata.normalize("NFC", kept)
