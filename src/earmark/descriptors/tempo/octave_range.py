"""A range of tempi, such as a DJ counts in: every tempo is shown by the octave that lies in it."""

import re
from dataclasses import dataclass, replace

from earmark.descriptors.tempo.candidates import TempoCandidate
from earmark.descriptors.tempo.rhythm import Rhythm
from earmark.errors import ConfigError

LOWEST, HIGHEST = 20.0, 500.0  # BPM
NARROWEST = 1.9  # highest over lowest tempo; DJs write 88:175, a hair less than an octave
REMEDY = "Write the lowest and the highest tempo, an octave apart, such as 88:175."


@dataclass(frozen=True)
class TempoRange:
    """The tempi to show, BPM; the octave of a tempo is doubled or halved into it.

    Attributes
    ----------
    low, high : BPM, 20 to 500; about an octave apart at least

    Raises
    ------
    ConfigError : not such a range
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not LOWEST <= self.low < self.high <= HIGHEST:
            raise ConfigError(f"tempo range {self}", "not a range of 20 to 500 BPM", REMEDY)
        if self.high < NARROWEST * self.low:
            raise ConfigError(f"tempo range {self}", "narrower than an octave", REMEDY)

    def __str__(self) -> str:
        return f"{self.low:g}:{self.high:g}"

    @classmethod
    def parse(cls, text: str) -> "TempoRange":
        """The range that ``88:175`` means; raises ConfigError for any other text."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", text.strip())
        if found is None:
            raise ConfigError(f"tempo range {text!r}", "not two numbers and a colon", REMEDY)
        return cls(float(found[1]), float(found[2]))

    def fold(self, bpm: float) -> float:
        """The octave of a tempo that lies in the range, or the one just below it where none does."""
        while bpm < self.low and 2 * bpm <= self.high:
            bpm *= 2
        while bpm > self.high:
            bpm /= 2
        return bpm

    def show(self, rhythm: Rhythm) -> Rhythm:
        """The rhythm with tempo and candidates folded; candidates that become one add up.

        Beats, bars and the confidences stay those of the estimate, and so does a tempo that a user corrected.
        """
        if rhythm.bpm is None or rhythm.corrected:
            return rhythm
        weights: dict[float, float] = {}
        for candidate in rhythm.candidates:
            bpm = self.fold(candidate.bpm)
            same = next((other for other in weights if abs(other / bpm - 1) < 0.02), bpm)
            weights[same] = weights.get(same, 0.0) + candidate.weight
        candidates = tuple(TempoCandidate(bpm, weight) for bpm, weight in weights.items())
        return replace(rhythm, bpm=self.fold(rhythm.bpm), candidates=candidates)
