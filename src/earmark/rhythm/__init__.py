"""Log-mel spectrogram -> tempo, beats, downbeats, metre. It needs no audio: an earprint will do."""

from earmark.rhythm.candidates import TempoCandidate
from earmark.rhythm.estimate import Rhythm, estimate_rhythm

__all__ = ["Rhythm", "TempoCandidate", "estimate_rhythm"]
