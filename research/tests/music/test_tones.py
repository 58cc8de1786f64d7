"""Tones of known pitch, and what is added to a mix."""

import numpy as np
import pytest

from earmark_research.music.tones import SR, Mix, Timbre, note, random_timbre

PLAIN = Timbre(np.array([1.0] + [0.0] * 23), decay=0.0, vibrato=0.0, attack=0.01)


@pytest.mark.parametrize("midi", [45, 57.5, 69, 81])
def test_a_note_has_its_pitch(rng, midi):
    y = note(midi, 1.0, PLAIN, rng)
    found = np.abs(np.fft.rfft(y * np.hanning(len(y)))).argmax() * SR / len(y)
    assert found == pytest.approx(440 * 2 ** ((midi - 69) / 12), abs=1)
    assert np.abs(y).max() == pytest.approx(1, abs=0.01)


def test_a_struck_note_dies_away_and_a_held_one_stays(rng):
    struck = note(60, 1.0, Timbre(PLAIN.levels, 0.3, 0.0, 0.01), rng)
    held = note(60, 1.0, PLAIN, rng)
    for y, least, most in ((struck, 0, 0.2), (held, 0.9, 1.1)):
        early, late = (np.abs(y[int(t * SR) :][: SR // 10]).max() for t in (0.1, 0.8))
        assert least <= late / early <= most


def test_vibrato_widens_the_pitch(rng):
    levels = [PLAIN, Timbre(PLAIN.levels, 0.0, 45.0, 0.01)]
    widths = []
    for timbre in levels:
        size = np.abs(np.fft.rfft(note(81, 1.0, timbre, rng))) ** 2
        hz = np.arange(len(size))
        centre = (hz * size).sum() / size.sum()
        widths.append(np.sqrt(((hz - centre) ** 2 * size).sum() / size.sum()))
    assert widths[1] > 1.5 * widths[0]


def test_a_mix_adds_and_drops_what_is_past_its_end(rng):
    mix = Mix(1.0, 0.0, rng)
    mix.add(0.5, np.ones(SR, np.float32))
    mix.add(0.75, np.ones(SR, np.float32))
    assert mix.y[[0, SR // 2, -1]].tolist() == [0, 1, 2]
    assert mix.normalised().max() == pytest.approx(1, abs=1e-5)


def test_one_timbre_in_six_has_odd_harmonics_alone():
    timbres = [random_timbre(np.random.default_rng(seed)) for seed in range(300)]
    even_to_odd = [np.median(timbre.levels[1::2] / timbre.levels[::2]) for timbre in timbres]
    assert 25 < sum(ratio < 0.2 for ratio in even_to_odd) < 75
