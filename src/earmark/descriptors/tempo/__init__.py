"""Log-mel spectrogram -> tempo, beats, downbeats, metre. It needs no audio: an earprint will do."""

from earmark.descriptors.tempo.candidates import TempoCandidate
from earmark.descriptors.tempo.estimation import Rhythm, estimate_rhythm

__all__ = ["Rhythm", "TempoCandidate", "estimate_rhythm"]
