"""Tempi in the range that a DJ counts in."""

import numpy as np
import pytest

from earmark.descriptors.tempo.candidates import TempoCandidate
from earmark.descriptors.tempo.octave_range import TempoRange
from earmark.descriptors.tempo.rhythm import Rhythm
from earmark.errors import ConfigError

CLUB = TempoRange(88.0, 175.0)


@pytest.mark.parametrize(
    ("bpm", "shown"),
    [(87.0, 174.0), (174.0, 174.0), (44.0, 88.0), (30.0, 120.0), (128.0, 128.0), (200.0, 100.0), (300.0, 150.0)],
)
def test_a_tempo_is_doubled_or_halved_into_the_range(bpm, shown):
    assert CLUB.fold(bpm) == shown


def test_a_tempo_that_no_octave_of_which_fits_is_just_below():
    assert CLUB.fold(87.8) == 87.8
    assert CLUB.fold(175.6) == 87.8


def test_a_rhythm_is_shown_with_its_candidates_folded():
    candidates = tuple(TempoCandidate(*pair) for pair in ((87.0, 0.6), (174.1, 0.3), (116.0, 0.1)))
    rhythm = Rhythm(87.0, 1.0, 0.9, 0.6, candidates, np.array([0.5, 1.2]))
    shown = CLUB.show(rhythm)

    assert shown.bpm == 174
    assert [(c.bpm, round(c.weight, 3)) for c in shown.candidates] == [(174.0, 0.9), (116.0, 0.1)]
    assert shown.beats is rhythm.beats
    assert (shown.confidence, shown.octave_confidence) == (1.0, 0.6)


def test_no_pulse_and_a_users_word_stay():
    assert CLUB.show(Rhythm()).bpm is None
    assert CLUB.show(Rhythm(bpm=70.0, corrected=True)).bpm == 70


def test_a_range_as_text():
    assert TempoRange.parse("88:175") == CLUB
    assert TempoRange.parse(" 87.5:175 ") == TempoRange(87.5, 175.0)
    assert str(CLUB) == "88:175"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("fast", "two numbers and a colon"), ("88-175", "two numbers and a colon"), ("88:", "two numbers and a colon"),
        ("175:88", "not a range"), ("5:12", "not a range"), ("300:900", "not a range"),
        ("120:130", "narrower than an octave"),
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(text, problem):
    with pytest.raises(ConfigError, match=problem):
        TempoRange.parse(text)
