"""Tags and descriptors -> a sentence or two that state only what is sure."""

from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.tags import TagProbability

MOODS, INSTRUMENTS = 2, 3  # at most so many are named
SLOW, FAST = 76.0, 140.0  # BPM
MIN_CONFIDENCE = 0.3  # of tempo and key, below which they are not mentioned


def describe(tags: dict[str, list[TagProbability]], descriptors: dict) -> str:
    """One or two sentences.

    Parameters
    ----------
    tags : group -> tags, most probable first; groups that are missing are left out
    descriptors : name -> `earmark.descriptors.Descriptor`; names that are missing are left out

    Returns
    -------
    e.g. "Calm, tender classical music with piano and strings, no singing. Slow, 3/4 at 72 BPM in A minor; low energy."
    Empty where nothing is sure.
    """
    return " ".join(_sentence(part) for part in (_sound(tags), _measured(descriptors)) if part)


def _sure(tags: dict[str, list], group: str, most: int = 1) -> list[str]:
    return [hit.tag for hit in tags.get(group, []) if hit.sure][:most]


def _sound(tags: dict[str, list]) -> str:
    moods, genre = _sure(tags, "mood", MOODS), _sure(tags, "genre")
    instruments, voices = _sure(tags, "instrument", INSTRUMENTS), _sure(tags, "voice", 2)
    if not (moods or genre or instruments or voices):
        return ""
    head = " ".join(filter(None, [" and ".join(MOOD_WORDS.get(mood, mood) for mood in moods), *genre, "music"]))
    heard = instruments + [voice for voice in voices if voice not in instruments]
    return f"{head} with {_enumerate(heard)}" if heard else head


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


def _measured(descriptors: dict) -> str:
    phrases = (phrase(descriptors[name]) for name, phrase in PHRASES.items() if name in descriptors)
    return ", ".join(filter(None, phrases))


def _tempo(rhythm: Rhythm) -> str:
    if rhythm.bpm is None or rhythm.confidence < MIN_CONFIDENCE:
        return ""
    pace = "slow" if rhythm.bpm < SLOW else "fast" if rhythm.bpm > FAST else "medium tempo"
    metre = f"{rhythm.metre} " if rhythm.metre and rhythm.metre_confidence >= MIN_CONFIDENCE else ""
    return f"{pace}, {metre}at {rhythm.bpm:.0f} BPM"


def _key(key: Key) -> str:
    return "" if key.tonic is None or key.confidence < MIN_CONFIDENCE else f"in {key.label}"


def _energy(energy: Energy) -> str:
    return f"{energy.level} energy"


PHRASES = {"tempo": _tempo, "key": _key, "energy": _energy}
"""Descriptor -> what the sentence makes of it; "" where it is not sure."""


def _enumerate(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
