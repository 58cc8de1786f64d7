"""Music composed by code, with exact beats, for training the rhythm head: notes and the times of their beats.

Nothing here is meant to be beautiful. It is meant to be various: metres, tempi, grooves, textures, instruments,
swing, rubato and loose playing, so that a network that finds the beat in all of it finds it in real music too.
"""

from dataclasses import dataclass, field

import numpy as np

KICK, SNARE, CLAP, CLOSED_HAT, OPEN_HAT, RIDE, CRASH, SHAKER, TOM, RIM = 36, 38, 39, 42, 46, 51, 49, 70, 45, 37

# (beats a bar, subdivisions a beat, how often): 6/8 is two beats of three
METRES = {
    "4/4": (4, 4, 0.56), "3/4": (3, 4, 0.19), "2/4": (2, 4, 0.05), "6/8": (2, 3, 0.08),
    "12/8": (4, 3, 0.05), "5/4": (5, 4, 0.04), "7/4": (7, 4, 0.03),
}  # fmt: skip

BASSES = (32, 33, 34, 35, 36, 38, 39, 43, 58, 0)
KEYS = (0, 1, 2, 4, 5, 6, 7, 11, 12, 16, 17, 18, 19, 21, 46)
PLUCKED = (24, 25, 26, 27, 28, 29, 30, 104, 105, 106, 45)
PADS = (48, 49, 50, 51, 52, 88, 89, 90, 91, 94, 95)
LEADS = (40, 41, 42, 56, 57, 60, 64, 65, 66, 68, 70, 71, 73, 74, 75, 79, 80, 81, 82, 53, 54, 22, 0, 4)
STRINGS = (40, 41, 42, 48, 48, 44, 6, 0, 68, 73)
PROGRESSIONS = (
    (0, 5, 3, 4),
    (0, 3, 4, 4),
    (5, 3, 0, 4),
    (0, 4, 5, 3),
    (1, 4, 0, 0),
    (0, 0, 3, 4),
    (5, 4, 3, 4),
    (0, 6, 3, 0),
)
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


@dataclass
class Piece:
    """Notes and beats of one composition.

    notes : (start, end, pitch, velocity, programme, is_drum), seconds
    beats, downbeats : seconds
    """

    metre: str
    bpm: float
    notes: list[tuple] = field(default_factory=list)
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0))


