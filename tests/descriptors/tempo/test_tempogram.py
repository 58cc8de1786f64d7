"""Periodicity of pulse curves whose period is known."""

import numpy as np
import pytest

from earmark.descriptors.tempo.tempogram import (
    BPM_GRID,
    BPM_MAX,
    BPM_MIN,
    Tempogram,
    compute_salience,
    compute_tempogram,
    cut_windows,
    place_windows,
    weigh_octaves,
)

RATE = 100.0


def pulse(period: int, n_frames: int = 3000) -> np.ndarray:
    """Two-frame pulses every `period` frames: float32 [n_frames]."""
    curve = np.zeros(n_frames, np.float32)
    curve[::period] = curve[1::period] = 1
    return curve


def at(bpm: float) -> int:
    """The nearest index of the grid."""
    return int(np.abs(BPM_GRID - bpm).argmin())


def test_the_grid_goes_from_30_to_300_in_steps_of_one_per_cent():
    assert BPM_GRID[0] == BPM_MIN
    assert BPM_MAX / 1.01 < BPM_GRID[-1] <= BPM_MAX
    np.testing.assert_allclose(BPM_GRID[1:] / BPM_GRID[:-1], 1.01)


@pytest.mark.parametrize("period", [30, 50, 75])
def test_the_salience_of_clicks_is_largest_at_their_tempo(period):
    lags, spectrum = compute_tempogram(pulse(period), RATE).average()

    assert lags.shape == (4, len(BPM_GRID))
    assert spectrum.shape == (5, len(BPM_GRID))
    salience = compute_salience(lags, spectrum)
    assert BPM_GRID[salience.argmax()] == pytest.approx(6000 / period, rel=0.01)
    assert salience.min() >= 0


def test_clicks_repeat_after_one_to_four_periods():
    lags, _ = compute_tempogram(pulse(50), RATE).average()

    assert lags[:, at(120)].min() > 0.6  # the nearest tempo of the grid is a little off
    assert lags[0, at(240)] < 0.05
    assert lags[1, at(240)] > 0.7


def test_octave_errors_of_clicks_weigh_little():
    lags, spectrum = compute_tempogram(pulse(50), RATE).average()
    weights = weigh_octaves(lags, spectrum)

    assert weights[at(120)] == pytest.approx(1)
    assert weights[at(240)] < 0.2
    assert weights[at(60)] < 0.2
    assert weights.min() >= 0
    assert weights.max() <= 1


def test_windows_overlap_by_half_and_reach_the_end():
    tempogram = compute_tempogram(pulse(50, 5000), RATE)

    assert tempogram.window == 1640
    assert tempogram.starts.tolist() == [0, 820, 1640, 2460, 3280, 3360]
    assert len(tempogram.lags) == len(tempogram.spectrum) == len(tempogram.energy) == 6
    assert compute_tempogram(pulse(50, 300), RATE).starts.tolist() == [0]


def test_lags_beyond_the_window_are_zero():
    tempogram = compute_tempogram(pulse(50, 300), RATE)

    assert not tempogram.lags[0, 1:, at(30)].any()  # from 4 s, in 3 s
    assert tempogram.lags[0, 3, at(240)] > 0.7  # at 1 s


def test_a_constant_curve_has_no_period():
    tempogram = compute_tempogram(np.ones(2000, np.float32), RATE)

    assert not tempogram.energy.any()
    assert not tempogram.lags.any()
    assert np.isfinite(tempogram.spectrum).all()


def test_windows_weigh_by_the_root_of_their_energy():
    lags = np.stack([np.zeros((4, 3)), np.ones((4, 3))])
    spectrum = np.stack([np.zeros((5, 3)), np.ones((5, 3))])
    tempogram = Tempogram(np.array([0, 5]), 10, lags, spectrum, np.array([1.0, 9.0]))

    for average in tempogram.average():
        np.testing.assert_allclose(average, 0.75)


def test_places_of_windows_overlap_and_reach_the_end():
    starts, window = place_windows(3000, RATE)

    assert (window, starts[0], starts[-1] + window) == (1640, 0, 3000)
    assert np.all(np.diff(starts) <= window // 2)
    assert place_windows(500, RATE)[1] == 500


def test_windows_are_cut_less_their_means():
    x = cut_windows(np.arange(10.0), np.array([0, 4]), 4)
    np.testing.assert_array_equal(x, [[-1.5, -0.5, 0.5, 1.5]] * 2)
