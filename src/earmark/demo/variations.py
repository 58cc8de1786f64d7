"""The demo's pieces otherwise: at another tempo, in another key, by other instruments, of any length, in sections.

Each of the three changes leaves the two others as they are, so that whatever measures them can be held to it.
"""

from dataclasses import replace

import numpy as np

from earmark.demo import drums
from earmark.demo import instruments as play
from earmark.demo.mix import Instrument, Part, mixdown
from earmark.demo.pieces import BEATS, Piece
from earmark.demo.score import Note, repeat
from earmark.demo.synth import SR

OTHER: dict[Instrument, Instrument] = {
    play.piano: play.strings, play.strings: play.piano, play.harpsichord: play.strings, play.choir: play.harpsichord,
    play.flute: play.steel_guitar, play.accordion: play.piano, play.organ: play.nylon_guitar, play.pad: play.piano,
    play.bell: play.flute, play.electric_piano: play.flute, play.stab: play.nylon_guitar, play.lead: play.flute,
    play.steel_guitar: play.pad, play.nylon_guitar: play.piano, play.muted_guitar: play.piano,
    play.pulse_lead: play.flute, play.pulse_arpeggio: play.nylon_guitar, play.chip_triangle: play.double_bass,
    play.bass_guitar: play.synth_bass, play.double_bass: play.synth_bass, play.synth_bass: play.double_bass,
    play.reese_bass: play.bass_guitar,
}  # fmt: skip
"""Instrument -> one of another family that plays its part; drums stay."""


def vary(piece: Piece, seconds: float, tempo: float = 1.0, semitones: int = 0, other: bool = False) -> np.ndarray:
    """The piece, over and over, as `seconds` of stereo: float32 [n_samples, 2], see `earmark.demo.render`.

    Parameters
    ----------
    tempo : factor; all else stays
    semitones : that all but the drums are moved
    other : let other instruments play, see `OTHER`
    """
    beats = piece.n_bars * BEATS[piece.metre]
    times = int(np.ceil(seconds * piece.bpm * tempo / 60 / beats))
    parts = [_varied(part, semitones, other, times, beats) for part in piece.compose()]
    return mixdown(parts, piece.bpm * tempo, seconds, piece.room_seconds)


def song(piece: Piece, order: str, section_seconds: float = 12.0, tempo: float = 1.0, semitones: int = 0) -> np.ndarray:
    """Sections of the piece in an order such as ``ABACBA``, float32 [n_samples, 2].

    A is the piece as it is, B by other instruments, C half of its players three semitones up. A kind that comes again
    goes on where it was left, so that no two sections have the same bars.
    """
    half = replace(piece, compose=lambda: half_of(piece))
    n, cut = round(section_seconds * SR), {}
    for kind in sorted(set(order)):
        seconds = section_seconds * order.count(kind)
        up = 3 if kind == "C" else 0
        y = vary(half if kind == "C" else piece, seconds, tempo, semitones + up, kind == "B")
        cut[kind] = iter(np.split(y[: n * order.count(kind)], order.count(kind)))
    return np.concatenate([next(cut[kind]) for kind in order])


def half_of(piece: Piece) -> list[Part]:
    """Every other player, the pitched ones first; of one alone, every other note."""
    parts = sorted(piece.compose(), key=is_drum)
    if len(parts) > 1:
        return parts[::2]
    return [replace(parts[0], notes=sorted(parts[0].notes, key=lambda note: note.start)[::2])]


def is_drum(part: Part) -> bool:
    """Whether its notes have no pitch that matters."""
    return part.play.__module__ == drums.__name__


def _varied(part: Part, semitones: int, other: bool, times: int, beats: float) -> Part:
    notes = part.notes if is_drum(part) else [_moved(note, semitones) for note in part.notes]
    part = replace(part, notes=repeat(notes, times, beats))
    if other and not is_drum(part):
        return replace(part, play=OTHER[part.play], effect=None)  # an effect belongs to its instrument
    return part


def _moved(note: Note, semitones: int) -> Note:
    return replace(note, pitch=note.pitch + semitones)
