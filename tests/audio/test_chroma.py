"""Chroma of tones whose pitch is known; what becomes of it in keys is tested with the descriptors."""

import numpy as np
import pytest

from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig, chroma, fold, hertz, semitones, tuning_cents
from earmark.errors import AudioError
from sounds import tone


@pytest.mark.parametrize(("midi", "hz"), [(69, 440.0), (57, 220.0), (60, 261.6256)])
def test_pitches_in_hertz(midi, hz):
    assert hertz(midi) == pytest.approx(hz, rel=1e-6)


@pytest.mark.parametrize("midi", [36, 45 + 1 / 3, 57, 69 - 1 / 3, 80, 92])
def test_a_tone_is_in_the_bin_of_its_pitch(midi):
    C = chroma(tone(hertz(midi), 2.0))

    assert C.dtype == np.float16
    assert C.shape == (6, 180)
    middle = C[1:-1].mean(axis=0, dtype=np.float32)
    assert middle.argmax() == round(3 * (midi - DEFAULT_CHROMA.lowest))
    assert middle.sum() == pytest.approx(0.5, rel=0.2)  # the tone's amplitude


def test_tones_beyond_the_five_octaves_and_silence_are_zero():
    assert not chroma(np.zeros(8000, np.float32)).any()
    assert not chroma(tone(hertz(33 + 62), 1.0))[1:-1].any()


@pytest.mark.parametrize("n_samples", [1, 2047, 16_000 * 60])
def test_rows_are_those_of_the_frame_rate(rng, n_samples):
    C = chroma(rng.normal(0, 0.1, n_samples).astype(np.float32))

    assert len(C) == -(-(1 + n_samples // 2048) // 3)
    assert DEFAULT_CHROMA.frame_rate == pytest.approx(2.604, abs=1e-3)


@pytest.mark.parametrize("cents", [-40, 0, 25])
def test_the_tuning_of_a_tone(cents):
    C = chroma(tone(hertz(57 + cents / 100), 3.0))

    assert tuning_cents(C) == pytest.approx(cents, abs=4)
    assert semitones(C, cents).sum(axis=(0, 1)).argmax() == 9  # A
    assert tuning_cents(np.zeros((4, 180), np.float16)) == 0


def test_octaves_add_up_to_twelve():
    y = tone(hertz(48), 2.0, gain=0.3) + tone(hertz(60), 2.0, gain=0.3) + tone(hertz(55), 2.0, gain=0.3)

    F = fold(chroma(y))[1:-1]

    assert F.shape == (4, 12)
    np.testing.assert_allclose(F[:, 0], 1, atol=1e-6)  # two Cs
    np.testing.assert_allclose(F[:, 7], 0.5, atol=0.1)  # one G


def test_what_is_no_signal_is_refused():
    with pytest.raises(AudioError, match="expected mono"):
        chroma(np.zeros((2, 100), np.float32))


def test_its_config_survives_its_dict():
    assert ChromaConfig.from_dict(DEFAULT_CHROMA.to_dict()) == DEFAULT_CHROMA
