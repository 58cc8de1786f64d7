"""The state of one piece while code composes it: metre, tempo, scale, chords, the player's clock, the notes so far."""

from collections.abc import Callable

import numpy as np

from earmark_research.music.performance import Performance, TimedNote
from earmark_research.music.theory import DIATONIC_LOOPS, SCALES, scale_degrees

# (beats a bar, subdivisions a beat, how often): 6/8 is two beats of three
METRES = {
    "4/4": (4, 4, 0.56), "3/4": (3, 4, 0.19), "2/4": (2, 4, 0.05), "6/8": (2, 3, 0.08),
    "12/8": (4, 3, 0.05), "5/4": (5, 4, 0.04), "7/4": (7, 4, 0.03),
}  # fmt: skip

# General MIDI programs, from 0
BASSES = (32, 33, 34, 35, 36, 38, 39, 43, 58, 0)
KEYS = (0, 1, 2, 4, 5, 6, 7, 11, 12, 16, 17, 18, 19, 21, 46)
PLUCKED = (24, 25, 26, 27, 28, 29, 30, 104, 105, 106, 45)
PADS = (48, 49, 50, 51, 52, 88, 89, 90, 91, 94, 95)
LEADS = (40, 41, 42, 56, 57, 60, 64, 65, 66, 68, 70, 71, 73, 74, 75, 79, 80, 81, 82, 53, 54, 22, 0, 4)
STRINGS = (40, 41, 42, 48, 48, 44, 6, 0, 68, 73)


class Composer:
    """Everything that is drawn for a piece of about `seconds` before its parts are, from a seed.

    Attributes
    ----------
    rng : all else is drawn from it, too
    n_bars, n_beats, n_subs : bars, beats of a bar, subdivisions of a beat
    drums : whether there are any
    chords : degree 0-6 of the scale of each bar
    clock : position in beats -> seconds
    performance : the notes so far
    """

    def __init__(self, seed: int, seconds: float) -> None:
        self.rng = np.random.default_rng(seed)
        metre = self._draw_metre()
        self.n_beats, self.n_subs, _ = METRES[metre]
        self.drums = bool(self.rng.random() < 0.6)
        bpm = self._draw_tempo()
        self.performance = Performance(metre, bpm)
        self.n_bars = max(2, int(np.ceil(seconds * bpm / 60 / self.n_beats)))
        self.swing = self.rng.choice([0, 0, 0, 0.1, 0.17, 0.08]) if self.n_subs == 4 else 0.0  # beats
        self.looseness = self.rng.choice([0.0, 0.004, 0.008, 0.015])  # seconds
        self.scale = SCALES["major" if self.rng.random() < 0.6 else "minor"]
        self.tonic = int(self.rng.integers(0, 12))
        self.clock = self._draw_clock(bpm)
        self.chords = self._draw_chords()

    def _draw_metre(self) -> str:
        """One of METRES, each as often as its share."""
        names, shares = list(METRES), np.array([metre[2] for metre in METRES.values()])
        return str(self.rng.choice(names, p=shares / shares.sum()))

    def _draw_tempo(self) -> float:
        """Beats a minute: what players of such music call the beat; slow to fast, most of it near 110."""
        if self.n_subs == 3:
            return float(np.clip(np.exp(self.rng.normal(np.log(80), 0.35)), 40, 160))
        centre, width = (115, 0.25) if self.drums else (100, 0.4)
        return float(np.clip(np.exp(self.rng.normal(np.log(centre), width)), 45, 215))

    def _draw_clock(self, bpm: float) -> Callable[[float], float]:
        """Position in beats -> seconds, with this player's drift and rubato; takes arrays, too."""
        total = self.n_bars * self.n_beats + 2
        depth = self.rng.choice([0, 0, 0, 0.01]) if self.drums else self.rng.choice([0, 0.01, 0.03, 0.06, 0.1])
        walk = np.cumsum(self.rng.normal(0, 1, total)) * depth / 3
        walk = walk - 0.2 * np.arange(total) / total * depth + self.rng.normal(0, depth / 3, total)
        period = 60 / bpm * np.exp(np.clip(walk - walk.mean(), -0.25, 0.25))
        times = self.rng.uniform(0, 0.8) + np.concatenate([[0], np.cumsum(period)])
        return lambda position: np.interp(position, np.arange(total + 1), times)

    def _draw_chords(self) -> list[int]:
        """A scale degree for every bar; changes fall on downbeats."""
        loop = scale_degrees(DIATONIC_LOOPS[self.rng.integers(len(DIATONIC_LOOPS))])
        hold = int(self.rng.choice([1, 1, 1, 2]))
        return [loop[(bar // hold) % len(loop)] for bar in range(self.n_bars)]

    def draw(self, programs: tuple[int, ...]) -> int:
        """One of the programs, each as often as it is listed."""
        return int(programs[self.rng.integers(len(programs))])

    def pitch(self, degree: int, octave: int) -> int:
        """MIDI number of a degree of the scale; degrees past the seventh are an octave higher."""
        return self.tonic + self.scale[degree % 7] + 12 * (octave + degree // 7)

    def triad(self, degree: int, octave: int = 5) -> list[int]:
        """MIDI numbers of the scale's own triad on a degree."""
        return [self.pitch(degree + step, octave) for step in (0, 2, 4)]

    def add(self, position: float, length: float, pitch: int, velocity: float, program: int) -> None:
        """One note: position and length in beats; swing, looseness and touch are put in here."""
        self._add(position, length, pitch, velocity, program, is_drum=False)

    def hit(self, position: float, drum: int, velocity: float, length: float = 0.2) -> None:
        """One hit of a drum, by its General MIDI number; otherwise like `add`."""
        self._add(position, length, drum, velocity, 0, is_drum=True)

    def _add(self, position: float, length: float, pitch: int, velocity: float, program: int, is_drum: bool) -> None:
        whole, rest = divmod(position, 1)
        if self.swing and self.n_subs == 4 and 0.4 < rest < 0.6:
            position = whole + rest + self.swing
        start = float(self.clock(position) + self.rng.normal(0, self.looseness))
        end = max(start + 0.04, float(self.clock(position + length)))
        velocity = int(np.clip(velocity + self.rng.normal(0, 6), 20, 127))
        pitch = int(np.clip(pitch, 24, 100))
        self.performance.notes.append(TimedNote(max(0.0, start), end, pitch, velocity, int(program), is_drum))


Play = Callable[[Composer], None]
"""Adds one part to what the composer has written."""
