"""Where a text names tags that users have taught."""

import re
from collections.abc import Iterable

from earmark.explore.meaning.concepts import UNSPACED, Mention, mentions
from earmark.explore.meaning.facts import facts
from earmark.explore.meaning.negation import is_sign


def own_mentions(text: str, own: Iterable[str]) -> list[Mention]:
    """The tags of the user's own that a text names, in their order; where two overlap, the longer name.

    A name that is a part of something longer, a fact or the name of a concept, is not meant by itself.

    own : names as in ``own/jazz night``; the part after the group is looked for

    Examples
    --------
    >>> [(one.concept, one.start, one.end) for one in own_mentions("no jazz night", ["own/jazz night", "own/night"])]
    [('own/jazz night', 3, 13)]
    >>> own_mentions("heavy metal", ["own/metal"])
    []
    """
    every = [
        Mention(name, *found.span())
        for name in own
        if (pattern := _pattern(name.split("/")[-1]))
        for found in pattern.finditer(text)
    ]
    known = [*facts(text), *mentions(text)] if every else []
    chosen: list[Mention] = []
    for one in sorted(every, key=_length, reverse=True):
        if not any(_overlap(one, other) for other in chosen) and not any(_inside(one, other) for other in known):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)


def _pattern(name: str) -> re.Pattern[str] | None:
    """The words of a name, whatever stands between them; None where it has none, or is itself a word of negation."""
    words = re.findall(r"\w+", name)
    if not words or is_sign(name):
        return None
    before = "" if re.match(UNSPACED, words[0]) else r"(?<!\w)"
    after = "" if re.search(UNSPACED + r"\Z", words[-1]) else r"(?!\w)"
    return re.compile(before + r"[^\w\0]+".join(map(re.escape, words)) + after, re.IGNORECASE)


def _length(one) -> int:
    return one.end - one.start


def _overlap(one, other) -> bool:
    return one.start < other.end and other.start < one.end


def _inside(one, other) -> bool:
    """Whether it is a part of something that is longer."""
    return other.start <= one.start and one.end <= other.end and _length(other) > _length(one)
