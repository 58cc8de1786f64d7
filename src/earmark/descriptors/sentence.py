"""Tags and descriptors -> a sentence or two, from the sure tags and the confident descriptors only."""

from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.tags import TagProbability

MOODS, INSTRUMENTS, VOICES = 2, 3, 2  # the most that are named
SLOW, FAST = 76.0, 140.0  # BPM
MIN_CONFIDENCE = 0.3  # of tempo and key, below which they are not mentioned


def describe(tags: dict[str, list[TagProbability]], descriptors: dict) -> str:
    """Describe a track in one or two sentences.

    Parameters
    ----------
    tags : group -> tags, most probable first; the groups mood, genre, instrument and voice are used
    descriptors : name -> `earmark.descriptors.Descriptor`; tempo, key and energy are used

    Returns
    -------
    e.g. "Calm, tender classical music with piano and strings, no singing. Slow, 3/4 at 72 BPM in A minor; low energy."
    Empty where nothing is sure.
    """
    return " ".join(_punctuate(part) for part in (_describe_tags(tags), _describe_descriptors(descriptors)) if part)


def _select_sure(tags: dict[str, list[TagProbability]], group: str, most: int = 1) -> list[str]:
    """The sure tags of a group, `most` at most."""
    return [hit.tag for hit in tags.get(group, []) if hit.sure][:most]


def _describe_tags(tags: dict[str, list[TagProbability]]) -> str:
    """``calm, tender classical music with piano and strings``; "" where no tag is sure."""
    moods, genre = _select_sure(tags, "mood", MOODS), _select_sure(tags, "genre")
    instruments, voices = _select_sure(tags, "instrument", INSTRUMENTS), _select_sure(tags, "voice", VOICES)
    if not (moods or genre or instruments or voices):
        return ""
    head = " ".join(filter(None, [" and ".join(MOOD_WORDS.get(mood, mood) for mood in moods), *genre, "music"]))
    sources = instruments + [voice for voice in voices if voice not in instruments]
    return f"{head} with {_enumerate(sources)}" if sources else head


MOOD_WORDS = {
    "amazement": "amazing",
    "solemnity": "solemn",
    "tenderness": "tender",
    "nostalgia": "nostalgic",
    "calmness": "calm",
    "power": "powerful",
    "joyful activation": "joyful",
    "joyful_activation": "joyful",
    "tension": "tense",
    "sadness": "sad",
}
"""Mood tag -> adjective; other moods stand as they are."""


def _describe_descriptors(descriptors: dict) -> str:
    """``slow, 3/4 at 72 BPM, in A minor, low energy``; "" where none is confident."""
    phrases = (phrase(descriptors[name]) for name, phrase in PHRASES.items() if name in descriptors)
    return ", ".join(filter(None, phrases))


def _describe_tempo(rhythm: Rhythm) -> str:
    """``slow, 3/4 at 72 BPM``; "" below MIN_CONFIDENCE."""
    if rhythm.bpm is None or rhythm.confidence < MIN_CONFIDENCE:
        return ""
    pace = "slow" if rhythm.bpm < SLOW else "fast" if rhythm.bpm > FAST else "medium tempo"
    metre = f"{rhythm.metre} " if rhythm.metre and rhythm.metre_confidence >= MIN_CONFIDENCE else ""
    return f"{pace}, {metre}at {rhythm.bpm:.0f} BPM"


def _describe_key(key: Key) -> str:
    """``in A minor``; "" below MIN_CONFIDENCE."""
    return "" if key.tonic is None or key.confidence < MIN_CONFIDENCE else f"in {key.label}"


def _describe_energy(energy: Energy) -> str:
    """``low energy``."""
    return f"{energy.level} energy"


PHRASES = {"tempo": _describe_tempo, "key": _describe_key, "energy": _describe_energy}
"""Name of a descriptor -> function that gives its phrase, in the order of the sentence."""


def _enumerate(words: list[str]) -> str:
    """``piano, violin and strings``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _punctuate(text: str) -> str:
    """A phrase as a sentence: first letter upper case, full stop."""
    return f"{text[0].upper()}{text[1:]}."
