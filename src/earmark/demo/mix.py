"""Parts -> stereo: every note rendered once, placed, levelled, panned, given its share of the room."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from earmark.audio.chroma import hertz
from earmark.demo.score import Note
from earmark.demo.synth import SR, band, reverb

Instrument = Callable[[float, float, float], np.ndarray]
PEAK = 0.89  # of every piece
TAIL = 1.2  # seconds after the last bar, in which the sound dies away


@dataclass(frozen=True)
class Part:
    """One player's notes and place in the mix.

    Attributes
    ----------
    play : instrument of `instruments` or `drums`
    notes : times in beats
    level : loudness in dB against the other parts; the signal itself is levelled before
    pan : -1 left to 1 right
    room : share sent to the reverb
    effect : whole part [n] -> [n] or [2, n], before level and pan
    loose : seconds by which a human hand strays
    strum : seconds between the notes of a chord, lowest first
    """

    play: Instrument
    notes: list[Note]
    level: float = 0.0
    pan: float = 0.0
    room: float = 0.15
    effect: Callable[[np.ndarray], np.ndarray] | None = None
    loose: float = 0.0
    strum: float = 0.0


def mixdown(parts: list[Part], bpm: float, seconds: float, room_seconds: float) -> np.ndarray:
    """All parts at `bpm` beats a minute as `seconds` of stereo: float32 [n_samples, 2] at `SR` Hz, peak `PEAK`."""
    dry = np.zeros((2, round(seconds * SR)))
    sent = np.zeros(dry.shape[1])
    for i, part in enumerate(parts):
        y = _levelled(_render(part, 60 / bpm, dry.shape[1], seed=i))
        y *= 10 ** (part.level / 20)
        angle = (part.pan + 1) * np.pi / 4  # constant power
        for side, gain in enumerate((np.cos(angle), np.sin(angle))):
            dry[side] += np.sqrt(2) * gain * (y[side] if y.ndim == 2 else y)
        sent += part.room * (y.mean(axis=0) if y.ndim == 2 else y)
    return _mastered(band(dry + 2 * reverb(sent, room_seconds), low=28))


def _render(part: Part, beat: float, n: int, seed: int) -> np.ndarray:
    """The part's notes at `beat` seconds a beat, float64 [n] or, after its effect, [2, n]."""
    hand = np.random.RandomState(seed + zlib.crc32(part.play.__name__.encode()) % 1000)
    y, known, before = np.zeros(n), {}, (-1.0, 0)
    for note in sorted(part.notes, key=lambda note: (note.start, note.pitch)):
        rank = before[1] + 1 if note.start == before[0] else 0  # within a chord
        before = (note.start, rank)
        key = (note.pitch, round(note.length * beat, 2), round(note.velocity, 1))
        if key not in known:
            known[key] = part.play(hertz(note.pitch), key[1], key[2])
        stray = part.loose * hand.uniform(-1, 1) if part.loose else 0
        at = max(0, round((note.start * beat + stray + rank * part.strum) * SR))
        sound = known[key][: max(0, n - at)]
        y[at : at + len(sound)] += sound
    return part.effect(y) if part.effect else y


def _levelled(y: np.ndarray) -> np.ndarray:
    """`y` scaled so that its loud 50 ms blocks (95th percentile of those that sound) have an RMS of 0.1."""
    size = SR // 20
    blocks = y[..., : y.shape[-1] // size * size].reshape(-1, size)
    loud = np.sqrt(np.einsum("ij,ij->i", blocks, blocks) / size)
    sounding = loud[loud > 0.01 * loud.max()]
    return y * (0.1 / np.percentile(sounding, 95)) if len(sounding) else y


def _mastered(mix: np.ndarray) -> np.ndarray:
    """[2, n] -> float32 [n, 2], gently limited, faded out over the last half second, at full level."""
    mix = np.tanh(mix / (np.percentile(np.abs(mix[:, ::7]), 99.9) * 1.3 + 1e-9))
    fade = round(0.5 * SR)
    mix[:, -fade:] *= np.linspace(1, 0, fade) ** 2
    return np.ascontiguousarray((mix * (PEAK / np.abs(mix).max())).T, np.float32)
