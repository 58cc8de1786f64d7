"""Evidence of the octave, piece by piece, and its calibration."""

import numpy as np
import pytest

from drums import groove
from earmark.audio.features import log_mel
from earmark.descriptors.tempo.estimation import measure_octave_evidence
from earmark.descriptors.tempo.octave import FASTEST, SLOWEST, WEIGHTS, OctaveEvidence, calibrate, judge_octaves
from pulses import clicks

TWO_STEP = {"kick": [0, 10], "snare": [4, 12], "hat": list(range(0, 16, 2))}


def evidence_of(bpm: float, drums: dict, bass: tuple[int, ...] = (0, 8)) -> OctaveEvidence:
    return measure_octave_evidence(log_mel(groove(bpm, drums, list(bass))))[1]


@pytest.fixture(scope="module")
def two_step() -> OctaveEvidence:
    return evidence_of(172.0, TWO_STEP)


def test_there_is_a_number_for_every_weight(two_step):
    assert set(two_step.features(172.0)) == set(WEIGHTS)
    assert all(np.isfinite(value) for value in two_step.features(172.0).values())


def test_a_backbeat_makes_kick_and_snare_take_turns(two_step):
    four = evidence_of(125.0, {"kick": [0, 4, 8, 12], "hat": [2, 6, 10, 14]})

    assert two_step.features(172.0)["turns"] > two_step.features(86.0)["turns"] + 1
    assert two_step.features(172.0)["turns"] > four.features(125.0)["turns"]


def test_short_notes_are_counted_in_beats():
    eighths = evidence_of(100.0, {"kick": [0], "hat": list(range(0, 16, 2))})

    assert eighths.features(100.0)["short"] < 0.1  # half a beat
    assert eighths.features(50.0)["short"] > 0.8  # a quarter of one


def test_sixteenths_in_the_treble_speak_for_their_tempo():
    sixteenths = evidence_of(90.0, {"kick": [0, 8], "snare": [4, 12], "hat": list(range(16))})

    assert sixteenths.features(90.0)["treble"] > sixteenths.features(45.0)["treble"] + 1


def test_octaves_lie_within_the_scale_of_a_metronome(two_step):
    assert two_step.octaves(86.0) == [86.0, 172.0, 43.0]
    assert two_step.octaves(2 * FASTEST / 3)[1:] == [FASTEST / 3]
    assert two_step.octaves(1.5 * SLOWEST)[1:] == [3 * SLOWEST]
    assert two_step.octaves(230.0)[0] == 230.0


@pytest.mark.parametrize("bpm", [60.0, 90.0])
def test_nothing_between_the_beats_leaves_no_double(bpm):
    evidence = measure_octave_evidence(clicks(bpm))[1]

    assert all(other <= bpm for other in evidence.octaves(bpm))


def test_probabilities_of_the_octaves_sum_to_one(two_step):
    shares = judge_octaves(two_step, [172.0, 86.0])

    assert shares.sum() == pytest.approx(1)
    assert shares[0] > 0.8
    np.testing.assert_allclose(judge_octaves(two_step, [86.0, 172.0]), shares[::-1])
    assert judge_octaves(two_step, [86.0]) == [1.0]


def test_calibration_rises_with_the_odds_and_with_the_pulse():
    p = np.linspace(0, 1, 101)
    for confidence in (0.0, 0.1, 0.5, 1.0):
        sure = np.array([calibrate(x, confidence) for x in p])
        assert np.all(np.diff(sure) >= 0)
        assert sure.min() >= 0
        assert sure.max() < 1
    rising = [calibrate(0.8, confidence) for confidence in p]
    assert np.all(np.diff(rising) > 0)
