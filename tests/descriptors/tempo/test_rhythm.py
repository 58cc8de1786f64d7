"""A rhythm and its JSON."""

import numpy as np
import pytest

from earmark.descriptors.tempo.estimation import estimate_rhythm
from earmark.descriptors.tempo.rhythm import Rhythm
from pulses import pattern


def test_a_rhythm_as_a_dictionary():
    values = estimate_rhythm(pattern(120.0, [1, 0.5, 0.8, 0.5])).to_dict()

    assert values["bpm"] == pytest.approx(120, rel=0.01)
    assert values["candidates"][0]["bpm"] == values["bpm"]
    assert values["metre"] == "4/4"
    assert values["beats"] == sorted(values["beats"])
    assert Rhythm().to_dict()["bpm"] is None


def test_a_corrected_rhythm_survives_its_dictionary():
    rhythm = Rhythm(bpm=92.5, metre="3/4", beats=np.array([0.5, 1.0]), corrected=True)

    assert Rhythm.from_dict(rhythm.to_dict()).to_dict() == rhythm.to_dict()
    assert rhythm.to_dict()["corrected"] is True
    assert "corrected" not in Rhythm().to_dict()
    with pytest.raises(KeyError):
        Rhythm.from_dict({"bpm": 92.5})


def test_the_octave_has_a_confidence_of_its_own():
    assert Rhythm(bpm=174.0, octave_confidence=0.91234).to_dict()["octave_confidence"] == 0.912
    assert Rhythm().to_dict()["octave_confidence"] == 0


def test_an_estimate_that_did_not_tell_it_does_not_pretend():
    values = Rhythm(bpm=92.0).to_dict()
    del values["octave_confidence"]

    assert Rhythm.from_dict(values).octave_confidence is None
    assert Rhythm.from_dict(values).to_dict() == values
