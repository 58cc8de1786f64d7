"""Sound of a band: drum grooves, bass and chords of known tempo, synthesised."""

import numpy as np

SR = 16_000


def kick() -> np.ndarray:
    """A sine that falls from 150 to 50 Hz: float [n]."""
    t = np.arange(int(0.18 * SR)) / SR
    return np.sin(2 * np.pi * (50 * t + 100 * 0.03 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.06)


def snare(rng: np.random.Generator) -> np.ndarray:
    """Noise over a tone of 190 Hz: float [n]."""
    t = np.arange(int(0.16 * SR)) / SR
    return (0.5 * np.sin(2 * np.pi * 190 * t) + 0.5 * rng.normal(0, 0.6, len(t))) * np.exp(-t / 0.05)


def hat(rng: np.random.Generator) -> np.ndarray:
    """High noise: float [n]."""
    noise = rng.normal(0, 0.25, int(0.05 * SR))
    return np.diff(noise, prepend=0) * np.exp(-np.arange(len(noise)) / SR / 0.015)


def tone(hz: float, seconds: float) -> np.ndarray:
    """Four harmonics that decay: float [n]."""
    t = np.arange(int(seconds * SR)) / SR
    return sum(np.sin(2 * np.pi * hz * k * t) / k**1.5 for k in range(1, 5)) * np.exp(-t / (seconds * 0.8))


def groove(
    bpm: float,
    drums: dict[str, list[int]],
    bass: list[int],
    n_steps: int = 16,
    chord_bars: int = 1,
    seconds: float = 30.0,
) -> np.ndarray:
    """Bars of a groove, repeated: float32 [n_samples] at 16 kHz.

    Parameters
    ----------
    drums : kick, snare, hat -> positions within the bar, in quarters of a beat; so is `bass`
    n_steps : quarters of a beat in a bar
    chord_bars : bars from one chord to the next
    """
    rng, step = np.random.default_rng(0), 15 / bpm
    sounds = {"kick": kick(), "snare": snare(rng), "hat": 0.5 * hat(rng)}
    y = np.zeros(int((seconds + 4) * SR))
    for bar in range(int(seconds / (n_steps * step))):
        at, root = bar * n_steps * step, 55 * 2 ** ((0, 5, 7, 3)[bar // chord_bars % 4] / 12)
        for name, positions in drums.items():
            for x in positions:
                add(y, at + x * step, sounds[name])
        for x, following in zip(bass, [*bass[1:], n_steps], strict=True):
            add(y, at + x * step, 0.4 * tone(root, (following - x) * step))
        if bar % chord_bars == 0:
            for interval in (0, 4, 7):
                add(y, at, 0.12 * tone(4 * root * 2 ** (interval / 12), chord_bars * n_steps * step))
    return (0.5 * y / np.abs(y).max())[: int(seconds * SR)].astype(np.float32)


def add(y: np.ndarray, at: float, sound: np.ndarray) -> None:
    """Mix a sound into y at a time in seconds."""
    start = int(at * SR)
    sound = sound[: max(0, len(y) - start)]
    y[start : start + len(sound)] += sound
