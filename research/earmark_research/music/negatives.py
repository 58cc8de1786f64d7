"""Sounds that are no music, made by code: noise, tones, hum, clicks, applause, birdsong, babble, silence.

Each maker takes a generator and a number of samples n, and returns float64 [n] at 16 kHz.
"""

from collections.abc import Callable

import numpy as np

SR = 16_000  # Hz
Maker = Callable[[np.random.Generator, int], np.ndarray]


def coloured_noise(rng: np.random.Generator, n: int) -> np.ndarray:
    """Noise whose power falls as f ** -a, a from 0 (white) to 2 (brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    frequency = np.maximum(np.arange(len(spectrum)), 1)
    return np.fft.irfft(spectrum * frequency ** (-0.5 * rng.uniform(0, 2)), n)


def band_noise(rng: np.random.Generator, n: int) -> np.ndarray:
    """Noise in one band, swelling and fading: wind, surf, traffic, a fan."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    low, high = np.sort(rng.uniform(0, len(spectrum), 2)).astype(int)
    spectrum[:low], spectrum[high + 20 :] = 0, 0
    return np.fft.irfft(spectrum, n) * swell(rng, n)


def steady_tone(rng: np.random.Generator, n: int) -> np.ndarray:
    """One sine, or a hum of harmonics."""
    t, hz = np.arange(n) / SR, np.exp(rng.uniform(np.log(40), np.log(6000)))
    harmonics = range(1, 1 + int(rng.choice([1, 1, 4, 12])))
    return sum(np.sin(2 * np.pi * hz * k * t) / k for k in harmonics if hz * k < SR / 2)


def sweep(rng: np.random.Generator, n: int) -> np.ndarray:
    """A gliding tone: siren, engine, test sweep."""
    knots = np.exp(rng.uniform(np.log(60), np.log(5000), rng.integers(2, 8)))
    hz = np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(knots)), knots)
    return np.sin(2 * np.pi * np.cumsum(hz) / SR)


def clicks(rng: np.random.Generator, n: int) -> np.ndarray:
    """Irregular short knocks, each a decaying noise burst."""
    y = np.zeros(n)
    for start in rng.integers(0, n, rng.integers(1, 25)):
        length = min(n - start, int(rng.uniform(0.003, 0.08) * SR))
        y[start : start + length] += rng.standard_normal(length) * np.exp(-5 * np.arange(length) / length)
    return y


def applause(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hundreds of hand claps at random moments, loudness drifting."""
    y = np.zeros(n)
    clap = band_noise(rng, 400) * np.exp(-np.arange(400) / rng.uniform(40, 120))
    for start in rng.integers(0, n - 400, int(rng.uniform(20, 300) * n / SR)):
        y[start : start + 400] += clap * rng.uniform(0.1, 1) * rng.choice([-1, 1])
    return y * swell(rng, n)


def birdsong(rng: np.random.Generator, n: int) -> np.ndarray:
    """Short high chirps with pauses over a faint background."""
    y = 0.01 * rng.standard_normal(n)
    for _ in range(rng.integers(3, 30)):
        length = min(int(rng.uniform(0.03, 0.3) * SR), n // 2)
        start, base = rng.integers(0, n - length), rng.uniform(2000, 6500)
        t = np.arange(length) / SR
        trill = rng.uniform(0, 800) * np.sin(2 * np.pi * rng.uniform(8, 50) * t)
        hz = base + rng.uniform(-1500, 1500) * t / t[-1] + trill
        y[start : start + length] += np.sin(2 * np.pi * np.cumsum(hz) / SR) * np.hanning(length)
    return y


def babble(rng: np.random.Generator, n: int) -> np.ndarray:
    """Speech-like: syllables of a gliding buzz or hiss through three formants, with pauses."""
    y, position = np.zeros(n), 0
    pitch = rng.uniform(90, 260)
    while position < n - 800:
        length = min(n - position, int(rng.uniform(0.06, 0.28) * SR))
        y[position : position + length] += syllable(rng, length, pitch * rng.uniform(0.85, 1.2))
        position += length + int(rng.exponential(0.05) * SR) + (int(0.5 * SR) if rng.random() < 0.08 else 0)
    return y


def syllable(rng: np.random.Generator, n: int, pitch: float) -> np.ndarray:
    """One voiced or hissed syllable, float64 [n], at a pitch in Hz."""
    hz = pitch * np.linspace(1, rng.uniform(0.8, 1.15), n)
    source = np.cumsum(hz) / SR % 1.0 - 0.5 if rng.random() < 0.75 else rng.standard_normal(n)
    spectrum, frequency = np.fft.rfft(source), np.fft.rfftfreq(n, 1 / SR)
    formants = (rng.uniform(250, 850), rng.uniform(850, 2400), rng.uniform(2300, 3400))
    shape = sum(np.exp(-(((frequency - f) / (60 + 0.1 * f)) ** 2)) / (1 + i) for i, f in enumerate(formants))
    y = np.fft.irfft(spectrum * (shape + 0.01), n) * np.hanning(n)
    return y / (np.abs(y).max() + 1e-9)


def silence(rng: np.random.Generator, n: int) -> np.ndarray:
    """Nothing, or next to nothing."""
    return rng.standard_normal(n) * float(rng.choice([0.0, 1e-5, 1e-4]))


def swell(rng: np.random.Generator, n: int) -> np.ndarray:
    """A slow random loudness curve, float64 [n], 0-1."""
    knots = rng.uniform(0.1, 1, rng.integers(2, 8))
    return np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(knots)), knots)


MAKERS: tuple[Maker, ...] = (
    coloured_noise, band_noise, steady_tone, sweep, clicks, applause, birdsong, babble, babble, silence,
)  # fmt: skip


def negative(rng: np.random.Generator, seconds: float = 3.0) -> np.ndarray:
    """float32 [seconds * 16000]: one such sound, now and then two at once, peak between -40 dB and 0 dB."""
    n = int(seconds * SR)
    maker = MAKERS[rng.integers(len(MAKERS))]
    y = maker(rng, n)
    if maker is silence:
        return y.astype(np.float32)
    if rng.random() < 0.3:
        other = MAKERS[rng.integers(len(MAKERS) - 1)](rng, n)
        y = y / (np.abs(y).max() + 1e-9) + rng.uniform(0, 1) * other / (np.abs(other).max() + 1e-9)
    gain = 10 ** (rng.uniform(-40, 0) / 20)
    return (gain * y / (np.abs(y).max() + 1e-9)).astype(np.float32)
