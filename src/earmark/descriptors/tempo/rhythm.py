"""What is known of the rhythm of a track, and its JSON."""

from dataclasses import dataclass, field

import numpy as np

from earmark.descriptors.tempo.candidates import TempoCandidate


@dataclass(frozen=True)
class Rhythm:
    """The rhythm of a track.

    Attributes
    ----------
    bpm : beats a minute, None where there is no pulse
    confidence : 0 to 1, how regularly the pulse repeats
    stability : 0 to 1, 1 for a constant tempo
    octave_confidence : 0 to 1, how probable it is that listeners tap `bpm` and not its double or half; of answers at .9
        nine in ten are right. None in an estimate by an earmark that did not tell it
    candidates : up to four, the most probable first; the first is `bpm`
    beats, downbeats : float64 [n_beats], [n_bars], seconds, ascending
    metre : "4/4", "3/4", "6/8", "5/4", "7/4" or None
    metre_confidence : 0 to 1
    corrected : True where tempo or metre is the user's correction and not the estimate
    """

    bpm: float | None = None
    confidence: float = 0.0
    stability: float = 0.0
    octave_confidence: float | None = 0.0
    candidates: tuple[TempoCandidate, ...] = ()
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    metre: str | None = None
    metre_confidence: float = 0.0
    corrected: bool = False

    def to_dict(self) -> dict:
        """The ``tempo`` of the JSON object, numbers rounded; it has ``corrected`` only where that is True.

        An estimate of an earmark that did not tell ``octave_confidence`` has none.
        """
        values = {
            "bpm": None if self.bpm is None else round(self.bpm, 2),
            "confidence": round(self.confidence, 3),
            "stability": round(self.stability, 3),
            "candidates": [{"bpm": round(c.bpm, 2), "weight": round(c.weight, 3)} for c in self.candidates],
            "beats": np.round(self.beats, 3).tolist(),
            "downbeats": np.round(self.downbeats, 3).tolist(),
            "metre": self.metre,
            "metre_confidence": round(self.metre_confidence, 3),
        }
        if self.octave_confidence is not None:
            values["octave_confidence"] = round(self.octave_confidence, 3)
        return values | {"corrected": True} if self.corrected else values

    @classmethod
    def from_dict(cls, values: dict) -> "Rhythm":
        """The inverse of `to_dict`, but for the rounding; raises TypeError or KeyError for other dictionaries."""
        candidates = tuple(TempoCandidate(**candidate) for candidate in values["candidates"])
        times = {name: np.array(values[name], np.float64) for name in ("beats", "downbeats")}
        return cls(**{"octave_confidence": None} | values | {"candidates": candidates} | times)
