"""Tempo evidence -> the few tempi at which a listener may tap, with weights."""

from dataclasses import dataclass

import numpy as np

from earmark.descriptors.tempo.tempogram import BPM_GRID

MAX_CANDIDATES = 4
RELATIVES = (2.0, 0.5, 1.5, 2 / 3, 3.0, 1 / 3)  # metrical alternatives of a tempo
OTHERS = 0.05  # how often a tempo is right that is no octave of the first: a twentieth of the labelled clips
SAME = 0.06  # tempi whose logarithms differ by less are one


@dataclass(frozen=True)
class TempoSettings:
    """How the evidence is weighed. The defaults were chosen by hand on the GTZAN clips of docs/rhythm.md, which also
    gives the figures of such choices on artists that they were not made on.

    Attributes
    ----------
    prior_bpm : centre of the tempi at which listeners tap, BPM
    prior_octaves : standard deviation of those tempi, octaves
    network_share : weight of the network's beats against the onsets
    freedom : standard deviation of the smoothing, steps of BPM_GRID (per cent of tempo)
    """

    prior_bpm: float = 105.0
    prior_octaves: float = 0.65
    network_share: float = 0.5
    freedom: float = 4.0


DEFAULT_SETTINGS = TempoSettings()


@dataclass(frozen=True)
class TempoCandidate:
    """One tempo at which a listener may tap.

    Attributes
    ----------
    bpm : beats a minute
    weight : 0 to 1; the weights of a track sum to 1 at most
    """

    bpm: float
    weight: float


def combine(onsets: np.ndarray, beats: np.ndarray, settings: TempoSettings = DEFAULT_SETTINGS) -> np.ndarray:
    """How likely each tempo of BPM_GRID is to be tapped: float [n_tempi], at least 0, of no fixed scale.

    Parameters
    ----------
    onsets, beats : float [n_tempi], evidence of the onsets and of the network's beats, each 0 to 1

    The sum is smoothed, so that the slightly different tempi of free playing add up.
    """
    from scipy.ndimage import gaussian_filter1d

    prior = np.exp(-0.5 * (np.log2(BPM_GRID / settings.prior_bpm) / settings.prior_octaves) ** 2)
    return gaussian_filter1d((onsets + settings.network_share * beats) * prior, settings.freedom)


def find_candidates(curve: np.ndarray) -> tuple[TempoCandidate, ...]:
    """The most salient tempi, four at most; one place is kept for a metrical relative of the first.

    Parameters
    ----------
    curve : float [n_tempi] on BPM_GRID, as `combine` returns it

    Returns
    -------
    The highest peaks, highest first; weights are their shares of the chosen peaks' sum. Empty without a peak.
    """
    inner = curve[1:-1]
    peaks = 1 + np.flatnonzero((inner > curve[:-2]) & (inner >= curve[2:]) & (inner > 0))
    peaks = peaks[np.argsort(-curve[peaks])]
    chosen: list[int] = []
    for peak in peaks:
        if all(not _is_same(BPM_GRID[peak], BPM_GRID[other]) for other in chosen):
            chosen.append(int(peak))
    chosen = _keep_relative(chosen)
    total = curve[chosen].sum() if chosen else 1.0
    return tuple(TempoCandidate(_refine(curve, peak), float(curve[peak] / total)) for peak in chosen)


def _is_same(a: float, b: float) -> bool:
    """Whether two tempi, BPM, count as one."""
    return abs(np.log(a / b)) <= SAME


def _keep_relative(peaks: list[int]) -> list[int]:
    """The first four peaks, or three and the best metrical relative of the first if none is among the four."""

    def is_relative(peak: int) -> bool:
        ratio = BPM_GRID[peak] / BPM_GRID[peaks[0]]
        return any(abs(np.log(ratio / r)) < SAME for r in RELATIVES)

    chosen = peaks[:MAX_CANDIDATES]
    others = [peak for peak in peaks[MAX_CANDIDATES:] if is_relative(peak)]
    if others and not any(is_relative(peak) for peak in chosen[1:]):
        chosen[-1] = others[0]
    return chosen


def _refine(curve: np.ndarray, peak: int) -> float:
    """The peak of a parabola through three points of the grid, BPM."""
    left, middle, right = curve[peak - 1 : peak + 2]
    shift = 0.5 * (left - right) / (left - 2 * middle + right - 1e-12)
    return float(BPM_GRID[peak] * (BPM_GRID[1] / BPM_GRID[0]) ** np.clip(shift, -0.5, 0.5))


def promote(candidates: tuple[TempoCandidate, ...], bpm: float) -> tuple[TempoCandidate, ...]:
    """The candidates with `bpm` in front, at the weight of the first; the others keep their order.

    Their number does not grow: the last is dropped where `bpm` was not among them.
    """
    rest = [c for c in candidates if not _is_same(c.bpm, bpm)]
    weights = sorted((c.weight for c in candidates), reverse=True)
    tempi = [bpm, *(c.bpm for c in rest)]
    return tuple(TempoCandidate(float(tempo), weight) for tempo, weight in zip(tempi, weights, strict=False))


def rank_octaves(
    candidates: tuple[TempoCandidate, ...], tempi: list[float], shares: np.ndarray, best: int
) -> tuple[TempoCandidate, ...]:
    """The octaves of a tempo among the candidates: tempo `best` first, the rest by their weights, four at most.

    Parameters
    ----------
    tempi, shares : the octaves, BPM, and how probable each is if one of them is right
    best : index of the one that leads; it has the largest weight, whatever its share
    """
    others = [c for c in candidates if not any(_is_same(c.bpm, bpm) for bpm in tempi)]
    others = others[: MAX_CANDIDATES - 2]  # however improbable, one other octave is named
    left = OTHERS / sum(c.weight for c in others) if others else 0.0
    octaves = [
        TempoCandidate(bpm, (1 - OTHERS * bool(others)) * float(w)) for bpm, w in zip(tempi, shares, strict=True)
    ]
    rest = [c for i, c in enumerate(octaves) if i != best] + [TempoCandidate(c.bpm, c.weight * left) for c in others]
    ranked = [octaves[best], *sorted(rest, key=lambda c: -c.weight)][:MAX_CANDIDATES]
    weights = sorted((c.weight for c in ranked), reverse=True)
    return tuple(TempoCandidate(c.bpm, weight) for c, weight in zip(ranked, weights, strict=True))
