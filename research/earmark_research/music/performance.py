"""A piece as somebody plays it: notes and beats in seconds. Code composes them, scores are performed as them."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class TimedNote(NamedTuple):
    """`start` and `end` in seconds, `pitch` a MIDI number, `velocity` 1-127, `program` General MIDI from 0."""

    start: float
    end: float
    pitch: int
    velocity: int
    program: int
    is_drum: bool


@dataclass
class Performance:
    """Notes and beats of one piece.

    Attributes
    ----------
    metre : ``6/8``
    bpm : beats a minute, before rubato
    notes : in no order
    beats, downbeats : float64 [n], seconds
    """

    metre: str
    bpm: float
    notes: list[TimedNote] = field(default_factory=list)
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0))
