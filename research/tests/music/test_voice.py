"""Pitch, vowel and words of what the vocoder sings; flite itself only where it is installed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from earmark.errors import DataError
from earmark_research.music import songs, voice
from earmark_research.music.voice import SR, Singer

PLAIN = Singer(presence=0.0, breath=0.0, vibrato=0.0, glide=0.0)
needs_flite = pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")


def spectrum(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.fft.rfftfreq(len(y), 1 / SR), np.abs(np.fft.rfft(y * np.hanning(len(y))))


def harmonicity(y: np.ndarray, midi: float) -> float:
    """Share of the power within a quarter tone of the harmonics of a pitch."""
    hz, size = spectrum(y)
    harmonic = hz / (440 * 2 ** ((midi - 69) / 12))
    near = np.abs(harmonic / np.maximum(1, np.round(harmonic)) - 1) < 0.015
    return np.square(size[near]).sum() / np.square(size).sum()


def test_syllables_begin_with_their_consonants(speech):
    assert [tuple(round(frame / 200, 1) for frame in s) for s in speech.syllables] == [(0.1, 0.2, 0.5), (0.5, 0.6, 0.9)]
    assert speech.pitched[70] == 1
    assert speech.pitched[30] == 0


@pytest.mark.parametrize("midi", [50, 57, 62, 69])
def test_a_note_has_its_pitch_and_the_vowel_of_the_words(rng, speech, midi):
    y = voice.sing(rng, speech, [(0.1, 1.2, midi)], PLAIN)
    steady = y[int(0.7 * SR) : int(1.2 * SR)]
    assert harmonicity(steady, midi) > 0.95
    assert harmonicity(steady, midi + 1) < 0.5
    hz, size = spectrum(steady)
    power = [np.square(size[(hz > low) & (hz < low + 600)]).sum() for low in (100, 700, 1600, 2600)]
    assert np.argmax(power) == 1


def test_a_longer_tract_has_lower_formants(rng, speech):
    def centroid(tract):
        hz, size = spectrum(voice.sing(rng, speech, [(0.1, 1.2, 45)], replace(PLAIN, tract=tract))[SR // 2 : SR])
        return (hz * size**2).sum() / (size**2).sum()

    assert centroid(1.2) < 0.9 * centroid(1.0) < 0.81 * centroid(0.8)


def test_consonants_are_noise_and_rests_are_silent(rng, speech):
    y = voice.sing(rng, speech, [(0.1, 0.6, 57), (1.2, 0.6, 57)], PLAIN)
    assert np.abs(y[int(0.8 * SR) : int(1.1 * SR)]).max() < 1e-3 * np.abs(y).max()
    hz, size = spectrum(y[int(0.11 * SR) : int(0.19 * SR)])
    assert np.square(size[hz > 2500]).sum() > np.square(size[hz < 2500]).sum()  # the hiss is white


def test_words_begin_anew_after_the_last_syllable(rng, speech):
    notes = [(0.3 * number, 0.28, 60) for number in range(5)]
    y = voice.sing(rng, speech, notes, PLAIN)
    loud = [np.abs(y[int((at + 0.15) * SR) : int((at + 0.25) * SR)]).max() for at, *_ in notes]
    assert min(loud) > 0.3 * max(loud)


def test_speech_at_another_rate_is_refused():
    with pytest.raises(DataError, match="8000 Hz"):
        voice.analyse_speech(np.zeros(8000, np.float32), 8000, [("aa", 1.0)])


def test_a_missing_flite_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="apt-get install flite"):
        voice.speak("la", "slt", tmp_path)


@needs_flite
@pytest.mark.parametrize("name", songs.CENTRES)
def test_flite_says_a_syllable_a_vowel(tmp_path, name):
    found = voice.speak("hello my river", name, tmp_path)
    assert len(found.syllables) == 5
    assert all(first <= nucleus < end for first, nucleus, end in found.syllables)
    with pytest.raises(DataError, match="no syllable"):
        voice.speak(".", name, tmp_path)


def test_consonants_after_a_vowel_begin_the_next_syllable():
    phones = [
        ("l", 0, 2),
        ("aa", 2, 5),
        ("s", 5, 7),
        ("t", 7, 8),
        ("iy", 8, 9),
        ("pau", 9, 10),
        ("uw", 10, 12),
        ("m", 12, 13),
    ]
    assert voice.find_syllables(phones) == [(0, 2, 5), (5, 8, 9), (10, 10, 12)]


def test_a_seed_gives_the_voice_it_always_gave(speech):
    """The bundled network was trained on such voices: a changed draw would be another data set."""
    singer = Singer(tract=1.1, breath=0.1, rough=0.3)
    y = voice.sing(np.random.default_rng(5), speech, [(0.1, 0.6, 50), (0.8, 0.5, 57)], singer)
    np.testing.assert_allclose(y[4000::4000], [0.03096, -0.06587, -8.325e-05, 0.3463, 0.2005, 0.0], atol=2e-4)
    assert np.sqrt(np.mean(y.astype(float) ** 2)) == pytest.approx(0.1810, rel=1e-3)
