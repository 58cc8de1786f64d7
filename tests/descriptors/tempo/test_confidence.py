"""Confidence of onsets that are regular, of noise, and of single events."""

import numpy as np
import pytest

from earmark.descriptors.tempo.confidence import estimate_confidence
from earmark.descriptors.tempo.tempogram import compute_tempogram

RATE = 62.5


def confidence(onsets: np.ndarray, bpm: float = 125.0) -> float:
    onsets = onsets.astype(np.float32)
    return estimate_confidence(bpm, compute_tempogram(onsets.sum(axis=1), RATE), onsets, RATE)


def regular(n_frames: int = 1875, period: int = 30) -> np.ndarray:
    """Onsets in all six bands every `period` frames: 125 BPM."""
    onsets = np.zeros((n_frames, 6))
    onsets[10::period] = 1
    return onsets


def test_a_regular_pulse_in_all_bands_is_certain():
    assert confidence(regular()) == pytest.approx(1)


def test_another_tempo_than_that_of_the_pulse_is_not():
    assert confidence(regular(), bpm=109.0) < 0.2


def test_half_of_the_pulses_missing_lies_between(rng):
    onsets = regular()
    onsets[10::30] *= rng.random((len(onsets[10::30]), 1)) < 0.5

    assert 0.1 < confidence(onsets) < 1


def test_bands_that_rise_apart_are_noise(rng):
    assert confidence(rng.exponential(1.0, (1875, 6))) == 0


@pytest.mark.parametrize("n_events", [1, 2])
def test_a_few_events_are_no_pulse(n_events):
    onsets = np.zeros((1875, 6))
    onsets[np.arange(n_events) * 30 + 600] = 1

    assert confidence(onsets) == 0


def test_silence_has_none():
    assert confidence(np.zeros((1875, 6))) == 0
