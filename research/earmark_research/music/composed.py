"""Music that code invents: chords, bass, accompaniment and melody in the manner of a style, as notes in beats."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

KEYS = "C Db D Eb E F F# G Ab A Bb B".split()
DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
QUALITIES = {  # as mma writes them -> semitones over the root
    "": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "M7": (0, 4, 7, 11), "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9), "9": (0, 4, 7, 10, 14), "m9": (0, 3, 7, 10, 14), "5": (0, 7, 12), "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9), "sus4": (0, 5, 7),
}  # fmt: skip
SCALES = {
    "major": ((0, 2, 4, 5, 7, 9, 11), (0, 2, 4, 7, 9), (0, 2, 4, 5, 7, 9, 10)),
    "minor": ((0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 3, 5, 7, 8, 11)),
    "blues": ((0, 3, 5, 6, 7, 10), (0, 3, 4, 5, 7, 9, 10), (0, 3, 5, 7, 10)),
}
PROGRESSIONS = {  # one bar a word, two chords of a bar with a comma; small numerals are minor
    "blues": ("I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7", "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 I7",
              "i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 V7", "I7 V7 IV7 IV7 I7 V7 I7 V7", "I7 IV7 I7 V7"),
    "three": ("I IV V I", "I I IV V", "I IV I V", "I V I IV", "I I IV I V IV I V", "I I V V IV IV I I"),
    "pop": ("I V vi IV", "vi IV I V", "I vi IV V", "I iii IV V", "IV V iii vi", "I V IV IV", "I IV vi V"),
    "rock": ("I bVII IV I", "I bIII IV I", "I IV bVII IV", "i bVII bVI bVII", "I I bVII IV", "i bIII bVII IV"),
    "metal": ("i5 i5 bVI5 bVII5", "i5 bII5 i5 bIII5", "i5 bVI5 bIII5 bVII5", "i5 i5 bII5,i5 bV5", "i5 iv5 bVI5 V5"),
    "jazz": ("ii7 V7 IM7 IM7", "IM7 vi7 ii7 V7", "iii7 VI7 ii7 V7", "ii7b5 V7 i6 i6", "IM7 IV7 iii7,VI7 ii7,V7",
             "i7 i7 iv7 i7 ii7b5 V7 i7 i7", "I6 bIIdim7 ii7 V7", "IM7 IM7 iv7 bVII7", "I9 IV9 I9 VI7 ii9 V7 I6 V7"),
    "minor": ("i bVI bIII bVII", "i iv V i", "i bVII bVI V", "i i iv V7", "i bVII i bVI", "i iv bVII bIII"),
    "vamp": ("i7 IV7", "i7 i7", "I9 I9 IV9 I9", "i7 bVII", "i9 iv9", "IM7 IVM7", "i7 i7 iv7 i7", "I7 bVII7"),
    "soul": ("I vi7 ii7 V7", "IM7 iii7 IVM7 V7", "I I7 IV iv", "I IV I IV", "ii7 V7 IM7 vi7", "i7 iv7 i7 V7"),
    "church": ("I IV I V", "I V vi iii IV I IV V", "i V i iv i V i i", "I ii V I", "I vi ii V",
               "i iv bVII bIII bVI iv V i", "I V7 I I IV,I V7,I ii,V7 I"),
}  # fmt: skip
RHYTHMS = (  # of two beats; a minus is a rest
    (1, 1), (0.5, 0.5, 1), (1.5, 0.5), (0.5, 0.5, 0.5, 0.5), (2,), (-1, 1), (-0.5, 0.5, 1), (0.5, 1, 0.5),
    (1, 0.5, 0.5), (0.25, 0.25, 0.25, 0.25, 1), (0.75, 0.25, 1), (-1, 0.5, 0.5), (-2,), (0.5, 0.25, 0.25, 0.5, 0.5),
)  # fmt: skip
DRIVEN = (29, 30)  # overdriven and distorted guitar, played as low power chords
DRUM_CHANNEL = 9

Bars = list[list[tuple[int, str]]]
"""Of each bar the chords that share it: (pitch class of the root, quality)."""


@dataclass(frozen=True)
class Style:
    """How a family of music is made.

    Attributes
    ----------
    weight : how often it is drawn
    tempo : range, beats a minute
    idioms : names of `PROGRESSIONS`
    leads, comp, bass : General MIDI programs, from 0, that may play melody, chords and bass
    comp_figures, bass_figures : what they play, for `figured`
    files : pattern of the mma library files that belong to it; none: it has no drums and is written without mma
    swing : where the second half of a beat falls, 0.5 straight
    own : how often mma gives the drums only and our own chords and bass play
    drive : how often the mix is overdriven, as records are
    kits : General MIDI drum sets: 0 standard, 8 room, 16 power, 24 electronic, 25 analogue, 32 jazz, 40 brushes
    """

    weight: float
    tempo: tuple[float, float]
    idioms: tuple[str, ...]
    leads: tuple[int, ...]
    comp: tuple[int, ...]
    comp_figures: tuple[str, ...]
    bass: tuple[int, ...]
    bass_figures: tuple[str, ...]
    files: str = ""
    swing: float = 0.5
    own: float = 0.25
    drive: float = 0.4
    kits: tuple[int, ...] = (0, 0, 8, 16)


def read_styles(path: Path) -> dict[str, Style]:
    """The families of a file, in its order; names of sets of figures are replaced by what they hold."""
    families = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = families.pop("figures")
    for fields in families.values():
        for name in ("comp_figures", "bass_figures"):
            fields[name] = [figure for entry in fields[name] for figure in sets.get(entry, [entry])]
    return {
        family: Style(**{name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()})
        for family, fields in families.items()
    }


STYLES = read_styles(Path(__file__).with_name("styles.toml"))

Note = tuple[float, float, int, int]
"""Start and length in beats, pitch, velocity."""


@dataclass(frozen=True)
class Part:
    """One instrument: `role` is lead, comp or bass; `program` a General MIDI number from 0, `pan` 0-127."""

    role: str
    program: int
    notes: list[Note]
    pan: int = 64


def parse(numeral: str, tonic: int) -> tuple[int, str]:
    """``bVII7`` over a tonic 0-11 -> root 0-11 and quality. A power chord is neither major nor minor."""
    flat, degree, suffix = re.fullmatch(r"(b?)([ivIV]+)(.*)", numeral).groups()
    minor = "m" if degree.islower() and suffix != "5" else ""
    return (tonic + DEGREES[degree.upper()] - len(flat)) % 12, minor + suffix


def chords(rng: np.random.Generator, idiom: str, n_bars: int) -> tuple[Bars, str, str]:
    """A progression of the idiom in a random key, repeated to n bars; with the key, ``Eb``, and its mode."""
    tonic, text = int(rng.integers(12)), PROGRESSIONS[idiom][rng.integers(len(PROGRESSIONS[idiom]))]
    form = [[parse(numeral, tonic) for numeral in bar.split(",")] for bar in text.split()]
    first = int(rng.integers(2)) * (len(form) // 2)
    mode = "minor" if re.search(r"(^| |,)i(?![iv])", text) else "major"
    return [form[(first + bar) % len(form)] for bar in range(n_bars)], KEYS[tonic], mode


def chord_at(bars: Bars, beats: int, at: float) -> tuple[int, str]:
    """The chord that sounds `at` so many beats from the start."""
    bar = bars[min(int(at // beats), len(bars) - 1)]
    return bar[int(at % beats / beats * len(bar))]


def figured(bars: Bars, beats: int, figure: str, low: int, velocity: int) -> list[Note]:
    """Chords by a figure, four steps a beat, anew in each bar: ``x`` all tones, a digit one, ``-`` held, ``.`` rest."""
    notes = []
    for step in range(4 * beats * len(bars)):
        place = step % (4 * beats)
        sign, tail = figure[place % 16], figure[place % 16 + 1 :]
        if sign in ".-":
            continue
        root, quality = chord_at(bars, beats, step / 4)
        tones = [low + (root - low) % 12 + interval for interval in QUALITIES[quality]]
        chosen = tones if sign == "x" else [tones[int(sign) % len(tones)] + 12 * (int(sign) // len(tones))]
        length = (1 + len(tail) - len(tail.lstrip("-"))) / 4 + (0.2 if tail.startswith(".") else 0)
        accent = velocity + (8 if place % 8 == 0 else 0)
        notes += [(step / 4, length, tone, accent) for tone in chosen]
    return notes


def melody(rng: np.random.Generator, bars: Bars, beats: int, scale: Sequence[int]) -> list[Note]:
    """A line that walks: on the beat to tones of the chord, between them along the scale (pitch classes).

    Two rhythms of a bar take turns, so that one hears phrases.
    """
    motifs = [sum((RHYTHMS[i] for i in rng.integers(len(RHYTHMS), size=-(-beats // 2))), ()) for _ in range(2)]
    low, pitch, notes = int(rng.integers(53, 62)), int(rng.integers(64, 74)), []
    for bar in range(len(bars)):
        at, end = float(bar * beats), (bar + 1) * beats
        for length in motifs[int(rng.random() < 0.35)]:
            root, quality = chord_at(bars, beats, at)
            wanted = {(root + i) % 12 for i in QUALITIES[quality]} if at % 1 == 0 else set(scale)
            near = [p for p in range(low, low + 22) if p % 12 in wanted and (p != pitch or rng.random() < 0.2)]
            if length > 0 and at < end and near:
                pull = np.exp(-np.abs(np.array(near) - pitch) / 2.5)
                pitch = int(rng.choice(near, p=pull / pull.sum()))
                notes.append((at, 0.93 * min(length, end - at), pitch, int(rng.integers(82, 118))))
            at += abs(length)
    return notes


def swung(notes: list[Note], swing: float, rng: np.random.Generator) -> list[Note]:
    """The halves of each beat made unequal, and every start a little off, as people play."""

    def warp(at: float) -> float:
        beat, part = divmod(at, 1)
        return beat + (2 * part * swing if part < 0.5 else swing + (2 * part - 1) * (1 - swing))

    return [(max(0.0, warp(s) + rng.normal(0, 0.012)), n, p, int(np.clip(v, 1, 127))) for s, n, p, v in notes]


def draw_scale(rng: np.random.Generator, style: Style, key: str, mode: str) -> list[int]:
    """Pitch classes of a scale that goes with the style, on the key's tonic."""
    kind = "blues" if "blues" in style.idioms or "metal" in style.idioms and rng.random() < 0.4 else mode
    return [(KEYS.index(key) + step) % 12 for step in SCALES[kind][rng.integers(len(SCALES[kind]))]]


def accompany(rng: np.random.Generator, style: Style, bars: Bars, beats: int, key: str, mode: str) -> list[Part]:
    """Lead, chords and bass in the style; who of them plays is decided elsewhere."""
    scale = draw_scale(rng, style, key, mode)
    parts = [Part("lead", int(rng.choice(style.leads)), melody(rng, bars, beats, scale), int(rng.integers(48, 81)))]
    voices = ("comp", style.comp, style.comp_figures, 50), ("bass", style.bass, style.bass_figures, 28)
    for role, programs, figures, low in voices:
        program, figure, velocity = int(rng.choice(programs)), str(rng.choice(figures)), int(rng.integers(66, 100))
        pan = 64 if role == "bass" else int(rng.integers(24, 105))
        if program in DRIVEN and role == "comp":  # two tracks, left and right, as on records
            notes = figured(bars, beats, figure, 40, velocity + 20)
            parts += [Part(role, driven, notes, pan) for driven, pan in zip(DRIVEN, (10, 118), strict=True)]
        else:
            parts.append(Part(role, program, figured(bars, beats, figure, low, velocity), pan))
    return [replace(part, notes=swung(part.notes, style.swing, rng)) for part in parts]
