"""Energy of made-up music: a slow pad against a fast drum pattern, and both in one track; and from a tagger."""

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.earprint import Earprint
from earmark.audio.features import log_mel
from earmark.descriptors.energy import Energy, estimate, from_dict, line, measure_seconds
from earmark.tagger.model import Activations
from earmark.tagger.tagset import TagGroup, Tagset

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


TAGSET = Tagset((TagGroup("scale", ("valence", "energy"), "share"),))


def heard(y: np.ndarray) -> Earprint:
    return Earprint(log_mel(y, DEFAULT_FEATURES), DEFAULT_FEATURES, len(y) / SR, "id")


def outputs(*values: float, tagset: Tagset | None = TAGSET) -> Activations:
    """Of a tagger that says one energy every ten seconds: values [n_steps]."""
    logits = np.array([[0.5, value] for value in values], np.float32)
    return Activations(np.arange(len(values)) * 10.0 + 5, logits, np.zeros((len(values), 2)), tagset)


def energy(y: np.ndarray) -> Energy:
    """With a tagger that has no energy: the spectral activity alone."""
    return estimate(heard(y), outputs(0.5, tagset=None))


def test_the_taggers_word_is_the_energy_and_the_spectrum_has_its_own_name():
    found = estimate(heard(pad(20)), outputs(0.7, 0.8))
    assert (found.value, found.level) == (0.75, "high")
    assert found.value == round(outputs(0.7, 0.8).tag("scale/energy"), 4)
    assert found.spectral_activity == energy(pad(20)).value < 0.33


def test_the_curve_follows_the_tagger_and_is_0_in_silence():
    y = np.concatenate([pad(20), np.zeros(20 * SR, np.float32)])
    found = estimate(heard(y), outputs(0.2, 0.6, 0.6, 0.6))
    assert found.curve[:3] == pytest.approx([0.2] * 3, abs=0.01)
    assert found.curve[14] == pytest.approx(0.57, abs=0.02)
    assert max(found.curve[25:]) == 0


def test_a_level_beyond_the_scale_is_kept_within_it():
    assert estimate(heard(pad(10)), outputs(1.3)).value == 1.0


def test_without_a_tagger_there_is_none_and_silence_has_none_whatever_it_says():
    assert estimate(heard(pad(5))) is None
    assert estimate(heard(np.zeros(10 * SR, np.float32)), outputs(0.9)).value == 0.0


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
    energy = Energy("high", 0.712, (0.7, 0.724), 0.4)

    assert energy.to_dict() == {"level": "high", "value": 0.712, "curve": [0.7, 0.724], "spectral_activity": 0.4}
    assert from_dict({"level": "low", "value": 0.1, "curve": []}) == Energy("low", 0.1)  # of version 1
    assert from_dict(energy.to_dict()) == energy
    assert line(energy) == "high (0.71)"
    with pytest.raises(TypeError, match="colour"):
        from_dict(energy.to_dict() | {"colour": 1})
