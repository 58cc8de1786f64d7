"""What a question asks to be left out: ``no vocals``, ``ohne Schlagzeug``, ``悲しくない``.

Encoders of sentences do not understand this: to them "without drums" is about drums. So it is read here, by words.
A word of negation reaches as far as the concepts that follow it directly, with "or" and, after a word such as
*without*, with "and" between them. What it stands before must be a concept, else it is no negation: no nonsense punk.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from earmark.explore.meaning.concepts import Mention, mentions
from earmark.explore.meaning.quantities import START

Guess = Callable[[str], str | None]
"""A phrase -> the concept that it means, None where it means none."""

WITHOUT = (
    r"without(?: any)?|no|(?:i )?(?:don['’]t|do not) want(?: any)?|except(?: for)?|free of|instead of|rather than"
    r"|anything but|minus|ohne|keine?[nrms]?|außer|statt|anstatt|sans|pas d['’]|pas de|aucune?|ni|sauf|au lieu de|sin"
    r"|nada de|excepto|en (?:lugar|vez) de|sem|nenhuma?|exceto|em vez de|без|никак(?:их|ого|ой)|нет|кроме|вместо"
    r"|بدون|بلا"
)
NOT = r"not|neither|weder|nada|isn['’]t|non|never|nothing|nicht|nie|nichts|pas|jamais|nunca|não|nem|не|ليس|لا"
EASTERN = r"没有|沒有|不要|不带|不帶|不含|而不是|除了|不是|无|無(?!伴)|不|非|没"
PREFIX = re.compile(
    rf"{START}(?:(?P<without>{WITHOUT})|(?P<not>{NOT}))(?:(?<=['’])|[\s-]+)|(?P<eastern>{EASTERN})|(?<!\S)-(?=[\w\0])",
    re.IGNORECASE,
)
DEGREE = re.compile(
    r"(?:(?:too|very|so|any|much|really|a|an|the|sehr|zu|allzu|so|ein(?:e[nrms]?)?|trop|très|de|d['’]|la|le|les|du|des"
    r"|muy|demasiado|tan|el|los|las|un|una|sea|muito|demais|o|os|as|um|uma|seja|слишком|очень|такая|такой)\s+|太|很|那么"
    r"|任何)*",
    re.IGNORECASE,
)
OR = re.compile(
    r"\s*,?\s*(?:\b(?:or|nor|oder|noch|ou|ni|o|u|nem|или|ни|أو)\s+(?:no\s+|any\s+|de\s+|d['’])?|或者?|、)",
    re.IGNORECASE,
)
AND = re.compile(r"\s*(?:(?:\b(?:and|und|et|y|e|и)|&)\s+|和|与|跟|と|や)", re.IGNORECASE)
JAPANESE = re.compile(
    r"(?:が|の|は|を|も)?(?:入って(?:い)?ない|含まない|ではない|ではなく|じゃない|なし|無し|ない|抜き|以外)(?:の|な|で)?"
)
SEPARATOR = re.compile(
    r"[,.;:!?、。，；\0()]|\s(?:but|with|and|or|aber|mit|und|mais|avec|et|pero|con|y|mas|com|e|но|с|и)\s"
)
NOUNS = ("instrument/", "voice/", "genre/", "style/")
MOST_GUESSED = 3  # words


@dataclass(frozen=True)
class Negation:
    """Concepts that are not wanted, and the piece of the text that says so; without a concept: it cannot be told."""

    concepts: tuple[str, ...]
    start: int
    end: int


def _negation(denied: list[Mention], start: int, end: int) -> Negation:
    """A hint is no name: what is no saxophone may still be jazz."""
    return Negation(tuple(dict.fromkeys(x.concept for x in denied if not x.is_hint)), start, end)


def is_sign(word: str) -> bool:
    """Whether a word denies what follows it."""
    return PREFIX.fullmatch(f"{word} ") is not None or PREFIX.fullmatch(word) is not None


def negations(text: str, guess: Guess | None = None, own: Sequence[Mention] = ()) -> list[Negation]:
    """All negations of a text, in the order of their places.

    guess : for what no concept is called; without it such words are left alone
    own : tags of the user's own that stand in the text, which come before concepts
    """
    at = {mention.start: mention for mention in own}
    found: list[Negation] = []
    for sign in PREFIX.finditer(text):
        if found and sign.start() < found[-1].end:
            continue
        start = DEGREE.match(text, sign.end()).end()
        denied = _denied(text, start, bool(sign["not"]), not sign["not"], at) or _guessed(text, start, guess)
        if denied:
            found.append(_negation(denied, sign.start(), denied[-1].end))
    taken = [(one.start, one.end) for one in found]
    found += [one for one in _japanese(text, own) if all(one.end <= a or one.start >= b for a, b in taken)]
    return sorted(found, key=lambda one: one.start)


def _denied(text: str, start: int, one_only: bool, with_and: bool, own: Mapping[int, Mention]) -> list[Mention]:
    """The concepts, and own tags by their starts, from `start` on that one word of negation reaches."""
    denied: list[Mention] = []
    while (mention := own.get(start) or _mention_at(text, start)) is not None:
        denied.append(mention)
        joined = OR.match(text, mention.end) or (with_and and AND.match(text, mention.end))
        if joined:
            start = DEGREE.match(text, joined.end()).end()
        elif one_only or start in own or mention.concept.startswith(NOUNS):
            break
        else:
            start = mention.end + len(text[mention.end :]) - len(text[mention.end :].lstrip(" "))
    return denied


def _mention_at(text: str, start: int) -> Mention | None:
    for found in mentions(text[start : start + 60]):
        return Mention(found.concept, start, start + found.end, found.is_hint) if found.start == 0 else None
    return None


def _guessed(text: str, start: int, guess: Guess | None) -> list[Mention]:
    """What the next word means, or the words up to the end of the thought, if none of them is a concept by itself."""
    end = SEPARATOR.search(text, start)
    clause = text[start : end.start() if end else len(text)].rstrip()
    words = clause.split()
    if guess is None or not words:
        return []
    if concept := guess(words[0]):
        return [Mention(concept, start, start + len(words[0]))]
    if len(words) > 1 and len(words) <= MOST_GUESSED and not mentions(clause) and (concept := guess(clause)):
        return [Mention(concept, start, start + len(clause))]
    return []


def _japanese(text: str, own: Sequence[Mention]) -> Iterator[Negation]:
    """Words of negation that follow what they deny."""
    signs = list(JAPANESE.finditer(text))
    named = sorted([*mentions(text), *own], key=lambda one: one.start) if signs else []
    for sign in signs:
        end, denied = sign.start(), []
        for mention in reversed(named):
            if mention.end != end:
                continue
            denied.insert(0, mention)
            end = mention.start
            if joined := re.search(r"[とや、]\Z", text[:end]):
                end = joined.start()
            else:
                break
        if denied:
            yield _negation(denied, denied[0].start, sign.end())
