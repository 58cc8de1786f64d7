"""Text for the search by words: what is stored of a track, and what a query asks for, both folded alike.

Text is folded (`fold`) and cut into tokens here, not by the store, whose index only splits at spaces. So a row that is
not indexed yet is found like any other, and every language is treated alike: no stemming, no stop words.

Scripts that write words without spaces between them (Chinese, Japanese, Thai ...), and Korean, are cut into single
characters. A query in them asks for its characters in a row, so any part of a word is found.

A word with punctuation inside is stored in one form, and in the other ways people type it at the end of the text:
``AC/DC`` as ``ac dc`` and ``acdc``, ``P!nk`` as ``p nk``, ``pnk`` and ``pink``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from earmark.errors import QueryError

FORM = 1  # raised when stored text changes its form, so that the next scan writes and indexes it anew
BOUNDARY = "|"  # between two parts, which no phrase may bridge; no token of a query
MAX_TOKEN = 64  # characters of a token that count
MAX_TOKENS = 256  # of a query
MOST_PIECES, MOST_JOINED = 6, 30  # pieces and characters of a word that people still write as one

_SILENT = re.compile("[™®©℠\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")  # also tones of emoji
_QUOTES = str.maketrans(dict.fromkeys("“”„‟″＂", '"') | dict.fromkeys("‘’‚‛ʼʻ´`′＇", "'"))
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"}
)
"""Letters that are no letter with a mark to Unicode, as they are typed without the right keyboard."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_STANDS_FOR = (
    ("!(?=[^\\W\\d])", "i"), ("[$]", "s"), ("@", "a"), ("€", "e"), ("&", "n"), ("&", "and"),
    ("μ(?=\\W*[a-z])", "u"), ("μ(?=\\W*[a-z])", "mu"),
)  # fmt: skip
"""Signs within a word and what people type for them: P!nk, Ke$ha, R&B, µ-Ziq."""
_MARKED = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")  # scripts whose marks are often not typed
_KEPT_MARKS = {("CYRILLIC", "\u0306"), ("ARABIC", "\u0653"), ("ARABIC", "\u0654"), ("ARABIC", "\u0655")}  # й, آ, أ, إ
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u312f\u3130-\u318f\u31a0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_TELLING = set("!?*#%†‡")  # punctuation that a title may consist of, such as "!!!"
_MUTE = set("|~`<>^")  # symbols that only separate
_ENDING = re.compile(r"'(?=\w{1,2}$)")  # can't, it's, we've: one word; l'amour, o'brien: two


@dataclass(frozen=True)
class Term:
    """What must be found for one word or phrase of a query.

    Attributes
    ----------
    forms : any of them will do; several tokens of one form, separated by spaces, stand in a row
    required : it stood in quotes: what lacks it is no answer
    """

    forms: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Words:
    """A query; see `parse_words`.

    Attributes
    ----------
    text : as it was typed
    terms : in their order; none where the text has nothing to look for, such as ``-``
    """

    text: str
    terms: tuple[Term, ...]


def search_text(parts: Iterable[str]) -> str:
    """What is stored of a track's titles, artists, albums, genres and tags: tokens, separated by spaces.

    Examples
    --------
    >>> search_text(["Ænima", "AC/DC", "東京"])
    'aenima | ac dc | 東 京 | acdc'
    """
    rows, others = [], {}
    for part in dict.fromkeys(parts):
        words = [_word(raw) for raw in _raw_words(part)]
        rows.append(" ".join(token for tokens, _ in words for token in tokens))
        others |= dict.fromkeys(other for _, found in words for other in found)
    return f" {BOUNDARY} ".join(filter(None, [*rows, " ".join(others)]))


def parse_words(text: str) -> Words:
    """What a query asks for: a term for each word, and for each phrase in quotes. A quote alone is passed over.

    Raises
    ------
    QueryError : longer than any question

    Examples
    --------
    >>> parse_words('"Dark Side" AC/DC').terms
    (Term(forms=('dark side',), required=True), Term(forms=('ac dc', 'acdc'), required=False))
    """
    terms, rest = [], text.translate(_QUOTES)
    for quoted, word in re.findall(r'"([^"]*)"|([^\s"]+)', rest):
        tokens, others = _phrase(quoted) if quoted else _word(word)
        if tokens:
            terms.append(Term(tuple(dict.fromkeys([" ".join(tokens), *others])), bool(quoted)))
    if sum(len(term.forms[0].split()) for term in terms) > MAX_TOKENS:
        raise QueryError(f"{text[:40]} ...", f"more than {MAX_TOKENS} words", "Ask with fewer words.")
    return Words(text, tuple(dict.fromkeys(terms)))


