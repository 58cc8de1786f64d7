"""Modulation spectra of curves that move at known rates."""

import numpy as np
import pytest

from earmark.descriptors.tempo import modulation
from earmark.descriptors.tempo.modulation import FLOOR, compute_modulation

RATE = 62.5


def wave(bpm: float, seconds: float = 40.0) -> np.ndarray:
    """A cosine of so many periods a minute: float32 [n_frames]."""
    return np.cos(2 * np.pi * bpm / 60 * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


@pytest.mark.parametrize("bpm", [40.0, 87.3, 174.0, 700.0])
def test_a_curve_moves_at_its_rate_and_at_no_other(bpm):
    found = compute_modulation(wave(bpm), RATE)

    assert found.level(bpm) > 2
    assert found.level(bpm * 1.01) == pytest.approx(found.level(bpm), abs=0.3)  # players are no machines
    for other in (bpm / 2, 0.7 * bpm, 1.4 * bpm, 2 * bpm):
        assert found.level(other) < -1


def test_rates_beyond_the_frame_rate_are_absent():
    assert compute_modulation(wave(100.0), RATE).level(60 * RATE) == pytest.approx(np.log(FLOOR))


def test_windows_that_move_more_weigh_more():
    loud_then_soft = np.concatenate([wave(100.0), 0.01 * wave(150.0)])

    found = compute_modulation(loud_then_soft, RATE)
    assert found.level(100.0) > found.level(150.0) + 2


def test_a_curve_that_stands_still_has_no_rate():
    found = compute_modulation(np.ones(2000, np.float32), RATE)
    assert found.level(100.0) == pytest.approx(np.log(FLOOR))


def test_chunks_change_nothing(rng, monkeypatch):
    curve = rng.normal(0, 1, 10_000).astype(np.float32)
    whole = compute_modulation(curve, RATE).magnitude
    monkeypatch.setattr(modulation, "CHUNK", 3)
    np.testing.assert_allclose(compute_modulation(curve, RATE).magnitude, whole, rtol=1e-4)


def test_a_curve_shorter_than_a_window():
    assert compute_modulation(wave(120.0, seconds=4.0), RATE).level(120.0) > 1
