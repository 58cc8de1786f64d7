"""Tempo evidence -> the few tempi that a listener may tap, with weights."""

from dataclasses import dataclass

import numpy as np

from earmark.descriptors.tempo.tempogram import BPM_GRID

MAX_CANDIDATES = 4
RELATIVES = (2.0, 0.5, 1.5, 2 / 3, 3.0, 1 / 3)  # metrical alternatives of a tempo


@dataclass(frozen=True)
class TempoSettings:
    """How the evidence is weighed. The defaults were chosen by hand on the GTZAN clips of docs/rhythm.md, which also
    gives what such choices are worth on artists that they were not made on.

    Attributes
    ----------
    prior_bpm, prior_octaves : centre and deviation of the tempi that listeners tap
    network_share : weight of the network's beats against the onsets
    freedom : steps of the grid (per cent of tempo) over which evidence is smoothed
    """

    prior_bpm: float = 105.0
    prior_octaves: float = 0.65
    network_share: float = 0.5
    freedom: float = 4.0


DEFAULT_SETTINGS = TempoSettings()


@dataclass(frozen=True)
class TempoCandidate:
    """One tempo that a listener may tap. weight : 0 ... 1; those of a track sum to 1 at most."""

    bpm: float
    weight: float


def combine(onsets: np.ndarray, beats: np.ndarray, settings: TempoSettings = DEFAULT_SETTINGS) -> np.ndarray:
    """How likely each tempo of the grid is to be tapped: float [n_tempi].

    Parameters
    ----------
    onsets, beats : float [n_tempi], what the onsets say and what the network's beats say, each at most 1

    The sum is smoothed, so that the slightly different tempi of free playing add up.
    """
    from scipy.ndimage import gaussian_filter1d

    prior = np.exp(-0.5 * (np.log2(BPM_GRID / settings.prior_bpm) / settings.prior_octaves) ** 2)
    return gaussian_filter1d((onsets + settings.network_share * beats) * prior, settings.freedom)


def find_candidates(overall: np.ndarray) -> tuple[TempoCandidate, ...]:
    """The four most salient tempi: peaks of the curve, with room kept for metrical relatives of the best."""
    inner = overall[1:-1]
    peaks = 1 + np.flatnonzero((inner > overall[:-2]) & (inner >= overall[2:]) & (inner > 0))
    peaks = peaks[np.argsort(-overall[peaks])]
    chosen: list[int] = []
    for peak in peaks:
        if all(abs(np.log(BPM_GRID[peak] / BPM_GRID[other])) > 0.06 for other in chosen):
            chosen.append(int(peak))
    chosen = _with_relative(chosen)
    total = overall[chosen].sum() if chosen else 1.0
    return tuple(TempoCandidate(_refined(overall, peak), float(overall[peak] / total)) for peak in chosen)


def _with_relative(chosen: list[int]) -> list[int]:
    """The first four, or three and the best metrical relative of the first if none is among the four."""

    def related(peak: int) -> bool:
        ratio = BPM_GRID[peak] / BPM_GRID[chosen[0]]
        return any(abs(np.log(ratio / r)) < 0.06 for r in RELATIVES)

    first = chosen[:MAX_CANDIDATES]
    spare = [peak for peak in chosen[MAX_CANDIDATES:] if related(peak)]
    if spare and not any(related(peak) for peak in first[1:]):
        first[-1] = spare[0]
    return first


def _refined(curve: np.ndarray, peak: int) -> float:
    """The peak of a parabola through three points of the grid, BPM."""
    left, middle, right = curve[peak - 1 : peak + 2]
    shift = 0.5 * (left - right) / (left - 2 * middle + right - 1e-12)
    return float(BPM_GRID[peak] * (BPM_GRID[1] / BPM_GRID[0]) ** np.clip(shift, -0.5, 0.5))


def promoted(candidates: tuple[TempoCandidate, ...], bpm: float) -> tuple[TempoCandidate, ...]:
    """The candidates with `bpm` in front, at the weight of the one that was; those that follow keep their order."""
    rest = [c for c in candidates if abs(np.log(c.bpm / bpm)) > 0.06]
    weights = sorted((c.weight for c in candidates), reverse=True)
    chosen = [bpm, *(c.bpm for c in rest)][: len(weights)]
    return tuple(TempoCandidate(float(b), w) for b, w in zip(chosen, weights, strict=False))
