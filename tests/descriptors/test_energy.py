"""Energy of made-up music: a slow pad against a fast drum pattern, and both in one track."""

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.features import log_mel
from earmark.descriptors.energy import Energy, estimate_energy, from_dict, line, measure_seconds

SR = DEFAULT_FEATURES.sr


def pad(seconds: float) -> np.ndarray:
    """A held chord of soft tones that swells slowly: float32 [n]."""
    t = np.arange(round(seconds * SR)) / SR
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (110, 165, 220, 277))
    return (0.05 * chord * (1 + 0.3 * np.sin(0.5 * t))).astype(np.float32)


def drums(seconds: float) -> np.ndarray:
    """Noise bursts in semiquavers at 140 BPM over a distorted bass: float32 [n]."""
    t = np.arange(round(seconds * SR)) / SR
    phase = t * 140 / 60 * 4 % 1
    noise = np.random.default_rng(0).normal(size=t.size)
    bass = np.tanh(5 * np.sin(2 * np.pi * 55 * t))
    return (0.3 * noise * np.exp(-12 * phase) + 0.15 * bass).astype(np.float32)


def energy(y: np.ndarray):
    return estimate_energy(log_mel(y, DEFAULT_FEATURES), DEFAULT_FEATURES.frame_rate)


def test_a_soft_pad_is_low_and_fast_drums_are_high():
    assert energy(pad(20)).level == "low"
    assert energy(drums(20)).level == "high"


def test_a_track_of_both_halves_is_varying_and_its_curve_says_when():
    result = energy(np.concatenate([pad(20), drums(20)]))
    assert result.level == "varying"
    assert len(result.curve) == 40
    assert max(result.curve[:15]) < 0.33 < 0.67 < min(result.curve[25:])


@pytest.mark.parametrize("gain", [0.3, 2.0])
def test_turning_it_up_or_down_changes_little(gain):
    assert energy(drums(10) * np.float32(gain)).value == pytest.approx(energy(drums(10)).value, abs=0.1)


@pytest.mark.parametrize("seconds", [0.1, 1, 30])
def test_silence_has_none(seconds):
    result = energy(np.zeros(round(seconds * SR), np.float32))
    assert (result.level, result.value) == ("low", 0.0)


def test_a_tenth_of_a_second_has_one_value():
    assert len(energy(drums(0.1)).curve) == 1


def test_rise_and_brightness_of_each_second():
    S = np.zeros((20, 96), np.float32)
    S[10:] = 1  # rises once, in the second of two seconds
    S[10:, :16], S[10:, 48:] = 0.5, 3
    rise, brightness, sounding = measure_seconds(S, 10.0)

    mean = (16 * 0.5 + 32 * 1 + 48 * 3) / 96
    np.testing.assert_allclose(rise, [0, mean / 10], atol=1e-6)  # in one of ten frames
    np.testing.assert_allclose(brightness, [0, 3 - 0.5], atol=1e-6)
    assert sounding.tolist() == [False, True]


def test_less_than_a_second_is_one_value_and_the_rest_is_spread():
    assert len(measure_seconds(np.ones((3, 96), np.float32), 10.0)[0]) == 1
    assert len(measure_seconds(np.ones((29, 96), np.float32), 10.0)[0]) == 2


def test_it_survives_its_dictionary_and_has_a_line():
    energy = Energy("high", 0.712, (0.7, 0.724))

    assert energy.to_dict() == {"level": "high", "value": 0.712, "curve": [0.7, 0.724]}
    assert from_dict(energy.to_dict()) == energy
    assert line(energy) == "high (0.71)"
    with pytest.raises(TypeError, match="colour"):
        from_dict(energy.to_dict() | {"colour": 1})
