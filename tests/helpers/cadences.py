"""Cadences in all keys, timbres and tunings, composed of sines."""

from functools import cache

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA

SR = DEFAULT_CHROMA.sr
TIMBRES = {  # levels of the harmonics, decay in seconds (0: held)
    "organ": ([1, 0.8, 0.6, 0.5, 0.3, 0.3, 0.2, 0.2], 0),
    "flute": ([1, 0.1, 0.02], 0),
    "piano": ([1, 0.5, 0.3, 0.2, 0.15, 0.1], 0.5),
    "clarinet": ([1, 0.02, 0.6, 0.02, 0.4, 0.02, 0.2], 0),
    "guitar": ([0.8, 1, 0.7, 0.4, 0.3, 0.2, 0.2], 0.3),
}
MAJOR = ((0, (0, 4, 7)), (5, (0, 4, 7)), (7, (0, 4, 7, 10)), (0, (0, 4, 7)))  # I IV V7 I
MINOR = ((0, (0, 3, 7)), (5, (0, 3, 7)), (7, (0, 4, 7, 10)), (0, (0, 3, 7)))  # i iv V7 i


@cache
def chord(midi: tuple[float, ...], timbre: str, seconds: float) -> np.ndarray:
    """Notes of one chord: float32 [n_samples]."""
    levels, decay = TIMBRES[timbre]
    t = np.arange(round(seconds * SR)) / SR
    hz = [440 * 2 ** ((m - 69) / 12) for m in midi]
    y = sum(level * np.sin(2 * np.pi * f * k * t) for f in hz for k, level in enumerate(levels, 1) if f * k < 7000)
    y = y * np.minimum(1, np.minimum(t, t[-1] - t) / 0.01) * (np.exp(-t / decay) if decay else 1)
    return (y / np.abs(y).max()).astype(np.float32)


def cadence(number: int, timbre: str = "piano", cents: float = 0, times: int = 2, seconds: float = 0.75) -> np.ndarray:
    """A cadence with a bass note in the key of that number, repeated: float32 [n_samples] at 16 kHz."""
    tonic, parts = 48 + number % 12 + cents / 100, []
    for root, tones in MINOR if number >= 12 else MAJOR:
        low = tonic + root - (12 if root > 6 else 0)
        parts.append(chord((low - 12, *(low + tone for tone in tones)), timbre, seconds))
    return 0.3 * np.tile(np.concatenate(parts), times)
