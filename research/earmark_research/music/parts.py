"""What the instruments of a piece play: chords, bass and melody in the manner of a style, as notes in beats."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from earmark_research.music.styles import Style
from earmark_research.music.theory import (
    MODE_SCALES,
    PROGRESSIONS,
    SCALES,
    TONICS,
    VOICED_CHORDS,
    Bars,
    chord_at,
    mode_of,
    parse_progression,
    pitches_between,
)

RHYTHMS = (  # of two beats; a minus is a rest
    (1, 1), (0.5, 0.5, 1), (1.5, 0.5), (0.5, 0.5, 0.5, 0.5), (2,), (-1, 1), (-0.5, 0.5, 1), (0.5, 1, 0.5),
    (1, 0.5, 0.5), (0.25, 0.25, 0.25, 0.25, 1), (0.75, 0.25, 1), (-1, 0.5, 0.5), (-2,), (0.5, 0.25, 0.25, 0.5, 0.5),
)  # fmt: skip
DRIVEN_GUITARS = (29, 30)  # overdriven and distorted, played as low power chords
MELODY_RANGE = 22  # semitones
LOOSENESS = 0.012  # standard deviation of a note's start, beats


class Note(NamedTuple):
    """`start` and `length` in beats, `pitch` a MIDI number, `velocity` 1-127."""

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Part:
    """One instrument: `role` is lead, comp or bass; `program` a General MIDI number from 0, `pan` 0-127."""

    role: str
    program: int
    notes: list[Note]
    pan: int = 64


def draw_chords(rng: np.random.Generator, idiom: str, n_bars: int) -> tuple[Bars, str, str]:
    """A progression of the idiom in a random key, repeated to n bars; with the key, ``Eb``, and its mode."""
    tonic, text = int(rng.integers(12)), PROGRESSIONS[idiom][rng.integers(len(PROGRESSIONS[idiom]))]
    form = parse_progression(text, tonic)
    first = int(rng.integers(2)) * (len(form) // 2)
    return [form[(first + bar) % len(form)] for bar in range(n_bars)], TONICS[tonic], mode_of(text)


def draw_scale(rng: np.random.Generator, style: Style, tonic: str, mode: str) -> list[int]:
    """Pitch classes of a scale that goes with the style, on the tonic."""
    kind = "blues" if "blues" in style.idioms or "metal" in style.idioms and rng.random() < 0.4 else mode
    scale = SCALES[MODE_SCALES[kind][rng.integers(len(MODE_SCALES[kind]))]]
    return [(TONICS.index(tonic) + step) % 12 for step in scale]


def play_figure(bars: Bars, beats: int, figure: str, low: int, velocity: int) -> list[Note]:
    """Chords by a figure, four steps a beat, anew in each bar: ``x`` all tones, a digit one, ``-`` held, ``.`` rest.

    The roots lie in the octave above the MIDI number `low`; a digit past the last tone is an octave higher.
    """
    notes = []
    for step in range(4 * beats * len(bars)):
        place = step % (4 * beats)
        sign, tail = figure[place % 16], figure[place % 16 + 1 :]
        if sign in ".-":
            continue
        root, quality = chord_at(bars, beats, step / 4)
        tones = [low + (root - low) % 12 + interval for interval in VOICED_CHORDS[quality]]
        chosen = tones if sign == "x" else [tones[int(sign) % len(tones)] + 12 * (int(sign) // len(tones))]
        length = (1 + len(tail) - len(tail.lstrip("-"))) / 4 + (0.2 if tail.startswith(".") else 0)
        accent = velocity + (8 if place % 8 == 0 else 0)
        notes += [Note(step / 4, length, tone, accent) for tone in chosen]
    return notes


def write_melody(rng: np.random.Generator, bars: Bars, beats: int, scale: Collection[int]) -> list[Note]:
    """A line that walks: on the beat to tones of the chord, between them along the scale (pitch classes).

    Two rhythms of a bar take turns, so that there are phrases.
    """
    motifs = [sum((RHYTHMS[i] for i in rng.integers(len(RHYTHMS), size=-(-beats // 2))), ()) for _ in range(2)]
    low, pitch, notes = int(rng.integers(53, 62)), int(rng.integers(64, 74)), []
    for bar in range(len(bars)):
        at, end = float(bar * beats), (bar + 1) * beats
        for length in motifs[int(rng.random() < 0.35)]:
            root, quality = chord_at(bars, beats, at)
            classes = {(root + i) % 12 for i in VOICED_CHORDS[quality]} if at % 1 == 0 else set(scale)
            within = pitches_between(low, low + MELODY_RANGE, classes)
            near = [p for p in within if p != pitch or rng.random() < 0.2]
            if length > 0 and at < end and near:
                pull = np.exp(-np.abs(np.array(near) - pitch) / 2.5)
                pitch = int(rng.choice(near, p=pull / pull.sum()))
                notes.append(Note(at, 0.93 * min(length, end - at), pitch, int(rng.integers(82, 118))))
            at += abs(length)
    return notes


def swing_notes(notes: list[Note], swing: float, rng: np.random.Generator) -> list[Note]:
    """The halves of each beat made unequal, and every start a little off, as people play."""

    def warp(at: float) -> float:
        beat, part = divmod(at, 1)
        return beat + (2 * part * swing if part < 0.5 else swing + (2 * part - 1) * (1 - swing))

    return [
        Note(max(0.0, warp(start) + rng.normal(0, LOOSENESS)), length, pitch, int(np.clip(velocity, 1, 127)))
        for start, length, pitch, velocity in notes
    ]


def accompany(rng: np.random.Generator, style: Style, bars: Bars, beats: int, tonic: str, mode: str) -> list[Part]:
    """Lead, chords and bass in the style; which of them play is decided elsewhere."""
    scale, program = draw_scale(rng, style, tonic, mode), int(rng.choice(style.leads))
    parts = [Part("lead", program, write_melody(rng, bars, beats, scale), int(rng.integers(48, 81)))]
    parts += _draw_chord_parts(rng, "comp", style.comp, style.comp_figures, 50, bars, beats)
    parts += _draw_chord_parts(rng, "bass", style.bass, style.bass_figures, 28, bars, beats)
    return [replace(part, notes=swing_notes(part.notes, style.swing, rng)) for part in parts]


def _draw_chord_parts(
    rng: np.random.Generator, role: str, programs: tuple[int, ...], figures: tuple[str, ...], low: int, bars: Bars,
    beats: int,
) -> list[Part]:  # fmt: skip
    """One part, or two of driven guitars: left and right, as on records."""
    program, figure, velocity = int(rng.choice(programs)), str(rng.choice(figures)), int(rng.integers(66, 100))
    pan = 64 if role == "bass" else int(rng.integers(24, 105))
    if program in DRIVEN_GUITARS and role == "comp":
        notes = play_figure(bars, beats, figure, 40, velocity + 20)
        return [Part(role, driven, notes, side) for driven, side in zip(DRIVEN_GUITARS, (10, 118), strict=True)]
    return [Part(role, program, play_figure(bars, beats, figure, low, velocity), pan)]
