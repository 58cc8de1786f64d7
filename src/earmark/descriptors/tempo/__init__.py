"""Tempo, beats, downbeats and metre as a descriptor, from the log-mel alone."""

from earmark.audio.earprint import Earprint
from earmark.descriptors.tempo.candidates import TempoCandidate
from earmark.descriptors.tempo.estimation import estimate_rhythm
from earmark.descriptors.tempo.octave_range import TempoRange
from earmark.descriptors.tempo.rhythm import Rhythm
from earmark.tagger.model import Activations

__all__ = [
    "COLUMNS", "NEEDS", "VERSION", "Rhythm", "TempoCandidate", "TempoRange", "estimate", "estimate_rhythm", "from_dict",
    "line",
]  # fmt: skip

VERSION = "2"
NEEDS = frozenset({"mel"})
COLUMNS = {
    "tempo": ("number", "bpm"),
    "tempo_confidence": ("number", "confidence"),
    "tempo_stability": ("number", "stability"),
    "tempo_octave_confidence": ("number", "octave_confidence"),
    "metre": ("text", "metre"),
    "metre_confidence": ("number", "metre_confidence"),
}

from_dict = Rhythm.from_dict


def estimate(earprint: Earprint, activations: Activations | None = None) -> Rhythm:
    """Tempo, beats and metre from the log-mel; `bpm` is None where there is no pulse.

    Numbers are rounded as in the JSON, so that a new analysis equals the one that is read back from a catalogue.
    """
    return from_dict(estimate_rhythm(earprint.S, earprint.features).to_dict())


def line(rhythm: Rhythm) -> str:
    """``168.1 BPM, 5/4  (confidence 1.00, octave 0.92, or 84, 101)``."""
    if rhythm.bpm is None:
        return "no steady pulse"
    others = ", ".join(f"{candidate.bpm:.0f}" for candidate in rhythm.candidates[1:3])
    metre = f", {rhythm.metre}" if rhythm.metre else ""
    source = "corrected by you" if rhythm.corrected else f"confidence {rhythm.confidence:.2f}"
    if rhythm.octave_confidence is not None and not rhythm.corrected:
        source += f", octave {rhythm.octave_confidence:.2f}"
    return f"{rhythm.bpm:.1f} BPM{metre}  ({source}{f', or {others}' if others else ''})"
