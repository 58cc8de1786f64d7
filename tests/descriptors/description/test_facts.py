"""What is told of tracks whose tags and descriptors are known, and what is left out."""

import pytest

from earmark.descriptors.course import Course, Event
from earmark.descriptors.description.facts import Facts, gather
from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm, TempoCandidate
from earmark.tagger.tags import TagProbability


def sure(*names: str) -> list[TagProbability]:
    return [TagProbability(name, 0.9, True) for name in names]


def unsure(name: str, probability: float = 0.05) -> TagProbability:
    return TagProbability(name, probability, False)


CANDIDATES = tuple(TempoCandidate(bpm, 0.25) for bpm in (144.0, 96.0, 72.1, 36.0))


def sure_of(bpm: float, **values) -> Rhythm:
    """A rhythm with that tempo, as sure as can be but for `values`."""
    return Rhythm(**{"bpm": bpm, "confidence": 0.9, "octave_confidence": 0.9, "candidates": CANDIDATES} | values)


def test_nothing_gives_nothing():
    assert gather({}, {}) == Facts()
    assert gather({"genre": [unsure("jazz")], "mood": [unsure("power")]}, {}) == Facts()


@pytest.mark.parametrize(
    ("moods", "told"),
    [
        (["calmness", "tenderness", "sadness"], ["calmness", "tenderness"]),
        (["calmness", "chill", "sadness"], ["calmness", "sadness"]),  # means the same
        (["joyful_activation", "happy", "tension", "power"], ["joyful_activation", "power"]),  # and contradicts
        (["power", "calmness"], ["power"]),
        (["dreamy", "odd", "calmness"], ["dreamy", "odd"]),  # unknown ones stand
    ],
)
def test_moods_neither_repeat_nor_contradict_each_other(moods, told):
    assert gather({"mood": sure(*moods)}, {}).adjectives == tuple(f"mood/{mood}" for mood in told)


def test_some_characters_are_adjectives():
    assert gather({"mood": sure("sadness"), "character": sure("fast", "acoustic")}, {}).adjectives == (
        "mood/sadness",
        "character/acoustic",
    )


@pytest.mark.parametrize(
    ("genre", "style", "probability", "told"),
    [
        ("rock", "indie rock", 0.3, ["style/indie rock"]),
        ("electronic", "house", 0.3, ["style/house"]),
        ("hiphop", "trip hop", 0.3, ["style/trip hop"]),
        ("pop", "folk", 0.6, ["genre/pop", "style/folk"]),
        ("classical", "indie rock", 0.3, ["genre/classical"]),
        (None, "folk", 0.3, ["style/folk"]),
        ("jazz", None, 0, ["genre/jazz"]),
    ],
)
def test_a_style_says_its_genre(genre, style, probability, told):
    tags = {"genre": sure(*filter(None, [genre])), "style": [TagProbability(style, probability, True)] if style else []}
    assert gather(tags, {}).styles == tuple(told)


@pytest.mark.parametrize(
    ("voice", "voices", "instrumental"),
    [
        (sure("vocals"), ["vocals"], []),
        (sure("vocals", "female voice"), ["female voice"], []),
        ([unsure("vocals", 0.09), unsure("choir", 0.01)], [], ["vocals", "choir"]),
        ([unsure("vocals", 0.11), unsure("choir", 0.01)], [], []),  # might be sung
        ([*sure("instrumental"), unsure("vocals", 0.3)], [], ["instrumental"]),
        (sure("no vocals"), [], ["no vocals"]),
        (sure("instrumental", "vocals"), ["vocals"], []),  # contradict each other: the voice was heard
        ([], [], []),
    ],
)
def test_nobody_sings_only_where_that_is_sure(voice, voices, instrumental):
    found = gather({"voice": voice, "genre": sure("jazz")}, {})
    assert found.voices == tuple(f"voice/{name}" for name in voices)
    assert found.instrumental == tuple(f"voice/{name}" for name in instrumental)


def test_a_voice_at_times_makes_it_no_instrumental():
    course = Course(180.0, (Event("heard", 60.0, 70.0, ("voice/vocals",)),))
    tags = {"voice": [unsure("vocals")], "genre": sure("jazz")}
    assert gather(tags, {}).instrumental
    assert not gather(tags, {"course": course}).instrumental


