"""How sure one can be that there is a pulse at all, and that it is regular."""

import numpy as np

from earmark.descriptors.tempo.tempogram import BPM_GRID, Tempogram, averages

CHANCE, CLEAR = 1.0, 0.4  # correlation of the pulse with itself: of noise, times sqrt(n_frames); of a drum kit
FAINT = 0.02  # confidence of the best guess at music whose pulse is no clearer than chance
LOOSE, TOGETHER = 0.1, 0.02  # correlation between bands: of noise, times sqrt(seconds); above it, of any onsets
FEW_EVENTS, ENOUGH_EVENTS = 3.0, 6.0  # effective number of frames that carry the pulse


def confidence_of(bpm: float, tg: Tempogram, onsets: np.ndarray, frame_rate: float) -> float:
    """How regularly the pulse returns one to four beats later, if there are onsets to speak of at all.

    Onsets of music rise in several bands together and happen more than a few times; those of noise do neither.
    """
    index = int(np.abs(BPM_GRID - bpm).argmin())
    n_frames = len(onsets)
    chance = min(0.1, CHANCE / np.sqrt(n_frames))
    repeats = averages(tg)[0][:, index].mean()
    regular = max(_ramp(repeats, chance, CLEAR), FAINT * (repeats > chance / 4))
    loose = 0.008 + LOOSE / np.sqrt(n_frames / frame_rate)
    together = _ramp(_coherence(onsets), loose, loose + TOGETHER)
    return regular * together * _ramp(_events(onsets), FEW_EVENTS, ENOUGH_EVENTS)


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))


def _coherence(onsets: np.ndarray) -> float:
    """Mean correlation between the bands' onsets, -1 ... 1."""
    z = (onsets - onsets.mean(axis=0)) / (onsets.std(axis=0) + 1e-9)
    n_bands = z.shape[1]
    correlation = z.T @ z / len(z)
    return float((correlation.sum() - np.trace(correlation)) / (n_bands * (n_bands - 1)))


def _events(onsets: np.ndarray) -> float:
    """Effective number of frames that carry the pulse: n_frames / kurtosis."""
    centred = onsets.sum(axis=1, dtype=np.float64)
    centred -= centred.mean()
    variance = (centred**2).mean()
    return float(len(centred) * variance**2 / ((centred**4).mean() + 1e-18))
