"""Drums alone have no key; the same drums under a cadence do not take its key away."""

import numpy as np
import pytest

from cadences import SR, cadence
from earmark.audio.chroma import chroma, semitones, tuning_cents
from earmark.descriptors.key.estimation import estimate_key
from earmark.descriptors.key.names import key_name
from earmark.descriptors.key.tonality import is_tonal, measure


def drums(seconds: float, seed: int = 0) -> np.ndarray:
    """A bass drum that sweeps down, a snare of noise over a tone, hi-hats of noise: float64 [n]."""
    rng = np.random.default_rng(seed)
    y, beat = np.zeros(round(seconds * SR) + SR), 60 / rng.uniform(80, 150)
    t = np.arange(SR // 3) / SR
    low, tone = rng.uniform(42, 60), rng.uniform(160, 240)
    kick = np.sin(2 * np.pi * (low * t - 3 * np.exp(-t / 0.03))) * np.exp(-t / 0.12)
    for k in range(int(seconds / beat * 4)):
        noise = rng.standard_normal(len(t))
        snare = (0.5 * noise + 0.4 * np.sin(2 * np.pi * tone * t)) * np.exp(-t / 0.07)
        hat = 0.3 * np.diff(noise, append=0) * np.exp(-t / 0.02)
        stroke = hat + (kick if k % 8 in (0, 5) else snare if k % 8 == 4 else 0)
        at = round(k * beat / 4 * SR)
        y[at : at + len(t)] += stroke
    return 0.4 * y[: round(seconds * SR)]


@pytest.mark.parametrize("seed", range(6))
def test_drums_alone_have_no_key(seed):
    found = estimate_key(chroma(drums(20, seed).astype(np.float32)))
    assert (found.tonic, found.confidence, found.candidates) == (None, 0.0, ())


@pytest.mark.parametrize("number", [0, 3, 13, 21])
def test_drums_do_not_take_the_key_of_what_plays_with_them(number):
    y = cadence(number, times=8)
    y = y / np.abs(y).max() + 0.5 * drums(len(y) / SR)
    found = estimate_key(chroma(y.astype(np.float32)))
    assert (found.tonic, found.mode) == key_name(number)


def test_a_few_seconds_are_given_the_benefit_of_the_doubt():
    C = chroma(drums(4).astype(np.float32))
    assert is_tonal(C, semitones(C, tuning_cents(C)))


def test_the_figures_tell_a_cadence_from_drums():
    """Music keeps to the semitones and has related pitches in several octaves."""
    sounds = [y.astype(np.float32) for y in (cadence(0, times=8), drums(20))]
    music, beats = (measure(C, semitones(C, tuning_cents(C))) for C in map(chroma, sounds))
    assert music.shape == (7,)
    assert (music[:4] > beats[:4]).all()
