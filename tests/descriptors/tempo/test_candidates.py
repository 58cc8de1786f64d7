"""Candidates of evidence curves whose peaks are known."""

import numpy as np
import pytest

from earmark.descriptors.tempo.candidates import (
    TempoCandidate,
    TempoSettings,
    combine,
    find_candidates,
    promote,
    rank_octaves,
)
from earmark.descriptors.tempo.estimation import estimate_rhythm
from earmark.descriptors.tempo.tempogram import BPM_GRID
from pulses import pattern


def test_candidates_hold_the_other_octave():
    rhythm = estimate_rhythm(pattern(84.0, [1, 0.5, 0.9, 0.5]))

    ratios = [c.bpm / rhythm.bpm for c in rhythm.candidates]
    assert rhythm.candidates[0].bpm == rhythm.bpm
    assert any(abs(r - 2) < 0.05 or abs(r - 0.5) < 0.02 for r in ratios[1:])
    assert len(rhythm.candidates) <= 4
    assert sum(c.weight for c in rhythm.candidates) <= 1 + 1e-9


def peaks(heights: dict[float, float]) -> np.ndarray:
    """A curve on the grid of tempi with a peak of that height at each BPM: float [n_tempi]."""
    return sum(height * np.exp(-0.5 * (np.log(BPM_GRID / bpm) / 0.015) ** 2) for bpm, height in heights.items())


def test_candidates_are_the_highest_peaks_with_their_shares():
    found = find_candidates(peaks({60: 0.5, 120: 1.0, 77: 0.7}))

    assert [c.bpm for c in found] == pytest.approx([120, 77, 60], rel=2e-3)
    assert [c.weight for c in found] == pytest.approx([1 / 2.2, 0.7 / 2.2, 0.5 / 2.2], rel=0.03)
    assert sum(c.weight for c in found) == pytest.approx(1)


def test_a_metrical_relative_takes_the_fourth_place():
    unrelated = {100: 1.0, 83: 0.9, 120: 0.8, 137: 0.7}

    assert [c.bpm for c in find_candidates(peaks(unrelated))] == pytest.approx([100, 83, 120, 137], rel=2e-3)
    with_half = find_candidates(peaks(unrelated | {50: 0.1}))
    assert [c.bpm for c in with_half] == pytest.approx([100, 83, 120, 50], rel=2e-3)


@pytest.mark.parametrize("curve", [np.zeros(len(BPM_GRID)), np.ones(len(BPM_GRID)), np.linspace(0, 1, len(BPM_GRID))])
def test_without_a_peak_there_are_none(curve):
    assert find_candidates(curve) == ()


def test_equal_evidence_leaves_the_prior():
    flat = np.ones(len(BPM_GRID))

    assert BPM_GRID[combine(flat, flat).argmax()] == pytest.approx(105, rel=0.01)
    assert BPM_GRID[combine(flat, flat, TempoSettings(prior_bpm=90.0)).argmax()] == pytest.approx(90, rel=0.01)


def test_the_network_counts_by_its_share():
    zero, curve = np.zeros(len(BPM_GRID)), peaks({120: 1.0})
    settings = TempoSettings(network_share=0.25)

    np.testing.assert_allclose(combine(zero, curve, settings), 0.25 * combine(curve, zero, settings))


@pytest.mark.parametrize(
    ("bpm", "expected"),
    [(80.5, [80.5, 120, 60]), (120.0, [120, 80, 60]), (180.0, [180, 120, 80])],
)
def test_a_promoted_tempo_leads_and_the_weights_stay(bpm, expected):
    candidates = tuple(TempoCandidate(*pair) for pair in ((120.0, 0.5), (80.0, 0.3), (60.0, 0.2)))
    result = promote(candidates, bpm)

    assert [c.bpm for c in result] == expected
    assert [c.weight for c in result] == [0.5, 0.3, 0.2]


def test_octaves_lead_the_candidates_with_their_probabilities():
    before = tuple(TempoCandidate(*pair) for pair in ((87.0, 0.5), (174.5, 0.2), (116.0, 0.2), (131.0, 0.1)))
    ranked = rank_octaves(before, [87.0, 174.0, 43.5], np.array([0.3, 0.6, 0.1]), best=1)

    assert [c.bpm for c in ranked] == [174.0, 87.0, 43.5, 116.0]
    assert [c.weight for c in ranked] == pytest.approx([0.57, 0.285, 0.095, 0.05 * 2 / 3])


def test_an_improbable_octave_is_still_among_the_candidates():
    before = tuple(TempoCandidate(*pair) for pair in ((87.0, 0.4), (116.0, 0.2), (131.0, 0.2), (101.0, 0.2)))
    ranked = rank_octaves(before, [87.0, 174.0, 43.5], np.array([0.001, 0.9985, 0.0005]), best=1)

    assert [c.bpm for c in ranked] == [174.0, 116.0, 131.0, 87.0]


def test_the_octave_that_leads_has_the_largest_weight():
    ranked = rank_octaves((TempoCandidate(150.0, 1.0),), [150.0, 75.0], np.array([0.3, 0.7]), best=0)

    assert ranked == (TempoCandidate(150.0, 0.7), TempoCandidate(75.0, 0.3))
