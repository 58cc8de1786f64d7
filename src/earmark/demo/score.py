"""Notes, and short ways to write them: melodies, chord symbols, drum patterns. Time is counted in beats."""

import re
from dataclasses import dataclass, replace

from earmark.errors import DataError

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}
CHORDS = {
    "": (0, 4, 7), "m": (0, 3, 7), "5": (0, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11),
    "6": (0, 4, 7, 9), "m9": (0, 3, 7, 10, 14), "add9": (0, 4, 7, 14), "sus4": (0, 5, 7), "m6": (0, 3, 7, 9),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """One sound: `start` and `length` in beats, `pitch` as MIDI number (60 is middle C), `velocity` 0..1."""

    start: float
    length: float
    pitch: int = 60
    velocity: float = 0.8


def pitch(name: str) -> int:
    """MIDI number of a name such as ``C#4``; raises DataError for anything else."""
    found = re.fullmatch(r"([A-G])(#|b|)(-?\d)", name)
    if not found:
        raise DataError(name, "not the name of a pitch", "Write a letter, # or b, and an octave, such as C#4.")
    return 12 * (int(found[3]) + 1) + SEMITONES[found[1]] + ACCIDENTALS[found[2]]


def line(text: str, start: float = 0.0, velocity: float = 0.8, unit: float = 1.0) -> list[Note]:
    """A melody from text: ``"A4:1 C5:.5 E5 | -:1 A3+C4"``.

    A token is pitches joined by ``+`` or ``-`` for a rest, with its length in `unit` beats after a colon; without one
    it is as long as the token before. ``|`` is for the eye. Raises DataError for a pitch that is not one.
    """
    notes, now, length = [], start, unit
    for token in text.replace("|", " ").split():
        names, _, written = token.partition(":")
        length = float(written) * unit if written else length
        if names != "-":
            notes += [Note(now, length, pitch(name), velocity) for name in names.split("+")]
        now += length
    return notes


def chord(symbol: str, low: int = 55) -> list[int]:
    """Pitches of a chord symbol such as ``F#m7``, each in the octave that begins at MIDI number `low`, sorted.

    Raises DataError for a chord that is not known.
    """
    root, kind = re.fullmatch(r"([A-G][#b]?)(.*)", symbol).groups()
    if kind not in CHORDS:
        raise DataError(symbol, "not a chord known here", f"Use one of {', '.join(map(repr, CHORDS))} after the root.")
    base = pitch(root + "0")
    return sorted(low + (base + step - low) % 12 for step in CHORDS[kind])


def root(symbol: str, low: int = 36) -> int:
    """The root of a chord symbol in the octave that begins at MIDI number `low`."""
    return low + (pitch(re.match(r"[A-G][#b]?", symbol)[0] + "0") - low) % 12


VELOCITY = {"X": 1.0, "x": 0.8, "o": 0.5}


def hits(pattern: str, step: float = 0.25) -> list[tuple[float, float, float]]:
    """(start, length until the next, velocity) of each hit in a pattern such as ``"X..x..o."``; spaces do not count."""
    marks = pattern.replace(" ", "").replace("|", "")
    at = [i for i, mark in enumerate(marks) if mark in VELOCITY]
    ends = [*at[1:], len(marks)]
    return [(i * step, (end - i) * step, VELOCITY[marks[i]]) for i, end in zip(at, ends, strict=True)]


def drum(pattern: str, times: int = 1, step: float = 0.25, low: int = 60) -> list[Note]:
    """A drum's pattern, a mark every `step` beats, played `times` times; `low` is the MIDI number of its notes."""
    once = [Note(start, min(length, 1.0), low, velocity) for start, length, velocity in hits(pattern, step)]
    return repeat(once, times, len(pattern.replace(" ", "").replace("|", "")) * step)


def comp(symbols: str, pattern: str, low: int = 55, step: float = 0.25, longest: float = 4.0) -> list[Note]:
    """Chords in a rhythm: each symbol of `symbols` is played through `pattern`, a mark every `step` beats, once.

    Raises DataError for a chord that is not known.
    """
    bar = len(pattern.replace(" ", "").replace("|", "")) * step
    return [
        Note(i * bar + start, min(length, longest), number, velocity)
        for i, symbol in enumerate(symbols.split())
        for start, length, velocity in hits(pattern, step)
        for number in chord(symbol, low)
    ]


def arpeggio(symbols: str, order: str, low: int = 55, step: float = 0.5, velocity: float = 0.7) -> list[Note]:
    """Broken chords: `order` are indices into the chord's pitches, and an index past the top is an octave higher."""
    notes = []
    for i, symbol in enumerate(symbols.split()):
        tones = chord(symbol, low)
        for j, index in enumerate(map(int, order)):
            octave, degree = divmod(index, len(tones))
            start = (i * len(order) + j) * step
            notes.append(Note(start, step, tones[degree] + 12 * octave, velocity * (1.15 if j == 0 else 1)))
    return notes


def bass(symbols: str, steps: str, low: int = 28, step: float = 0.5) -> list[Note]:
    """A bass figure over each chord: tokens are semitones above its root, ``-`` rests, ``.`` prolongs the last."""
    notes, tokens = [], steps.split()
    for i, symbol in enumerate(symbols.split()):
        for j, token in enumerate(tokens):
            start = (i * len(tokens) + j) * step
            if token == ".":
                notes[-1] = replace(notes[-1], length=notes[-1].length + step)
            elif token != "-":
                notes.append(Note(start, step, root(symbol, low) + int(token)))
    return notes


def repeat(notes: list[Note], times: int, every: float) -> list[Note]:
    """The notes `times` times, `every` beats apart."""
    return [replace(note, start=note.start + k * every) for k in range(times) for note in notes]


def later(notes: list[Note], beats: float) -> list[Note]:
    """The notes, `beats` beats later."""
    return [replace(note, start=note.start + beats) for note in notes]


def swing(notes: list[Note], share: float = 2 / 3, unit: float = 1.0) -> list[Note]:
    """Delay the second half of every `unit` beats until `share` of it has passed."""

    def warp(beat: float) -> float:
        whole, part = divmod(beat / unit, 1)
        part = part * 2 * share if part < 0.5 else share + (part - 0.5) * 2 * (1 - share)
        return (whole + part) * unit

    return [
        replace(note, start=warp(note.start), length=warp(note.start + note.length) - warp(note.start))
        for note in notes
    ]
