"""How clear the pulse of a track is, and whether there is one."""

import numpy as np

from earmark.descriptors.tempo.tempogram import BPM_GRID, Tempogram

CHANCE, CLEAR = 1.0, 0.4  # autocorrelation of the pulse: of noise, times sqrt(n_frames); of a drum kit
FAINT = 0.02  # confidence of the best guess at music whose pulse is no clearer than chance
LOOSE, TOGETHER = 0.1, 0.02  # correlation between bands: of noise, times sqrt(seconds); above it, of any onsets
FEW_EVENTS, ENOUGH_EVENTS = 3.0, 6.0  # effective number of frames that carry the pulse


def estimate_confidence(bpm: float, tempogram: Tempogram, onsets: np.ndarray, frame_rate: float) -> float:
    """How regularly the pulse repeats one to four beats later: 0 (chance, or no onsets) to 1 (a drum kit).

    Onsets of music rise in several bands together and happen more than a few times; those of noise do neither.

    Parameters
    ----------
    bpm : beats a minute, the tempo in question
    tempogram : of the sum of `onsets` over bands
    onsets : float32 [n_frames, n_bands]
    frame_rate : frames a second
    """
    index = int(np.abs(BPM_GRID - bpm).argmin())
    n_frames = len(onsets)
    chance = min(0.1, CHANCE / np.sqrt(n_frames))
    repeats = tempogram.average()[0][:, index].mean()
    regular = max(_scale(repeats, chance, CLEAR), FAINT * (repeats > chance / 4))
    loose = 0.008 + LOOSE / np.sqrt(n_frames / frame_rate)
    together = _scale(_correlate_bands(onsets), loose, loose + TOGETHER)
    return regular * together * _scale(_count_events(onsets), FEW_EVENTS, ENOUGH_EVENTS)


def _scale(value: float, low: float, high: float) -> float:
    """`value` on a linear scale, 0 at `low` and below, 1 at `high` and above."""
    return float(np.clip((value - low) / (high - low), 0, 1))


def _correlate_bands(onsets: np.ndarray) -> float:
    """Mean correlation between the bands' onsets, -1 to 1."""
    z = (onsets - onsets.mean(axis=0)) / (onsets.std(axis=0) + 1e-9)
    n_bands = z.shape[1]
    correlation = z.T @ z / len(z)
    return float((correlation.sum() - np.trace(correlation)) / (n_bands * (n_bands - 1)))


def _count_events(onsets: np.ndarray) -> float:
    """Effective number of frames that carry the pulse: n_frames / kurtosis."""
    centred = onsets.sum(axis=1, dtype=np.float64)
    centred -= centred.mean()
    variance = (centred**2).mean()
    return float(len(centred) * variance**2 / ((centred**4).mean() + 1e-18))
