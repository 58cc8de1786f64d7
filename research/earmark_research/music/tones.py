"""Tones made of harmonics, and a mix that they are added to, at 16 kHz: the sound of the key network's music."""

from dataclasses import dataclass

import numpy as np

from earmark.audio.chroma import hertz

SR = 16_000  # Hz
TABLE = 2048  # points of one period
N_HARMONICS = 24
HIGHEST = 7500  # Hz, of a harmonic
SHORTEST = 64  # samples of a note
RELEASE = 0.02  # seconds


@dataclass(frozen=True)
class Timbre:
    """How an instrument sounds.

    Attributes
    ----------
    levels : float64 [24], of the harmonics
    decay : seconds to fall to 1/e; 0 is held
    vibrato : cents
    attack : seconds
    """

    levels: np.ndarray
    decay: float
    vibrato: float
    attack: float


def random_timbre(rng: np.random.Generator, held: bool | None = None) -> Timbre:
    """Anything from a soft flute to a bright organ; odd harmonics alone one time in six."""
    k = np.arange(1, N_HARMONICS + 1)
    levels = k ** -rng.uniform(0.5, 2.5) * rng.uniform(0.2, 1, k.size)
    if rng.random() < 1 / 6:
        levels[1::2] *= 0.1
    held = rng.random() < 0.5 if held is None else held
    vibrato = rng.uniform(10, 45) if held and rng.random() < 0.4 else 0.0
    return Timbre(levels, 0.0 if held else rng.uniform(0.15, 1.5), vibrato, rng.uniform(0.003, 0.08))


def note(midi: float, seconds: float, timbre: Timbre, rng: np.random.Generator) -> np.ndarray:
    """One note: float32 [n] at 16 kHz, peak near 1; `midi` need not be whole."""
    hz = hertz(midi)
    t = np.arange(max(SHORTEST, round(seconds * SR))) / SR
    table = _period(timbre, hz, rng)
    y = table[(_phase(hz, t, timbre, rng) * TABLE).astype(np.int64) & (TABLE - 1)]
    envelope = np.exp(-t / timbre.decay) if timbre.decay else np.ones_like(t)
    envelope *= np.minimum(1, t / timbre.attack) * np.minimum(1, (t[-1] - t) / RELEASE + 1e-3)
    return (y * envelope).astype(np.float32)


def _period(timbre: Timbre, hz: float, rng: np.random.Generator) -> np.ndarray:
    """One period of the harmonics that are low enough, each with a random phase: float64 [TABLE], peak 1."""
    n = max(1, min(len(timbre.levels), int(HIGHEST / hz)))
    spectrum = np.zeros(TABLE // 2 + 1, complex)
    spectrum[1 : n + 1] = timbre.levels[:n] * np.exp(2j * np.pi * rng.random(n))
    table = np.fft.irfft(spectrum)
    table /= np.abs(table).max()
    return table


def _phase(hz: float, t: np.ndarray, timbre: Timbre, rng: np.random.Generator) -> np.ndarray:
    """Periods since the start, float64 like the times `t` in seconds."""
    if not timbre.vibrato:
        return hz * t
    rate = rng.uniform(4, 7)
    return hz * t + hz * timbre.vibrato / 1200 * np.log(2) / (2 * np.pi * rate) * np.sin(2 * np.pi * rate * t)


class Mix:
    """Sound of a fixed length that grows: notes are added at their times.

    Attributes
    ----------
    y : float32 [n_samples] at 16 kHz
    tuning : semitones that every note is off
    rng : for what differs between notes
    """

    def __init__(self, seconds: float, tuning: float, rng: np.random.Generator) -> None:
        self.y = np.zeros(round(seconds * SR), np.float32)
        self.tuning, self.rng = tuning, rng

    def play(self, start: float, seconds: float, midi: float, timbre: Timbre, gain: float) -> None:
        """Add a note; `start` in seconds."""
        self.add(start, gain * note(midi + self.tuning, seconds, timbre, self.rng))

    def add(self, start: float, sound: np.ndarray) -> None:
        """Add a sound, float32 [n]; what is past the end is dropped."""
        first = round(start * SR)
        room = self.y[first : first + len(sound)]
        room += sound[: len(room)]

    def normalised(self) -> np.ndarray:
        """The same with a peak of 1, float32 [n_samples]; silence stays."""
        return self.y / (np.abs(self.y).max() + 1e-6)