def test_where_nothing_is_sure_nobody_knows_who_sings():
    assert gather({"voice": [unsure("vocals")], "genre": [unsure("jazz")]}, {}) == Facts()


def test_a_voice_among_the_instruments_is_a_voice():
    found = gather({"instrument": sure("voice", "guitar")}, {})
    assert (found.instruments, found.voices) == (("instrument/guitar",), ("instrument/voice",))


@pytest.mark.parametrize(
    ("rhythm", "told"),
    [
        (sure_of(72.2, metre="3/4", metre_confidence=0.5), ((72.2,), "3/4", "slow")),
        (sure_of(120.0, confidence=0.3, metre="4/4", metre_confidence=1.0), ((120.0,), None, "")),
        (sure_of(160.0, metre="6/8", metre_confidence=0.29), ((160.0,), None, "fast")),
        (sure_of(160.0, confidence=0.29, metre="6/8", metre_confidence=0.9), ((), None, "")),
        (sure_of(144.0, octave_confidence=0.69), ((144.0, 72.1), None, "")),
        (sure_of(144.0, octave_confidence=0.69, candidates=()), ((144.0,), None, "")),
        (sure_of(144.0, octave_confidence=0.1, metre="6/8", metre_confidence=0.9), ((144.0,), "6/8", "")),
        (sure_of(144.0, octave_confidence=None), ((144.0,), None, "fast")),
        (Rhythm(bpm=70.0, corrected=True, candidates=CANDIDATES), ((70.0,), None, "slow")),
        (Rhythm(bpm=120.0, metre="4/4", corrected=True), ((120.0,), "4/4", "")),
        (Rhythm(metre="3/4", corrected=True), ((), "3/4", "")),
        (Rhythm(), ((), None, "")),
    ],
)
def test_tempo_and_metre_that_are_sure_or_the_users(rhythm, told):
    found = gather({}, {"tempo": rhythm})
    assert (found.bpm, found.metre, found.pace) == told


def test_a_pace_that_contradicts_the_mood_casts_doubt_on_the_octave():
    found = gather({"mood": sure("sadness")}, {"tempo": sure_of(144.0)})
    assert (found.bpm, found.pace) == ((144.0, 72.1), "")
    corrected = sure_of(144.0, corrected=True)
    assert gather({"mood": sure("sadness")}, {"tempo": corrected}).bpm == (144.0,)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (Key("A", "minor", 0.5), "A minor"),
        (Key("D#", "major", 0.9), "Eb major"),
        (Key("A", "minor", 0.49), None),
        (Key("A", "minor", 0.1, corrected=True), "A minor"),
        (Key(), None),
    ],
)
def test_a_key_that_is_sure_or_the_users(key, told):
    assert gather({}, {"key": key}).key == told


@pytest.mark.parametrize(
    ("mood", "level", "bpm", "told"),
    [
        ("sadness", "low", 70, ("low", "slow")),
        ("sadness", "high", 150, ("", "")),
        ("joyful_activation", "low", 150, ("", "fast")),
        ("power", "high", 150, ("high", "fast")),
        ("power", "high", 70, ("high", "")),
        ("nostalgia", "low", 150, ("low", "")),
        ("nostalgia", "medium", 150, ("", "fast")),
        ("nostalgia", "varying", 100, ("", "")),
    ],
)
def test_energy_and_pace_contradict_neither_the_mood_nor_each_other(mood, level, bpm, told):
    descriptors = {"energy": Energy(level, 0.5, (0.5,)), "tempo": sure_of(float(bpm))}
    found = gather({"mood": sure(mood)}, descriptors)
    assert (found.energy, found.pace) == told


@pytest.mark.parametrize(
    ("mood", "style", "use", "told"),
    [
        ("joyful_activation", "funk", "dancing", 1),
        ("joyful_activation", "techno", "dancing", 0),  # said by the style
        ("calmness", "folk", "dancing", 0),
        ("tension", "folk", "relaxing", 0),
        ("tenderness", "folk", "relaxing", 1),
    ],
)
def test_uses_say_something_new_that_fits(mood, style, use, told):
    assert len(gather({"mood": sure(mood), "style": sure(style), "use": sure(use)}, {}).uses) == told
