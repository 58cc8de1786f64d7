"""Sentences about tracks whose tags and descriptors are known."""

import pytest

from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key
from earmark.descriptors.sentence import describe
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.tags import TagProbability


def sure(*names: str) -> list[TagProbability]:
    return [TagProbability(name, 0.9, True) for name in names]


TAGS = {
    "genre": sure("classical"),
    "mood": sure("calmness", "tenderness", "sadness"),
    "instrument": sure("piano", "strings"),
    "voice": sure("no singing"),
}
DESCRIPTORS = {
    "tempo": Rhythm(bpm=72.2, confidence=0.8, metre="3/4", metre_confidence=0.5),
    "key": Key("A", "minor", 0.7),
    "energy": Energy("low", 0.1, (0.1,)),
}


def test_all_of_it():
    assert describe(TAGS, DESCRIPTORS) == (
        "Calm and tender classical music with piano, strings and no singing. "
        "Slow, 3/4 at 72 BPM, in A minor, low energy."
    )


def test_nothing_gives_nothing():
    assert describe({}, {}) == ""
    assert describe({"genre": [TagProbability("jazz", 0.3, False)]}, {}) == ""


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ({"genre": sure("jazz", "blues")}, "Jazz music."),
        ({"mood": sure("power")}, "Powerful music."),
        ({"mood": sure("dreamy")}, "Dreamy music."),
        ({"instrument": sure("guitar")}, "Music with guitar."),
        ({"instrument": sure("a", "b", "c", "d")}, "Music with a, b and c."),
        ({"instrument": sure("voice"), "voice": sure("voice")}, "Music with voice."),
        ({"genre": [*sure("rock"), TagProbability("pop", 0.4, False)]}, "Rock music."),
    ],
)
def test_sure_tags_are_named(tags, text):
    assert describe(tags, {}) == text


@pytest.mark.parametrize(
    ("rhythm", "text"),
    [
        (Rhythm(bpm=120.0, confidence=0.3), "Medium tempo, at 120 BPM."),
        (Rhythm(bpm=140.4, confidence=0.9), "Fast, at 140 BPM."),
        (Rhythm(bpm=120.0, confidence=0.29), ""),
        (Rhythm(bpm=75.9, confidence=0.9, metre="6/8", metre_confidence=0.29), "Slow, at 76 BPM."),
        (Rhythm(), ""),
    ],
)
def test_tempo_and_metre_from_their_confidence_on(rhythm, text):
    assert describe({}, {"tempo": rhythm}) == text


@pytest.mark.parametrize("key", [Key("A", "minor", 0.29), Key(confidence=0.9)])
def test_an_unsure_key_is_left_out(key):
    assert describe({}, {"key": key}) == ""
    assert describe({}, {"key": key, "energy": Energy("high", 0.9, (0.9,))}) == "High energy."
