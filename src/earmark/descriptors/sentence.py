"""Analysis -> a sentence or two, said only of what is sure."""

MOODS, INSTRUMENTS = 2, 3  # at most so many are named
SLOW, FAST = 76.0, 140.0  # BPM
MIN_CONFIDENCE = 0.3  # of tempo and key, below which they are not mentioned


def describe(tags: dict[str, list], facts: dict[str, dict]) -> str:
    """One or two sentences.

    Parameters
    ----------
    tags : group -> `TagProbability`, most probable first; groups that are missing are not spoken of
    facts : part -> its dict, as in ``analyze --json``

    Returns
    -------
    e.g. "Calm, tender classical music with piano and strings, no singing. Slow, 3/4 at 72 BPM in A minor; low energy."
    Empty where nothing is sure.
    """
    sound, facts = _sound(tags), _facts(facts)
    return " ".join(_sentence(part) for part in (sound, facts) if part)


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


def _facts(facts: dict[str, dict]) -> str:
    parts = [*_tempo(facts.get("tempo", {})), *_key(facts.get("key", {}))]
    energy = facts.get("energy", {}).get("level")
    if energy:
        parts.append(f"{energy} energy")
    return ", ".join(parts)


def _tempo(tempo: dict) -> list[str]:
    bpm = tempo.get("bpm")
    if bpm is None or tempo["confidence"] < MIN_CONFIDENCE:
        return []
    pace = "slow" if bpm < SLOW else "fast" if bpm > FAST else "medium tempo"
    metre = f"{tempo['metre']} " if tempo.get("metre") and tempo["metre_confidence"] >= MIN_CONFIDENCE else ""
    return [f"{pace}, {metre}at {bpm:.0f} BPM"]


def _key(key: dict) -> list[str]:
    if key.get("tonic") is None or key["confidence"] < MIN_CONFIDENCE:
        return []
    return [f"in {key['tonic']} {key['mode']}"]


def _enumerate(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
