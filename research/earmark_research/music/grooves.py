"""Drum grooves at the tempi of their own styles: music in which the octave of the tempo is known by its genre.

The pieces of `groove` draw groove and tempo apart, which leaves fast and slow styles out. Here every style keeps to its
range, so that drum and bass is fast although its chords are slow, and a ballad is slow although its hats are quick.
"""

from dataclasses import dataclass

import numpy as np

from earmark_research.music.band import (
    CLOSED_HAT,
    KICK,
    OPEN_HAT,
    RIDE,
    SHAKER,
    SNARE,
    play_bass,
    play_comping,
    play_fill,
    play_melody,
    play_pad,
)
from earmark_research.music.composer import Composer
from earmark_research.music.performance import Performance

FAST = 150  # BPM, beyond which every chord is held for twice as many bars


@dataclass(frozen=True)
class Groove:
    """One bar of drums and the tempi at which its style is played.

    Attributes
    ----------
    tempo : range, beats a minute
    kick, snare, hat, ghosts : positions within the bar, in subdivisions of a beat; ghosts are soft strokes of the snare
    metre : a name of `composer.METRES`
    """

    tempo: tuple[float, float]
    kick: tuple[int, ...]
    snare: tuple[int, ...]
    hat: tuple[int, ...] = ()
    ghosts: tuple[int, ...] = ()
    metre: str = "4/4"


BEATS, EIGHTHS, SIXTEENTHS = tuple(range(0, 16, 4)), tuple(range(0, 16, 2)), tuple(range(16))
OFFBEATS, BACK = (2, 6, 10, 14), (4, 12)
GROOVES = {
    "two-step": Groove((162, 184), (0, 10), BACK, EIGHTHS),
    "roller": Groove((165, 178), (0, 5, 10), BACK, SIXTEENTHS, (2, 7, 9, 14)),
    "break": Groove((155, 182), (0, 2, 10, 11), BACK, EIGHTHS, (7, 9, 15)),
    "half-time": Groove((164, 178), (0, 6), (8,), EIGHTHS),
    "footwork": Groove((155, 164), (0, 3, 6, 9, 12, 14), BACK, OFFBEATS),
    "hardcore": Groove((160, 200), BEATS, (), OFFBEATS),
    "punk": Groove((160, 215), (0, 8), BACK, EIGHTHS),
    "metal": Groove((150, 215), EIGHTHS, BACK, BEATS),
    "blast": Groove((150, 200), SIXTEENTHS, BACK, BEATS),
    "eurodance": Groove((132, 165), BEATS, BACK, OFFBEATS),
    "trance": Groove((132, 142), BEATS, BACK, SIXTEENTHS),
    "dubstep": Groove((136, 146), (0, 6), (8,), SIXTEENTHS),
    "trap": Groove((128, 160), (0, 3, 10), (8,), SIXTEENTHS),
    "house": Groove((116, 132), BEATS, BACK, OFFBEATS),
    "disco": Groove((105, 130), BEATS, BACK, SIXTEENTHS),
    "rock": Groove((95, 150), (0, 8, 10), BACK, EIGHTHS),
    "pop": Groove((85, 130), (0, 6, 8), BACK, EIGHTHS),
    "funk": Groove((90, 118), (0, 2, 6, 10), BACK, SIXTEENTHS, (7, 9)),
    "hiphop": Groove((78, 102), (0, 7, 10), BACK, EIGHTHS, (15,)),
    "reggaeton": Groove((85, 106), BEATS, (3, 6, 11, 14), EIGHTHS),
    "ballad": Groove((55, 82), (0, 8), BACK, EIGHTHS),
    "rnb": Groove((58, 78), (0, 10), BACK, SIXTEENTHS),
    "soul": Groove((45, 72), (0, 5), (3, 9), tuple(range(12)), metre="12/8"),
    "shuffle": Groove((80, 140), (0, 6), (3, 9), (0, 2, 3, 5, 6, 8, 9, 11), metre="12/8"),
    "one-drop": Groove((62, 92), BACK, BACK, OFFBEATS),
    "steppers": Groove((66, 84), BEATS, (8,), OFFBEATS),
    "waltz": Groove((80, 200), (0,), (4, 8), (0, 4, 8), metre="3/4"),
}


class GrooveComposer(Composer):
    """A `Composer` whose metre and tempo are those of a groove."""

    def __init__(self, groove: Groove, seed: int, seconds: float) -> None:
        self.groove = groove
        super().__init__(seed, seconds)
        self.swing = 0.0  # a groove says itself where its strokes fall
        hold = 2 if self.performance.bpm > FAST else 1
        self.chords = [self.chords[bar // hold] for bar in range(self.n_bars)]

    def _draw_metre(self) -> str:
        return self.groove.metre

    def _draw_tempo(self) -> float:
        return float(self.rng.uniform(*self.groove.tempo))


def compose_groove(name: str, seed: int, seconds: float = 24.0) -> Performance:
    """The piece of this groove and seed, about as long: always the same one."""
    composer = GrooveComposer(GROOVES[name], seed, seconds)
    play_groove(composer)
    for play, share in ((play_bass, 0.9), (play_comping, 0.7), (play_pad, 0.4), (play_melody, 0.7)):
        if composer.rng.random() < share:
            play(composer)
    piece = composer.performance
    piece.beats = composer.clock(np.arange(composer.n_bars * composer.n_beats, dtype=float))
    piece.downbeats = piece.beats[:: composer.n_beats]
    return piece


def play_groove(composer: GrooveComposer) -> None:
    """The groove in every bar, with a fill now and then; some players leave out a stroke here and there."""
    groove, rng = composer.groove, composer.rng
    cymbal, drop = int(rng.choice([CLOSED_HAT, CLOSED_HAT, RIDE, SHAKER, OPEN_HAT])), rng.choice([0, 0, 0.05, 0.1])
    parts = ((groove.kick, KICK, 108), (groove.snare, SNARE, 104), (groove.ghosts, SNARE, 48), (groove.hat, cymbal, 66))
    for bar in range(composer.n_bars):
        at = bar * composer.n_beats
        for positions, drum, velocity in parts:
            for x in positions:
                if rng.random() >= drop:
                    accent = 8 if x % composer.n_subs == 0 else 0
                    composer.hit(at + x / composer.n_subs, drum, velocity + accent)
        if bar % 4 == 3 and rng.random() < 0.3:
            play_fill(composer, at + composer.n_beats - 1, 0.9)
