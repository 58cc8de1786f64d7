"""Music composed by code in a known key: chords, bass, melody and drums in many timbres, tunings and styles.

For training and testing the key head. Deterministic for a seed.
"""

from dataclasses import dataclass

import numpy as np

from earmark.audio.chroma import hertz

SR = 16_000
TRIADS = {"M": (0, 4, 7), "m": (0, 3, 7), "d": (0, 3, 6), "5": (0, 7), "s": (0, 5, 7),
          "7": (0, 4, 7, 10), "M7": (0, 4, 7, 11), "m7": (0, 3, 7, 10), "m6": (0, 3, 7, 9)}  # fmt: skip
# Progressions as (semitones above the tonic, chord), one chord a bar; the first of the pair is how often it is drawn.
MAJOR = (
    (4, "0M 7M 9m 5M"), (3, "0M 9m 5M 7M"), (4, "0M 5M 7M 5M"), (3, "0M 5M 0M 7M"), (2, "9m 5M 0M 7M"),
    (2, "0M 2m 7M 0M"), (1, "0M 4m 5M 7M"), (3, "0M 10M 5M 0M"), (2, "2m7 77 0M7 0M7"), (2, "0M 5M"), (2, "0M 7M"),
    (3, "07 07 07 07 57 57 07 07 77 57 07 77"), (2, "0M"), (2, "07"), (1, "0M7 9m7 2m7 77"), (1, "5M 7M 0M 9m"),
    (2, "0M 0M 5M 7M"), (1, "0M 5m 0M 7M"), (1, "0M 2M 5M 0M"), (1, "0s 0M 5M 0M"),
)  # fmt: skip
MINOR = (
    (4, "0m 8M 3M 10M"), (3, "0m 10M 8M 7M"), (2, "0m 5m 7m 0m"), (3, "0m 5m 7M 0m"), (3, "0m 8M 10M 0m"),
    (3, "0m 10M"), (3, "0m 5M"), (3, "0m"), (2, "0m7"), (1, "0m 1M"), (1, "2d 7M 0m 0m"), (2, "0m 7m"),
    (1, "8M 10M 0m 0m"), (2, "0m 3M 10M 5M"), (2, "0m7 0m7 5m7 0m7 77 0m7"), (2, "0m7 57"), (3, "05 35 55 05"),
    (3, "05 105 85 105"), (1, "0m6 5m7 77 0m6"), (2, "0m 10M 5m 8M"), (1, "2d 77 0m7 0m7"), (2, "05 15 05 105"),
)  # fmt: skip
SCALES = {
    "major": ((0, 2, 4, 5, 7, 9, 11), (0, 2, 4, 7, 9), (0, 2, 4, 5, 7, 9, 10), (0, 2, 3, 4, 7, 9)),
    "minor": ((0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 3, 5, 7, 8, 11),
              (0, 3, 5, 6, 7, 10)),
}  # fmt: skip


@dataclass(frozen=True)
class Timbre:
    """How an instrument sounds: harmonic levels, decay in seconds (0: held), vibrato in cents, attack in seconds."""

    levels: np.ndarray
    decay: float
    vibrato: float
    attack: float


def random_timbre(rng: np.random.Generator, held: bool | None = None) -> Timbre:
    """Anything from a soft flute to a bright organ; odd harmonics alone one time in six."""
    k = np.arange(1, 25)
    levels = k ** -rng.uniform(0.5, 2.5) * rng.uniform(0.2, 1, k.size)
    if rng.random() < 1 / 6:
        levels[1::2] *= 0.1
    held = rng.random() < 0.5 if held is None else held
    vibrato = rng.uniform(10, 45) if held and rng.random() < 0.4 else 0.0
    return Timbre(levels, 0.0 if held else rng.uniform(0.15, 1.5), vibrato, rng.uniform(0.003, 0.08))


def note(midi: float, seconds: float, timbre: Timbre, rng: np.random.Generator) -> np.ndarray:
    """One note: float32 [n], peak near 1."""
    hz = hertz(midi)
    t = np.arange(max(64, round(seconds * SR))) / SR
    n_harmonics = max(1, min(len(timbre.levels), int(7500 / hz)))
    spectrum = np.zeros(1025, complex)
    spectrum[1 : n_harmonics + 1] = timbre.levels[:n_harmonics] * np.exp(2j * np.pi * rng.random(n_harmonics))
    table = np.fft.irfft(spectrum)
    table /= np.abs(table).max()
    phase = hz * t
    if timbre.vibrato:
        rate = rng.uniform(4, 7)
        phase = phase + hz * timbre.vibrato / 1200 * np.log(2) / (2 * np.pi * rate) * np.sin(2 * np.pi * rate * t)
    y = table[(phase * 2048).astype(np.int64) & 2047]
    envelope = np.exp(-t / timbre.decay) if timbre.decay else np.ones_like(t)
    envelope *= np.minimum(1, t / timbre.attack) * np.minimum(1, (t[-1] - t) / 0.02 + 1e-3)
    return (y * envelope).astype(np.float32)


