"""Music theory in one place: pitch classes, chords, scales, Roman numerals and the progressions that are drawn from.

Nothing here is random. Pitch classes are 0-11 from C, pitches are MIDI numbers, intervals are semitones.
"""

import re
from collections.abc import Collection

from earmark.demo import score

TONICS = "C Db D Eb E F F# G Ab A Bb B".split()
"""Name of each pitch class, as chord symbols and keys are written here."""

DEGREES = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
"""Roman numeral -> semitones above the tonic, in major."""

CHORDS = score.CHORDS | {
    "M7": score.CHORDS["maj7"], "9": (0, 4, 7, 10, 14), "m7b5": (0, 3, 6, 10), "dim": (0, 3, 6), "dim7": (0, 3, 6, 9),
}  # fmt: skip
"""Quality, as mma writes it -> semitones above the root: those of the demo pieces, and more."""

VOICED_CHORDS = CHORDS | {"5": (0, 7, 12)}
"""The same as parts play them: a power chord has its root an octave higher, too."""

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "major blues": (0, 2, 3, 4, 7, 9),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "blues": (0, 3, 5, 6, 7, 10),
    "blues with both thirds": (0, 3, 4, 5, 7, 9, 10),
}
"""Name -> semitones above the tonic."""

MODE_SCALES = {
    "major": ("major", "major pentatonic", "mixolydian"),
    "minor": ("minor", "minor pentatonic", "dorian", "harmonic minor"),
    "blues": ("blues", "blues with both thirds", "minor pentatonic"),
}
"""Mode -> names of the scales that melodies in it are drawn from."""

WIDE_MODE_SCALES = {
    "major": (*MODE_SCALES["major"], "major blues"),
    "minor": (*MODE_SCALES["minor"], "blues"),
}
"""The same for the music of the key network, which shall know blue notes in both modes."""

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
"""Idiom -> progressions, each drawn as often as the others."""

MODE_PROGRESSIONS = {
    "major": (
        (4, "I V vi IV"), (3, "I vi IV V"), (4, "I IV V IV"), (3, "I IV I V"), (2, "vi IV I V"), (2, "I ii V I"),
        (1, "I iii IV V"), (3, "I bVII IV I"), (2, "ii7 V7 IM7 IM7"), (2, "I IV"), (2, "I V"),
        (3, "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7"), (2, "I"), (2, "I7"), (1, "IM7 vi7 ii7 V7"), (1, "IV V I vi"),
        (2, "I I IV V"), (1, "I iv I V"), (1, "I II IV I"), (1, "Isus4 I IV I"),
    ),
    "minor": (
        (4, "i bVI bIII bVII"), (3, "i bVII bVI V"), (2, "i iv v i"), (3, "i iv V i"), (3, "i bVI bVII i"),
        (3, "i bVII"), (3, "i IV"), (3, "i"), (2, "i7"), (1, "i bII"), (1, "IIdim V i i"), (2, "i v"),
        (1, "bVI bVII i i"), (2, "i bIII bVII IV"), (2, "i7 i7 iv7 i7 V7 i7"), (2, "i7 IV7"), (3, "i5 bIII5 IV5 i5"),
        (3, "i5 bVII5 bVI5 bVII5"), (1, "i6 iv7 V7 i6"), (2, "i bVII iv bVI"), (1, "IIdim V7 i7 i7"),
        (2, "i5 bII5 i5 bVII5"),
    ),
}  # fmt: skip
"""Mode -> (how often it is drawn, progression), for the music of the key network."""

DIATONIC_LOOPS = (
    "I vi IV V", "I IV V V", "vi IV I V", "I V vi IV", "ii V I I", "I I IV V", "vi V IV V", "I vii IV I",
)  # fmt: skip
"""Progressions of the tempo network's music: only the degrees count, the chords are those of the scale."""

Chord = tuple[int, str]
"""Pitch class of the root, and quality."""

Bars = list[list[Chord]]
"""Of each bar the chords that share it evenly."""


def parse_numeral(numeral: str, tonic: int) -> Chord:
    """``bVII7`` over a tonic 0-11 -> its chord. A power chord is neither major nor minor."""
    flat, degree, suffix = re.fullmatch(r"(b?)([ivIV]+)(.*)", numeral).groups()
    minor = "m" if degree.islower() and suffix != "5" else ""
    return (tonic + DEGREES[degree.upper()] - len(flat)) % 12, minor + suffix


def parse_progression(text: str, tonic: int) -> Bars:
    """The bars of a progression over a tonic 0-11."""
    return [[parse_numeral(numeral, tonic) for numeral in bar.split(",")] for bar in text.split()]


def mode_of(progression: str) -> str:
    """``minor`` where the chord on the tonic is, else ``major``."""
    return "minor" if re.search(r"(^| |,)i(?![iv])", progression) else "major"


def scale_degrees(progression: str) -> list[int]:
    """The degree 0-6 of each chord of a diatonic progression."""
    order = list(DEGREES)
    return [order.index(numeral.upper()) for numeral in progression.split()]


def chord_at(bars: Bars, beats: int, position: float) -> Chord:
    """The chord that sounds `position` beats after the start, in bars of so many `beats`."""
    bar = bars[min(int(position // beats), len(bars) - 1)]
    return bar[int(position % beats / beats * len(bar))]


def pitches_between(low: int, high: int, classes: Collection[int]) -> list[int]:
    """The pitches from `low` to below `high` whose pitch class is one of `classes`."""
    return [pitch for pitch in range(low, high) if pitch % 12 in classes]
