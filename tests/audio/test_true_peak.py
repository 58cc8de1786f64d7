"""True peaks of the test signals of EBU Tech 3341."""

import numpy as np
import pytest

from earmark.audio.true_peak import HALF, PHASES, TruePeak, interpolator

SR = 48_000


def true_peak(y: np.ndarray, block: int = 5000) -> float:
    """Of float32 [n_channels, n], pushed in blocks; full scale 1.0."""
    meter = TruePeak(len(y))
    for start in range(0, y.shape[1], block):
        part = y[:, start : start + block]
        meter.push(part, float(np.abs(part).max()))
    return meter.finish()


@pytest.mark.parametrize(
    ("fraction", "phase", "level", "dbtp"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_true_peak_of_tech_3341(fraction, phase, level, dbtp):
    """Cases 15-19: tones whose samples miss their crests; the standard allows +0.2 and -0.4 dB."""
    n = np.arange(2 * SR)
    y = level * np.sin(2 * np.pi * n / fraction + np.radians(phase))
    y[:2000] *= np.linspace(0, 1, 2000) ** 2  # fade in, as an abrupt start has a true overshoot
    y[-2000:] *= np.linspace(1, 0, 2000) ** 2

    peak = 20 * np.log10(true_peak(np.stack([y, y]).astype(np.float32)))

    assert dbtp - 0.4 <= peak <= dbtp + 0.2


@pytest.mark.parametrize("block", [7, 24, 25, 1000, 20_000])
def test_the_size_of_the_blocks_changes_nothing(rng, block):
    y = rng.normal(0, 0.1, (2, 20_000)).astype(np.float32)
    y[1, 12_345:12_347] = 0.9  # two equal samples: the wave rises between them

    assert true_peak(y, block) == pytest.approx(true_peak(y), rel=1e-6)
    assert true_peak(y) > 1.05


def test_it_is_never_below_the_largest_sample():
    y = np.zeros((1, 1000), np.float32)
    y[0, 500] = -0.7

    assert true_peak(y) == pytest.approx(0.7)
    assert true_peak(np.zeros((2, 100), np.float32)) == 0


def test_the_interpolator_keeps_a_constant_and_a_sine():
    taps = interpolator()
    k = np.arange(-HALF, HALF + 1)
    offsets = np.arange(1 - PHASES, PHASES) / PHASES

    assert taps.shape == (25, 7)
    np.testing.assert_allclose(taps.sum(axis=0), 1, atol=1e-6)
    np.testing.assert_allclose(np.sin(0.8 * k) @ taps, np.sin(0.8 * offsets), atol=1e-3)  # radians a sample
