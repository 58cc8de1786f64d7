"""The weighting against the standard's own filter curve (ITU-R BS.1770-4)."""

import numpy as np
import pytest

from earmark.audio.kweighting import PASS_POWER, Decimator, StepEnergies, Weighting, high_pass, power, shelf, weighting
from earmark.errors import AudioError


@pytest.mark.parametrize("sr", [8000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_the_weighting_is_that_of_the_standard(sr):
    hz = np.geomspace(20, min(20_000, 0.49 * sr), 2000)
    standard = power(shelf(sr), hz, sr) * power(high_pass(sr), hz, sr) * PASS_POWER
    assert np.abs(10 * np.log10(Weighting(sr).response(hz) / standard)).max() < 0.02


def test_the_filters_are_those_of_the_table_at_48_khz():
    table = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585]
    np.testing.assert_allclose(shelf(48_000), table, atol=1e-9)
    np.testing.assert_allclose(high_pass(48_000)[4:], [-1.99004745483398, 0.99007225036621], atol=1e-9)


def test_steps_weighed_one_by_one_are_those_weighed_together():
    plan = Weighting(44_100)
    x = np.random.default_rng(0).normal(0, 0.1, (2, 5 * plan.step)).astype(np.float32)
    meter = StepEnergies(plan, 2)
    one_by_one = np.hstack([meter.push(x[:, i * plan.step : (i + 1) * plan.step]) for i in range(5)])
    np.testing.assert_allclose(one_by_one, StepEnergies(plan, 2).push(x), rtol=1e-5)


@pytest.mark.parametrize("sr", [22_050, 48_000])
def test_the_energy_of_a_tone_is_what_the_response_says(sr):
    plan = Weighting(sr)
    t = np.arange(40 * plan.step) / sr
    x = np.sin(2 * np.pi * 1000 * t).astype(np.float32)[None]

    energy = StepEnergies(plan, 1).push(x)

    assert energy.shape == (1, 40)
    np.testing.assert_allclose(energy[0, 5:], 0.5 * plan.response(np.array([1000.0]))[0], rtol=1e-3)


def test_a_decimator_keeps_the_bass_and_removes_what_would_fold():
    decimator = Decimator.design(8, 8, 0.7)

    passed, stopped = decimator.power(np.array([20.0, 5000.0]), 48_000)

    assert decimator.matrix().shape == (64, 16)
    assert passed == pytest.approx(1, abs=0.01)
    assert stopped < 1e-4


def test_a_rate_that_has_no_plan_is_refused():
    with pytest.raises(AudioError, match="ordinary sampling rate"):
        Weighting(0)


@pytest.mark.parametrize("sr", [10_007, 384_000, 705_600, 1_000_000, 5_644_800])
def test_unusual_rates_have_a_plan(sr):
    hz = np.geomspace(25, min(20_000, 0.49 * sr), 500)
    standard = power(shelf(sr), hz, sr) * power(high_pass(sr), hz, sr) * PASS_POWER

    assert weighting(sr) is weighting(sr)
    assert np.abs(10 * np.log10(weighting(sr).response(hz) / standard)).max() < 0.03


@pytest.mark.parametrize(("factor", "outputs"), [(1, 25), (7, 10), (100, 13)])
def test_a_fitted_decimator_has_the_gain_that_is_wanted(factor, outputs):
    hz = np.linspace(0, 24_000, 4000)
    gain = np.exp(-((hz / 24_000 * factor * outputs / 30) ** 2))

    taps = Decimator.fitted(factor, outputs, gain, np.ones_like(gain)).taps

    assert len(taps) == factor * outputs
    assert abs(np.polyval(taps, np.exp(-2j * np.pi * hz[5] / 48_000))) == pytest.approx(gain[5], abs=1e-3)
    np.testing.assert_allclose(taps, taps[::-1], atol=1e-12)