class Score:
    """A growing mix: notes are added at their times."""

    def __init__(self, seconds: float, tuning: float, rng: np.random.Generator) -> None:
        self.y = np.zeros(round(seconds * SR), np.float32)
        self.tuning, self.rng = tuning, rng

    def add(self, start: float, seconds: float, midi: float, timbre: Timbre, gain: float) -> None:
        self.mix(start, gain * note(midi + self.tuning, seconds, timbre, self.rng))

    def mix(self, start: float, sound: np.ndarray) -> None:
        first = round(start * SR)
        room = self.y[first : first + len(sound)]
        room += sound[: len(room)]


def compose(rng: np.random.Generator, key: int | None = None, seconds: float = 15.0) -> tuple[np.ndarray, int]:
    """A piece in one key: float32 [n] at 16 kHz, and the key's number (0-11 C to B major, 12-23 minor)."""
    key = int(rng.integers(24)) if key is None else key
    tonic, minor = key % 12, key >= 12
    spread = 0.5 if rng.random() < 0.2 else 0.1
    score = Score(seconds, float(np.clip(rng.normal(0, spread / 1.5), -0.49, 0.49)), rng)
    beat = 60 / rng.uniform(65, 180)
    bars = _progression(MINOR if minor else MAJOR, rng, int(seconds / (4 * beat)) + 2)
    scales = SCALES["minor" if minor else "major"]
    scale = scales[rng.choice(len(scales))]
    parts = [
        p for p, chance in ((_chords, 0.85), (_bass, 0.9), (_melody, 0.75), (_melody, 0.2)) if rng.random() < chance
    ]
    for part in parts or [_chords, _bass]:
        layer = Score(seconds, score.tuning, rng)
        part(layer, tonic, bars, beat, scale)
        level = np.abs(layer.y).max() + 1e-6
        score.y += layer.y / level * rng.uniform(0.25, 1)
    if rng.random() < 0.75:
        _drums(score, beat, rng.uniform(0.1, 1))
    return _room(score.y, rng), key


