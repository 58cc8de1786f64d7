import numpy as np
import pytest

from earmark.explore.portrait import Window, read_window, steps_in, values_of
from likeness import TAGSET, track_of

TRACK = track_of(5, tempo=90.0, key=0)


def test_an_open_end_is_that_of_the_track():
    assert read_window(5, None, 60, "x") == Window(5, 60)
    assert read_window(None, 7, 60, "x") == Window(0, 7)
    assert read_window(50, 99, 60, "x") == Window(50, 60)
    assert read_window(None, None, 60, "x") is None


def test_steps_whose_centres_lie_in_it_one_at_least():
    times = np.arange(0.5, 10)
    assert times[steps_in(Window(2, 5), times)].tolist() == [2.5, 3.5, 4.5]
    assert len(times[steps_in(Window(2.6, 2.7), times)]) == 1
    assert len(times[steps_in(Window(9.8, 12), times)]) == 1
    assert len(times[steps_in(None, times)]) == 10


def test_tempo_key_and_energy_of_a_window():
    last = values_of(Window(46, 60), TRACK.activations, TRACK.descriptors, TAGSET)
    assert last["key"] == "F# major"  # its second segment
    assert last["tempo"] == pytest.approx(90)
    assert last["metre"] == "4/4"
    assert last["loudness_range"] is None
    whole = values_of(None, TRACK.activations, TRACK.descriptors, TAGSET)
    assert whole["key"] == "C major"


def test_of_a_few_beats_no_tempo_is_told_but_that_of_the_track():
    rhythm = TRACK.descriptors["tempo"]
    bent = {"tempo": type(rhythm)(90.0, 0.9, 0.9, beats=np.r_[0:10:0.5, 10:20:1.0])}
    assert values_of(Window(11, 19), TRACK.activations, bent, TAGSET)["tempo"] == pytest.approx(60)
    assert values_of(Window(11, 14), TRACK.activations, bent, TAGSET)["tempo"] == 90


def test_tags_of_a_window_are_those_of_its_steps():
    found = values_of(Window(10, 20), TRACK.activations, {}, TAGSET)
    exact = TAGSET.probabilities(TRACK.activations.logits[20:40].mean(axis=0))
    assert found["mood_happy"] == pytest.approx(exact[TAGSET.names().index("mood/happy")])


def test_windows_that_overlap():
    assert Window(3, 6).overlaps(5, 9)
    assert not Window(3, 6).overlaps(6, 9)