def plain_words(text: str) -> list[str]:
    """The tokens of a text in their order, in one form each: what two spellings of a name have in common.

    Examples
    --------
    >>> plain_words("Can’t Stop") == plain_words("CANT STOP")
    True
    """
    return [token for raw in _raw_words(text) for token in _plain_word(raw)]


def plain_name(text: str | None) -> str:
    """`plain_words` as one text, by which names are compared; empty where there is none.

    Examples
    --------
    >>> plain_name("The  Beatles") == plain_name("THE BEATLES")
    True
    """
    return " ".join(plain_words(text or ""))


@lru_cache(maxsize=1 << 14)
def _plain_word(raw: str) -> tuple[str, ...]:
    """The tokens of a word: few words make most names."""
    if raw.isascii() and raw.isalnum():
        return (raw.lower()[:MAX_TOKEN],)
    return tuple(_word(raw)[0])


def fold(text: str) -> str:
    """Text without what people leave out or type otherwise: case, accents, width, ligatures.

    Marks go from letters of Latin, Greek, Cyrillic, Hebrew and Arabic only: a Japanese dakuten or an Indian vowel sign
    makes another letter, and so does the breve of a Cyrillic й.

    Examples
    --------
    >>> fold("Sigur Rós, BEYONCÉ, Straße, ＹＭＯ, ｶﾞ")
    'sigur ros, beyonce, strasse, ymo, ガ'
    """
    return _without_marks(_cased(text)).translate(_LETTERS)


def _cased(text: str) -> str:
    text = _SILENT.sub("", text.translate(_QUOTES))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_QUOTES)


def _without_marks(text: str) -> str:
    kept, script = [], ""
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(char):
            script = unicodedata.name(char, "").split(" ", 1)[0]
        elif script in _MARKED and (script, char) not in _KEPT_MARKS:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _raw_words(text: str) -> list[str]:
    return text.translate(_QUOTES).replace('"', " ").split()


def _phrase(text: str) -> tuple[list[str], list[str]]:
    words = [_word(raw)[0] for raw in _raw_words(text)]
    return [token for tokens in words for token in tokens], []


@lru_cache(maxsize=1 << 12)
def _word(raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of a word, and the other ways to write it, each a token or several; few words make most texts."""
    cased = _cased(raw)
    if cased.strip("()[],;:") == "&":
        return ("and",), ()
    folded = fold(cased)
    tokens = tuple(_tokens(_ENDING.sub("", folded))) or tuple(_signs(folded))
    others = [form for form in _other_forms(cased, folded) if form != " ".join(tokens)]
    return tokens, tuple(dict.fromkeys(others))


def _other_forms(cased: str, folded: str) -> Iterator[str]:
    pieces = list(_tokens(folded))
    if not pieces or (pieces == [cased] and cased.isascii()) or any(_stands_alone(piece) for piece in pieces):
        return
    for spelling in (folded, fold(cased.translate(_SPELT_OUT)), *_read_signs(folded)):
        pieces = list(_tokens(spelling))
        if len(pieces) <= MOST_PIECES and 0 < len("".join(pieces)) <= MOST_JOINED:
            yield "".join(pieces)
    if "'" in folded:
        yield from filter(None, [" ".join(_tokens(folded))])


def _read_signs(folded: str) -> Iterator[str]:
    return (re.sub(sign, letters, folded) for sign, letters in _STANDS_FOR if re.search(sign, folded))


def _tokens(folded: str) -> Iterator[str]:
    """Runs of letters and digits; a character of an unspaced script and an emoji are tokens of their own."""
    run = ""
    for char in folded:
        kind = unicodedata.category(char)
        alone = _stands_alone(char)
        if kind[0] in "LNM" and not alone:
            run += char
            continue
        if run:
            yield run[:MAX_TOKEN]
        run = ""
        if alone and kind[0] in "LNMS":
            yield char
    if run:
        yield run[:MAX_TOKEN]


def _stands_alone(char: str) -> bool:
    return len(char) == 1 and (unicodedata.category(char) == "So" or _UNSPACED.match(char) is not None)


def _signs(word: str) -> list[str]:
    """A word of signs alone is a token where it can be a title: ``!!!``, ``÷``; not where it only separates: ``-``."""
    telling = any(char in _TELLING or (unicodedata.category(char)[0] == "S" and char not in _MUTE) for char in word)
    return [word[:MAX_TOKEN]] if telling else []
