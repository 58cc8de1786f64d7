"""Music composed by code in a known key: chords, bass, melody and drums in many timbres, tunings and styles.

For training and testing the key network. Deterministic for a seed.
"""

from dataclasses import dataclass

import numpy as np

from earmark_research.music.theory import (
    CHORDS,
    MODE_PROGRESSIONS,
    SCALES,
    WIDE_MODE_SCALES,
    parse_progression,
    pitches_between,
)
from earmark_research.music.tones import SR, Mix, random_timbre

LOW, HIGH = 40, 96  # MIDI numbers within which melodies walk


@dataclass(frozen=True)
class Plan:
    """What all parts of a piece share.

    Attributes
    ----------
    tonic : pitch class 0-11
    bars : of each bar the root, in semitones over the tonic, and the tones over the root
    beat : seconds; a bar has four
    scale : semitones over the tonic
    """

    tonic: int
    bars: list[tuple[int, tuple[int, ...]]]
    beat: float
    scale: tuple[int, ...]


def compose(rng: np.random.Generator, key: int | None = None, seconds: float = 15.0) -> tuple[np.ndarray, int]:
    """A piece in one key: float32 [n] at 16 kHz, and the key's number (0-11 C to B major, 12-23 minor)."""
    key = int(rng.integers(24)) if key is None else key
    spread = 0.5 if rng.random() < 0.2 else 0.1  # semitones
    mix = Mix(seconds, float(np.clip(rng.normal(0, spread / 1.5), -0.49, 0.49)), rng)
    plan = _draw_plan(rng, key, seconds)
    chances = ((play_chords, 0.85), (play_bass, 0.9), (play_melody, 0.75), (play_melody, 0.2))
    parts = [part for part, chance in chances if rng.random() < chance]
    for part in parts or [play_chords, play_bass]:
        layer = Mix(seconds, mix.tuning, rng)
        part(layer, plan)
        mix.y += layer.normalised() * rng.uniform(0.25, 1)
    if rng.random() < 0.75:
        play_drums(mix, plan.beat, rng.uniform(0.1, 1))
    return record(mix.y, rng), key


def _draw_plan(rng: np.random.Generator, key: int, seconds: float) -> Plan:
    beat, mode = 60 / rng.uniform(65, 180), "minor" if key >= 12 else "major"
    bars = _draw_bars(rng, mode, int(seconds / (4 * beat)) + 2)
    scales = WIDE_MODE_SCALES[mode]
    return Plan(key % 12, bars, beat, SCALES[scales[rng.choice(len(scales))]])