def _progression(choices: tuple, rng: np.random.Generator, n_bars: int) -> list[tuple[int, tuple[int, ...]]]:
    weights = np.array([weight for weight, _ in choices], float)
    text = choices[rng.choice(len(choices), p=weights / weights.sum())][1].split()
    bars = [_parse(chord) for chord in text]
    turn = int(rng.integers(len(bars))) if rng.random() < 0.2 else 0
    slow = 2 if rng.random() < 0.2 else 1
    return [bars[(turn + i // slow) % len(bars)] for i in range(n_bars)]


def _parse(text: str) -> tuple[int, tuple[int, ...]]:
    """'10M7' -> (10, (0, 4, 7, 11)): the longest chord name that fits."""
    for name in sorted(TRIADS, key=len, reverse=True):
        root = text[: -len(name)]
        if text.endswith(name) and root.isdigit() and int(root) < 12:
            return int(root), TRIADS[name]
    raise ValueError(text)


def _chords(score: Score, tonic: int, bars: list, beat: float, scale: tuple) -> None:
    """Held, strummed, broken, or distorted power chords."""
    rng = score.rng
    style = rng.choice(["held", "strummed", "broken", "power"], p=[0.3, 0.35, 0.2, 0.15])
    timbre, base = random_timbre(rng, held=style == "held"), int(rng.integers(46, 60))
    per_bar = {"held": 1, "strummed": int(rng.choice([2, 4, 8])), "broken": 8, "power": int(rng.choice([4, 8]))}[style]
    for i, (root, tones) in enumerate(bars):
        low = base + (tonic + root - base) % 12 - (12 if rng.random() < 0.3 else 0)
        tones = (0, 7, 12) if style == "power" else [low_fold(tone, rng) for tone in tones]
        for j in range(per_bar):
            start, length = (4 * i + 4 * j / per_bar) * beat, 4 * beat / per_bar
            if per_bar > 1 and rng.random() < 0.12:
                continue
            for tone in [tones[j % len(tones)]] if style == "broken" else tones:
                score.add(start, length * 1.05, low + tone, timbre, rng.uniform(0.6, 1))
    if style == "power" or rng.random() < 0.1:
        score.y = np.tanh(score.y / (np.abs(score.y).max() + 1e-6) * rng.uniform(2, 12)).astype(np.float32)


def low_fold(tone: int, rng: np.random.Generator) -> int:
    """An inversion now and then."""
    return tone - 12 if tone and rng.random() < 0.25 else tone


def _bass(score: Score, tonic: int, bars: list, beat: float, scale: tuple) -> None:
    """Roots held or repeated, root and fifth, or a walk through the scale."""
    rng = score.rng
    style = rng.choice(["held", "repeated", "fifths", "walking", "riff"])
    timbre, base = random_timbre(rng), int(rng.integers(28, 40))
    riff = [int(rng.choice(scale)) if rng.random() < 0.5 else None for _ in range(8)]
    riff[0] = 0
    per_bar = {"held": 1, "repeated": 8, "fifths": 2, "walking": 4, "riff": 8}[style]
    for i, (root, tones) in enumerate(bars):
        low = base + (tonic + root - base) % 12
        for j in range(per_bar):
            tone = 0
            if style == "fifths" and j:
                tone = 7
            elif style == "walking" and j:
                tone = int(rng.choice(tones)) if rng.random() < 0.6 else int((rng.choice(scale) - root) % 12)
            elif style == "riff":
                tone = riff[j]
            if tone is not None:
                score.add((4 * i + 4 * j / per_bar) * beat, 4 * beat / per_bar, low + tone, timbre, rng.uniform(0.7, 1))


def _melody(score: Score, tonic: int, bars: list, beat: float, scale: tuple) -> None:
    """A walk along the scale; strong beats lean to the chord, phrases rest."""
    rng = score.rng
    timbre = random_timbre(rng, held=rng.random() < 0.7)
    centre = rng.uniform(58, 76)
    pitches = np.array([p for p in range(40, 96) if (p - tonic) % 12 in scale])
    at, busy = centre, rng.uniform(0.3, 0.9)
    for i, (root, tones) in enumerate(bars):
        slot = 0.0
        while slot < 4:
            length = float(rng.choice([0.5, 0.5, 1, 1, 2]))
            if rng.random() < busy:
                at = 0.8 * (at + rng.normal(0, 3)) + 0.2 * centre
                near = pitches
                if slot % 2 == 0 and rng.random() < 0.6:
                    near = np.array([p for p in range(40, 96) if (p - tonic - root) % 12 in tones])
                at = float(near[np.abs(near - at).argmin()])
                off = rng.normal(0, 0.1) if timbre.vibrato else 0.0  # singers
                score.add(
                    (4 * i + slot) * beat, length * beat * rng.uniform(0.6, 1), at + off, timbre, rng.uniform(0.5, 1)
                )
            slot += length


def _drums(score: Score, beat: float, gain: float) -> None:
    """Kick on 1 and 3, snare on 2 and 4, hats on the quavers."""
    rng = score.rng
    t = np.arange(round(0.2 * SR)) / SR
    kick = np.sin(2 * np.pi * (45 * t + 4 * (1 - np.exp(-t * 30)))) * np.exp(-t * 18)
    snare = (
        rng.normal(size=t.size) * np.exp(-t * 22) * 0.5
        + np.sin(2 * np.pi * rng.uniform(160, 240) * t) * np.exp(-t * 30) * 0.4
    )
    hat = np.diff(rng.normal(size=t.size + 1)) * np.exp(-t * 60) * 0.25
    for i in range(int(len(score.y) / SR / beat * 2)):
        start = i * beat / 2
        score.mix(start, (gain * hat).astype(np.float32))
        if i % 2 == 0:
            score.mix(start, (gain * (kick if i % 4 == 0 else snare)).astype(np.float32))


def _room(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Echo of a room half of the time, some noise, and any level."""
    if rng.random() < 0.5:
        t = np.arange(SR // 2) / SR
        tail = rng.normal(size=t.size) * np.exp(-t * rng.uniform(6, 20))
        n = 1 << int(np.ceil(np.log2(len(y) + len(t))))
        wet = np.fft.irfft(np.fft.rfft(y, n) * np.fft.rfft(tail, n), n)[: len(y)]
        y = y + wet / (np.abs(wet).max() + 1e-6) * np.abs(y).max() * rng.uniform(0.05, 0.6)
    y = y / (np.abs(y).max() + 1e-6)
    y = y + rng.normal(size=y.size) * 10 ** rng.uniform(-5, -2)
    return (y / np.abs(y).max() * rng.uniform(0.2, 1)).astype(np.float32)