class Composer:
    """Writes one piece of about `seconds` from a seed."""

    def __init__(self, seed: int, seconds: float = 24.0) -> None:
        self.rng = np.random.default_rng(seed)
        names, rows = list(METRES), np.array([m[2] for m in METRES.values()])
        metre = self.rng.choice(names, p=rows / rows.sum())
        self.n_beats, self.n_subs, _ = METRES[metre]
        self.drums = bool(self.rng.random() < 0.6)
        bpm = self._tempo(metre)
        self.piece = Piece(str(metre), bpm)
        self.n_bars = max(2, int(np.ceil(seconds * bpm / 60 / self.n_beats)))
        self.swing = self.rng.choice([0, 0, 0, 0.1, 0.17, 0.08]) if self.n_subs == 4 else 0.0
        self.looseness = self.rng.choice([0.0, 0.004, 0.008, 0.015])  # seconds
        self.scale = MAJOR if self.rng.random() < 0.6 else MINOR
        self.tonic = int(self.rng.integers(0, 12))
        self.clock = self._clock(bpm)

    def compose(self) -> Piece:
        """All parts, then the beats."""
        self.chords = self._harmony()
        parts = self._band() if self.drums else self._ensemble()
        for part in parts:
            part()
        beats = self.clock(np.arange(self.n_bars * self.n_beats, dtype=float))
        self.piece.beats, self.piece.downbeats = beats, beats[:: self.n_beats]
        return self.piece

    # --- time

    def _tempo(self, metre: str) -> float:
        """Beats a minute: what players of such music call the beat; slow to fast, most of it near 110."""
        if self.n_subs == 3:
            return float(np.clip(np.exp(self.rng.normal(np.log(80), 0.35)), 40, 160))
        centre, width = (115, 0.25) if self.drums else (100, 0.4)
        return float(np.clip(np.exp(self.rng.normal(np.log(centre), width)), 45, 215))

    def _clock(self, bpm: float):
        """A function from position in beats to seconds, with this player's drift and rubato."""
        total = self.n_bars * self.n_beats + 2
        depth = self.rng.choice([0, 0, 0, 0.01]) if self.drums else self.rng.choice([0, 0.01, 0.03, 0.06, 0.1])
        walk = np.cumsum(self.rng.normal(0, 1, total)) * depth / 3
        walk = walk - 0.2 * np.arange(total) / total * depth + self.rng.normal(0, depth / 3, total)
        period = 60 / bpm * np.exp(np.clip(walk - walk.mean(), -0.25, 0.25))
        times = self.rng.uniform(0, 0.8) + np.concatenate([[0], np.cumsum(period)])
        return lambda position: np.interp(position, np.arange(total + 1), times)

    def add(self, position, length, pitch, velocity, programme, drum=False) -> None:
        """One note: position and length in beats; swing and looseness are put in here."""
        whole, rest = divmod(position, 1)
        if self.swing and self.n_subs == 4 and 0.4 < rest < 0.6:
            position = whole + rest + self.swing
        start = float(self.clock(position) + self.rng.normal(0, self.looseness))
        end = max(start + 0.04, float(self.clock(position + length)))
        velocity = int(np.clip(velocity + self.rng.normal(0, 6), 20, 127))
        self.piece.notes.append((max(0.0, start), end, int(np.clip(pitch, 24, 100)), velocity, int(programme), drum))

    # --- harmony

    def _harmony(self) -> list[int]:
        """A scale degree for every bar; changes fall on downbeats."""
        loop = PROGRESSIONS[self.rng.integers(len(PROGRESSIONS))]
        hold = int(self.rng.choice([1, 1, 1, 2]))
        return [loop[(bar // hold) % len(loop)] for bar in range(self.n_bars)]

    def pitch(self, degree: int, octave: int) -> int:
        return self.tonic + self.scale[degree % 7] + 12 * (octave + degree // 7)

    def triad(self, degree: int, octave: int = 5) -> list[int]:
        return [self.pitch(degree + step, octave) for step in (0, 2, 4)]

    # --- a band with drums

    def _band(self) -> list:
        parts = [self._drums, self._bass]
        parts += [self._comping] if self.rng.random() < 0.85 else []
        parts += [self._pad] if self.rng.random() < 0.4 else []
        parts += [self._melody] if self.rng.random() < 0.7 else []
        return parts if self.rng.random() < 0.9 else [self._drums]

    def _groove(self) -> tuple[list, list, list]:
        """Kick, snare and cymbal positions within a bar, in beats."""
        n, rng = self.n_beats, self.rng
        if self.n_subs == 3:
            kick, snare = [0.0] + [float(b) for b in range(2, n, 2)], [float(b) for b in range(1, n, 2)]
            cymbal = [b + s / 3 for b in range(n) for s in range(3)]
            return kick, snare, cymbal
        style = rng.choice(["rock", "four", "funk", "hiphop", "reggae", "swing", "metal", "half"])
        back = [float(b) for b in range(1, n, 2)] if n != 3 else [1.0, 2.0]
        offs = [b + h for b in range(n) for h in (0.0, 0.5)]
        sixteenths = [b + q / 4 for b in range(n) for q in range(4)]
        extra = [float(x) for x in rng.choice([0.5, 1.5, 2.5, 0.75, 1.75, 2.25, 2.75], rng.integers(0, 3)) if x < n]
        kick = [0.0] + ([2.0] if n >= 4 else []) + extra
        if style == "four":
            kick = [float(b) for b in range(n)]
            return kick, back, [b + 0.5 for b in range(n)] if rng.random() < 0.6 else sixteenths
        if style == "reggae":
            return ([2.0] if n >= 4 else [1.0]), ([2.0] if n >= 4 else [2.0]), offs
        if style == "swing":
            return [], [], [float(b) for b in range(n)] + [b + 0.5 for b in range(1, n, 2)]
        if style == "metal":
            return (sixteenths if rng.random() < 0.4 else offs), back, [float(b) for b in range(n)]
        cymbal = sixteenths if style in ("funk", "hiphop") and rng.random() < 0.6 else offs
        return kick, back, cymbal if rng.random() < 0.8 else [float(b) for b in range(n)]

    def _drums(self) -> None:
        kick, snare, cymbal = self._groove()
        metal = self.rng.choice([CLOSED_HAT, CLOSED_HAT, RIDE, SHAKER, OPEN_HAT])
        back = self.rng.choice([SNARE, SNARE, CLAP, RIM])
        level = self.rng.uniform(0.7, 1.1)
        drop = self.rng.choice([0, 0, 0.05, 0.15])
        for bar in range(self.n_bars):
            at = bar * self.n_beats
            fill = bar % 4 == 3 and self.rng.random() < 0.4
            for notes, which, loud in ((kick, KICK, 105), (snare, back, 100), (cymbal, metal, 70)):
                for x in notes:
                    if self.rng.random() >= drop and not (fill and x >= self.n_beats - 1):
                        accent = 10 if x == int(x) else -8
                        self.add(at + x, 0.2, which, (loud + accent) * level, 0, drum=True)
            if fill:
                self._fill(at + self.n_beats - 1, level)
            if bar % 8 == 0 and self.rng.random() < 0.4:
                self.add(at, 1.0, CRASH, 100 * level, 0, drum=True)

    def _fill(self, at: float, level: float) -> None:
        for s in range(self.n_subs):
            if self.rng.random() < 0.8:
                self.add(at + s / self.n_subs, 0.2, self.rng.choice([SNARE, TOM, TOM + 3]), 95 * level, 0, drum=True)

    def _bass(self) -> None:
        programme, rng = rng_choice(self.rng, BASSES), self.rng
        style = rng.choice(["roots", "eighths", "walking", "syncopated", "octaves"])
        loud, n = rng.uniform(70, 110), self.n_beats
        rhythm = {
            "roots": [0.0] + ([n / 2] if n % 2 == 0 else []), "walking": [float(b) for b in range(n)],
            "eighths": [x / 2 for x in range(2 * n)] if self.n_subs == 4 else [x / 3 for x in range(3 * n)],
            "octaves": [x / 2 for x in range(2 * n)] if self.n_subs == 4 else [float(b) for b in range(n)],
            "syncopated": [0.0, *sorted(rng.choice(np.arange(1, n * self.n_subs), min(3, n), False) / self.n_subs)],
        }[style]  # fmt: skip
        for bar, degree in enumerate(self.chords):
            for i, x in enumerate(rhythm):
                step = int(rng.choice([0, 2, 4, 1])) if style == "walking" and i else 0
                pitch = self.pitch(degree + step, 3) + (12 if style == "octaves" and i % 2 else 0)
                gap = (rhythm[i + 1] if i + 1 < len(rhythm) else n) - x
                self.add(bar * n + x, gap * 0.9, pitch, loud, programme)

    def _comping(self) -> None:
        rng, n = self.rng, self.n_beats
        programme = rng_choice(rng, KEYS + PLUCKED)
        kind = rng.choice(["bar", "beats", "offbeats", "eighths", "random", "arpeggio"])
        grid = np.arange(n * self.n_subs) / self.n_subs
        rhythm = {
            "bar": [0.0], "beats": [float(b) for b in range(n)],
            "arpeggio": list(grid[:: 2 if self.n_subs == 4 else 1]),
            "offbeats": [b + (0.5 if self.n_subs == 4 else 2 / 3) for b in range(n)], "eighths": list(grid[::2]),
            "random": sorted(rng.choice(grid, min(len(grid), int(rng.integers(2, 5))), replace=False)),
        }[kind]  # fmt: skip
        loud = rng.uniform(50, 95)
        for bar, degree in enumerate(self.chords):
            notes = self.triad(degree)
            for i, x in enumerate(rhythm):
                length = 0.4 if kind in ("offbeats", "eighths") else (n if kind == "bar" else 0.9)
                for pitch in [notes[i % 3]] if kind == "arpeggio" else notes:
                    self.add(bar * n + x, length, pitch, loud + (8 if x == 0 else 0), programme)

    def _pad(self) -> None:
        programme, loud = rng_choice(self.rng, PADS), self.rng.uniform(40, 80)
        for bar, degree in enumerate(self.chords):
            for pitch in self.triad(degree):
                self.add(bar * self.n_beats, self.n_beats, pitch, loud, programme)

    def _melody(self, octave: int = 6, loud: float | None = None, programme: int | None = None, density=None) -> None:
        """A random walk whose long notes like strong positions."""
        rng, n = self.rng, self.n_beats
        programme = rng_choice(rng, LEADS) if programme is None else programme
        loud = rng.uniform(60, 105) if loud is None else loud
        density = rng.uniform(0.2, 0.8) if density is None else density
        degree = int(rng.integers(0, 7))
        motif: dict[int, list] = {}
        for bar in range(self.n_bars):
            rhythm = motif.setdefault(bar % int(rng.choice([1, 2, 4])), self._rhythm(density))
            for x, length in rhythm:
                chordal = x == int(x) and rng.random() < 0.6
                degree = self.chords[bar] + int(rng.choice([0, 2, 4])) if chordal else degree + int(rng.integers(-2, 3))
                degree = int(np.clip(degree, -3, 10))
                accent = 10 if x == 0 else (4 if x == int(x) else -4)
                self.add(bar * n + x, length * 0.92, self.pitch(degree, octave), loud + accent, programme)

    def _rhythm(self, density: float) -> list[tuple[float, float]]:
        """(position, length) in beats of one bar: onsets likelier on strong positions."""
        n, subs, rng = self.n_beats, self.n_subs, self.rng
        starts = []
        for k in range(n * subs):
            strong = 1.0 if k == 0 else 0.85 if k % subs == 0 else 0.6 if subs == 4 and k % 2 == 0 else 0.3
            strong = 0.6 if subs == 3 and k % 3 else strong
            if rng.random() < strong * (0.35 + 0.75 * density):
                starts.append(k / subs)
        ends = [*starts[1:], float(n)]
        return list(zip(starts, np.array(ends) - np.array(starts), strict=True)) if starts else []

    # --- an ensemble without drums

    def _ensemble(self) -> list:
        rng = self.rng
        texture = rng.choice(["melody", "chorale", "waltz", "alberti", "motor", "polyphony", "solo", "strum", "pulse"])
        return {
            "melody": [self._melody, self._comping, self._bass], "chorale": [self._chorale],
            "waltz": [self._waltz, self._melody], "alberti": [self._alberti, self._melody],
            "motor": [self._motor, self._bass], "polyphony": [self._voice, self._voice, self._voice],
            "solo": [self._voice], "strum": [self._comping, self._melody],
            "pulse": [self._pulse, self._melody, self._bass],
        }[str(texture)]  # fmt: skip

    def _chorale(self) -> None:
        programme = int(self.rng.choice([52, 48, 19, 0, 49, 60, 16]))
        moving = self.rng.uniform(0.0, 0.5)
        for bar, degree in enumerate(self.chords):
            for b in range(self.n_beats):
                shown = degree if b == 0 else degree + int(self.rng.choice([0, 3, 4, 1]))
                for pitch in [self.pitch(shown, 4), *self.triad(shown)]:
                    halves = self.rng.random() < moving
                    for x in (0.0, 0.5) if halves else (0.0,):
                        step = int(self.rng.choice([0, 2])) if x else 0
                        self.add(
                            bar * self.n_beats + b + x,
                            0.48 if halves else 0.97,
                            pitch + step,
                            75 + 8 * (b == 0),
                            programme,
                        )

    def _waltz(self) -> None:
        low, high = rng_choice(self.rng, BASSES + STRINGS), rng_choice(self.rng, KEYS + STRINGS)
        for bar, degree in enumerate(self.chords):
            self.add(bar * self.n_beats, 0.9, self.pitch(degree, 3), 92, low)
            for b in range(1, self.n_beats):
                for pitch in self.triad(degree):
                    self.add(bar * self.n_beats + b, 0.5, pitch, 66, high)

    def _alberti(self) -> None:
        programme = rng_choice(self.rng, (0, 0, 6, 11, 46, 24))
        per_beat = int(self.rng.choice([2, 4])) if self.n_subs == 4 else 3
        for bar, degree in enumerate(self.chords):
            low, middle, high = self.triad(degree, 4)
            figure = [low, high, middle, high] if self.n_subs == 4 else [low, middle, high]
            for k in range(self.n_beats * per_beat):
                accent = 12 if k == 0 else 5 if k % per_beat == 0 else 0
                self.add(
                    bar * self.n_beats + k / per_beat, 0.9 / per_beat, figure[k % len(figure)], 62 + accent, programme
                )

    def _motor(self) -> None:
        """Unbroken fast notes, as in baroque strings or keyboard."""
        programme, loud = rng_choice(self.rng, STRINGS), self.rng.uniform(65, 100)
        per_beat = self.n_subs if self.rng.random() < 0.6 else max(2, self.n_subs // 2)
        degree = 0
        for bar in range(self.n_bars):
            for k in range(self.n_beats * per_beat):
                on_beat = k % per_beat == 0
                jump = self.chords[bar] + int(self.rng.choice([0, 2, 4]))
                degree = jump if on_beat else degree + int(self.rng.choice([-1, 1, 1, -1, 2]))
                accent = 14 if k == 0 else 7 if on_beat else 0
                self.add(
                    bar * self.n_beats + k / per_beat, 0.95 / per_beat, self.pitch(degree, 5), loud + accent, programme
                )

    def _voice(self) -> None:
        self._melody(
            int(self.rng.choice([4, 5, 6])), None, rng_choice(self.rng, STRINGS + LEADS), self.rng.uniform(0.1, 0.9)
        )

    def _pulse(self) -> None:
        """Repeated chords on every beat or half beat, as a string section accompanies."""
        programme, loud = rng_choice(self.rng, STRINGS + PADS), self.rng.uniform(50, 85)
        per_beat = int(self.rng.choice([1, 2])) if self.n_subs == 4 else 3
        for bar, degree in enumerate(self.chords):
            for k in range(self.n_beats * per_beat):
                for pitch in self.triad(degree):
                    self.add(bar * self.n_beats + k / per_beat, 0.8 / per_beat, pitch, loud + 8 * (k == 0), programme)


def rng_choice(rng: np.random.Generator, values: tuple) -> int:
    return int(values[rng.integers(len(values))])


def compose(seed: int, seconds: float = 24.0) -> Piece:
    """The piece of this seed: always the same one."""
    return Composer(seed, seconds).compose()