def _draw_bars(rng: np.random.Generator, mode: str, n_bars: int) -> list[tuple[int, tuple[int, ...]]]:
    """A progression over tonic 0, begun anywhere, now and then two bars a chord."""
    choices = MODE_PROGRESSIONS[mode]
    weights = np.array([weight for weight, _ in choices], float)
    text = choices[rng.choice(len(choices), p=weights / weights.sum())][1]
    bars = [(root, CHORDS[quality]) for ((root, quality),) in parse_progression(text, 0)]
    turn = int(rng.integers(len(bars))) if rng.random() < 0.2 else 0
    slow = 2 if rng.random() < 0.2 else 1
    return [bars[(turn + i // slow) % len(bars)] for i in range(n_bars)]


def play_chords(mix: Mix, plan: Plan) -> None:
    """Held, strummed, broken, or distorted power chords."""
    rng = mix.rng
    style = rng.choice(["held", "strummed", "broken", "power"], p=[0.3, 0.35, 0.2, 0.15])
    timbre, base = random_timbre(rng, held=style == "held"), int(rng.integers(46, 60))
    per_bar = {"held": 1, "strummed": int(rng.choice([2, 4, 8])), "broken": 8, "power": int(rng.choice([4, 8]))}[style]
    for i, (root, tones) in enumerate(plan.bars):
        low = base + (plan.tonic + root - base) % 12 - (12 if rng.random() < 0.3 else 0)
        tones = (0, 7, 12) if style == "power" else [_invert(tone, rng) for tone in tones]
        for j in range(per_bar):
            start, length = (4 * i + 4 * j / per_bar) * plan.beat, 4 * plan.beat / per_bar
            if per_bar > 1 and rng.random() < 0.12:
                continue
            for tone in [tones[j % len(tones)]] if style == "broken" else tones:
                mix.play(start, length * 1.05, low + tone, timbre, rng.uniform(0.6, 1))
    if style == "power" or rng.random() < 0.1:
        mix.y = np.tanh(mix.normalised() * rng.uniform(2, 12)).astype(np.float32)


def _invert(tone: int, rng: np.random.Generator) -> int:
    """A tone of a chord, now and then an octave lower."""
    return tone - 12 if tone and rng.random() < 0.25 else tone


def play_bass(mix: Mix, plan: Plan) -> None:
    """Roots held or repeated, root and fifth, or a walk through the scale."""
    rng = mix.rng
    style = rng.choice(["held", "repeated", "fifths", "walking", "riff"])
    timbre, base = random_timbre(rng), int(rng.integers(28, 40))
    riff = [int(rng.choice(plan.scale)) if rng.random() < 0.5 else None for _ in range(8)]
    riff[0] = 0
    per_bar = {"held": 1, "repeated": 8, "fifths": 2, "walking": 4, "riff": 8}[style]
    for i, (root, tones) in enumerate(plan.bars):
        low = base + (plan.tonic + root - base) % 12
        for j in range(per_bar):
            tone = riff[j] if style == "riff" else _bass_tone(rng, style, j, root, tones, plan.scale)
            if tone is not None:
                start = (4 * i + 4 * j / per_bar) * plan.beat
                mix.play(start, 4 * plan.beat / per_bar, low + tone, timbre, rng.uniform(0.7, 1))


def _bass_tone(rng: np.random.Generator, style: str, j: int, root: int, tones: tuple, scale: tuple) -> int:
    """Semitones over the root, of the j-th note of a bar."""
    if style == "fifths" and j:
        return 7
    if style == "walking" and j:
        return int(rng.choice(tones)) if rng.random() < 0.6 else int((rng.choice(scale) - root) % 12)
    return 0


def play_melody(mix: Mix, plan: Plan) -> None:
    """A walk along the scale; strong beats lean to the chord, phrases rest."""
    rng = mix.rng
    timbre = random_timbre(rng, held=rng.random() < 0.7)
    centre = rng.uniform(58, 76)
    within_scale = pitches_between(LOW, HIGH, {(plan.tonic + step) % 12 for step in plan.scale})
    at, busy = centre, rng.uniform(0.3, 0.9)
    for i, (root, tones) in enumerate(plan.bars):
        within_chord = pitches_between(LOW, HIGH, {(plan.tonic + root + tone) % 12 for tone in tones})
        slot = 0.0
        while slot < 4:
            length = float(rng.choice([0.5, 0.5, 1, 1, 2]))
            if rng.random() < busy:
                at = 0.8 * (at + rng.normal(0, 3)) + 0.2 * centre
                near = np.array(within_chord if slot % 2 == 0 and rng.random() < 0.6 else within_scale)
                at = float(near[np.abs(near - at).argmin()])
                off = rng.normal(0, 0.1) if timbre.vibrato else 0.0  # as singers are
                seconds = length * plan.beat * rng.uniform(0.6, 1)
                mix.play((4 * i + slot) * plan.beat, seconds, at + off, timbre, rng.uniform(0.5, 1))
            slot += length


def play_drums(mix: Mix, beat: float, gain: float) -> None:
    """Kick on 1 and 3, snare on 2 and 4, hats on the quavers."""
    kick, snare, hat = _drum_sounds(mix.rng)
    for i in range(int(len(mix.y) / SR / beat * 2)):
        start = i * beat / 2
        mix.add(start, (gain * hat).astype(np.float32))
        if i % 2 == 0:
            mix.add(start, (gain * (kick if i % 4 == 0 else snare)).astype(np.float32))


def _drum_sounds(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kick, snare and hi-hat, float64 [n] of 0.2 s each."""
    t = np.arange(round(0.2 * SR)) / SR
    kick = np.sin(2 * np.pi * (45 * t + 4 * (1 - np.exp(-t * 30)))) * np.exp(-t * 18)
    snare = (
        rng.normal(size=t.size) * np.exp(-t * 22) * 0.5
        + np.sin(2 * np.pi * rng.uniform(160, 240) * t) * np.exp(-t * 30) * 0.4
    )
    hat = np.diff(rng.normal(size=t.size + 1)) * np.exp(-t * 60) * 0.25
    return kick, snare, hat


def record(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """float32 [n] -> float32 [n]: echo of a room half of the time, some noise, and any level."""
    if rng.random() < 0.5:
        wet = _echo(y, rng)
        y = y + wet / (np.abs(wet).max() + 1e-6) * np.abs(y).max() * rng.uniform(0.05, 0.6)
    y = y / (np.abs(y).max() + 1e-6)
    y = y + rng.normal(size=y.size) * 10 ** rng.uniform(-5, -2)
    return (y / np.abs(y).max() * rng.uniform(0.2, 1)).astype(np.float32)


def _echo(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """y [n] convolved with half a second of fading noise, the room: float64 [n]."""
    t = np.arange(SR // 2) / SR
    tail = rng.normal(size=t.size) * np.exp(-t * rng.uniform(6, 20))
    n = 1 << int(np.ceil(np.log2(len(y) + len(t))))
    return np.fft.irfft(np.fft.rfft(y, n) * np.fft.rfft(tail, n), n)[: len(y)]
