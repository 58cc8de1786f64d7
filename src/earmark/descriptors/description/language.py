"""What a language needs to tell of music: its words in tables, its phrasings, and a few rules of grammar."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """How a tag is called.

    Attributes
    ----------
    text : without article, as the subject of a sentence
    gender : ``m``, ``f``, ``n``, or ``p`` for what is plural; of use where a language's words depend on it
    oblique : as it stands behind "with"; the same where empty
    adjective : belongs before `text`, in the form that a `Language.inflect` takes: "electronic" of "electronic music"
    short : the whole in one word, behind "between"; `text` where empty
    """

    text: str
    gender: str = "n"
    oblique: str = ""
    adjective: str = ""
    short: str = ""


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes
    ----------
    code : ISO 639-1
    sources, styles : tag of an instrument or voice, and of a genre or style -> noun; others are made by `strange`
    adjectives : mood or character -> adjectives that mean it
    eras, uses : tag -> words; others stand as they are
    words : ``slow``, ``fast``, ``low``, ``high`` and ``instrumental`` in this language; ``music``, ``or``,
        ``too short`` and ``silence`` too
    phrasings : name -> equally good ways to say it. ``{slot}`` is filled in; of ``[comes|come]`` the second is for
        several, or for a plural
    music_gender : of ``words["music"]``
    join_moods : ways to join two adjectives
    last : between the last two of several
    inflect : (adjective, gender) -> the adjective before such a noun, as the subject, without article
    spell_key : name in English, such as "Eb minor" -> name
    strange_style : of a tag that `styles` lacks -> noun
    strange_source : of an instrument or voice that `sources` lacks -> noun
    """

    code: str
    sources: Mapping[str, Noun]
    styles: Mapping[str, Noun]
    adjectives: Mapping[str, tuple[str, ...]]
    eras: Mapping[str, str]
    uses: Mapping[str, str]
    words: Mapping[str, str]
    phrasings: Mapping[str, tuple[str, ...]]
    music_gender: str
    join_moods: tuple[str, ...]
    last: str
    inflect: Callable[[str, str], str]
    spell_key: Callable[[str], str]
    strange_style: Callable[[str], Noun]
    strange_source: Callable[[str], Noun]

    def source(self, tag: str) -> Noun:
        """The noun of an instrument or a voice."""
        return self.sources.get(plain(tag)) or self.strange_source(tag)

    def style(self, tag: str) -> Noun:
        """The noun of a genre or style."""
        return self.styles.get(plain(tag)) or self.strange_style(tag)

    def enumerate(self, words: list[str]) -> str:
        """``piano, violin and strings``."""
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{self.last}{words[-1]}"


def plain(tag: str) -> str:
    """The name of a tag as the tables have it: ``Joyful_activation`` -> ``joyful activation``."""
    return " ".join(tag.lower().replace("_", " ").replace("-", " ").split())
