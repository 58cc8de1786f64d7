"""The languages that there are, and a description in one of them."""

from earmark.descriptors.description.english import ENGLISH
from earmark.descriptors.description.facts import gather
from earmark.descriptors.description.german import GERMAN
from earmark.descriptors.description.language import Language
from earmark.descriptors.description.telling import Description, tell
from earmark.errors import ConfigError
from earmark.tagger.tags import TagProbability

LANGUAGES: dict[str, Language] = {language.code: language for language in (ENGLISH, GERMAN)}
"""Code -> language; another is a module like the two and its name here."""


def describe(
    tags: dict[str, list[TagProbability]], descriptors: dict, language: str = "en", track_id: str = ""
) -> Description:
    """Describe a track.

    Parameters
    ----------
    tags : group -> tags, most probable first; genre, style, mood, instrument, voice, era, character and use are told
    descriptors : name -> `earmark.descriptors.Descriptor`; tempo, key, energy and course are told
    language : one of `LANGUAGES`
    track_id : chooses among phrasings

    Returns
    -------
    e.g. "Calm, tender classical music with piano and strings. A slow 3/4 at 72 BPM, in A minor. Opens with solo piano,
    strings from 0:42, ends quietly."; empty where nothing is sure.

    Raises
    ------
    ConfigError : there is no such language
    """
    return tell(gather(tags, descriptors), language_of(language), track_id)


def tell_nothing(why: str, language: str = "en") -> Description:
    """What is said where there is nothing to say, because of ``too short`` or ``silence``; raises as `describe`."""
    return Description((language_of(language).words[why],))


def language_of(code: str) -> Language:
    """The language of a code such as ``de`` or ``de_AT.UTF-8``; raises ConfigError that lists the right ones."""
    found = LANGUAGES.get(code[:2].lower()) if code[2:3] in ("", "-", "_", ".") else None
    if found is None:
        raise ConfigError(code, "not a language of descriptions", f"Use one of {', '.join(LANGUAGES)}.")
    return found
