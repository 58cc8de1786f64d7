from dataclasses import fields

import pytest

from earmark.errors import QueryError
from earmark.explore.parts import PARTS
from earmark.explore.weights import ONLY_SOUND, PART_NAMES, Weights


def test_a_text_a_mapping_and_none():
    assert Weights.read("sound=1, rhythm=0.5") == Weights.read({"sound": 1, "rhythm": 0.5}) == Weights(1, 0.5)
    assert Weights.read(None) == ONLY_SOUND
    assert Weights.read(ONLY_SOUND) is ONLY_SOUND
    assert Weights(sound=2, mood=-1).used() == {"sound": 2, "mood": -1}


def test_every_part_has_its_weight():
    assert tuple(PARTS) == PART_NAMES == tuple(field.name for field in fields(Weights))


def test_sound_alone():
    assert ONLY_SOUND.is_sound_alone
    assert not Weights(sound=1, mood=1).is_sound_alone
    assert not Weights(sound=-1).is_sound_alone


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("sund=1", "no part of likeness"), ("rhythm=loud", "no weight of a part"), ("rhythm", "no weight of a part"),
        ("sound=0", "no part counts"), ("", "no part counts"), ("mood=101", "no weight of a part"),
        ({"mood": float("nan")}, "no weight of a part"),
    ],
)  # fmt: skip
def test_what_is_no_weight(given, problem):
    with pytest.raises(QueryError, match=problem):
        Weights.read(given)
