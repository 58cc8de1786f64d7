"""Beats of pulse curves whose pulses are known."""

import numpy as np
import pytest

from earmark.descriptors.tempo.beats import track_beats
from earmark.descriptors.tempo.estimation import estimate_rhythm
from pulses import clicks


def test_beats_lie_on_the_clicks():
    rhythm = estimate_rhythm(clicks(100.0))

    truth = np.arange(0.3, 14.9, 0.6)
    nearest = np.abs(rhythm.beats[:, None] - truth).min(axis=1)
    assert len(rhythm.beats) == pytest.approx(len(truth), abs=1)
    assert nearest.max() < 0.03


def pulse_at(frames: np.ndarray, n_frames: int) -> np.ndarray:
    """float32 [n_frames], 1 at `frames`, else 0."""
    pulse = np.zeros(n_frames, np.float32)
    pulse[frames] = 1
    return pulse


def test_beats_are_the_pulses():
    frames = np.arange(12, 1200, 31)

    np.testing.assert_allclose(track_beats(pulse_at(frames, 1210), np.full(1210, 31.0)), frames, atol=1e-6)


def test_they_follow_a_change_of_tempo():
    frames = np.concatenate([np.arange(10, 600, 30), np.arange(620, 1200, 40)])
    periods = np.where(np.arange(1210) < 600, 30.0, 40.0)

    np.testing.assert_allclose(track_beats(pulse_at(frames, 1210), periods), frames, atol=1e-6)


def test_a_missing_pulse_is_bridged():
    frames = np.arange(10, 1000, 30)
    present = np.delete(frames, 15)

    np.testing.assert_allclose(track_beats(pulse_at(present, 1000), np.full(1000, 30.0)), frames, atol=1)


def test_off_beats_are_passed_over():
    beats = np.arange(10, 1000, 30)
    pulse = pulse_at(beats, 1000)
    pulse[beats[:-1] + 15] = 0.6

    np.testing.assert_allclose(track_beats(pulse, np.full(1000, 30.0)), beats, atol=1e-6)


def test_silence_at_both_ends_has_no_beats():
    frames = np.arange(500, 1000, 25)

    np.testing.assert_allclose(track_beats(pulse_at(frames, 1500), np.full(1500, 25.0)), frames, atol=1e-6)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_positions_between_frames_are_interpolated(share):
    frames = np.arange(20, 900, 28)
    pulse = pulse_at(frames, 910) * np.float32(1 - share)
    pulse[frames + 1] = share

    np.testing.assert_allclose(track_beats(pulse, np.full(910, 28.0)), frames + share, atol=1e-3)
