"""Beats -> how many make a bar, and where bars begin."""

from dataclasses import dataclass

import numpy as np

BAR_LENGTHS = {"4/4": (4, 2), "3/4": (3, 6), "5/4": (5, 10), "7/4": (7, 14)}  # beats after which accents return
PENALTIES = {"4/4": 0.0, "3/4": 0.2, "5/4": 0.4, "7/4": 0.5}  # a rarer metre must be this much clearer; hand-set
MIN_BARS = 2
FAST_THREE = 140.0  # BPM, beyond which two unequal groups of three are felt as two beats


@dataclass(frozen=True)
class Metre:
    """The metre of a track.

    Attributes
    ----------
    name : "4/4", "3/4", "6/8", "5/4", "7/4", or None for too few beats
    confidence : 0 to 1
    downbeats : int [n_bars], indices into the beats
    """

    name: str | None
    confidence: float
    downbeats: np.ndarray


def estimate_metre(S: np.ndarray, onsets: np.ndarray, downbeat: np.ndarray, beats: np.ndarray, bpm: float) -> Metre:
    """Bar length, subdivision and phase from the accents on the beats.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel
    onsets : float32 [n_frames, n_bands], bass first
    downbeat : float32 [n_frames], probability of a downbeat by the network; all zero where there is no network
    beats : float [n_beats], frames, ascending
    bpm : beats a minute
    """
    if len(beats) < 4 * MIN_BARS:
        return Metre(None, 0.0, np.zeros(0, int))
    accents = _measure_accents(S, onsets, downbeat, beats)
    evidence = {name: _weigh_lengths(accents, lengths) - PENALTIES[name] for name, lengths in BAR_LENGTHS.items()}
    name, length = _choose_bar(evidence, accents, bpm)
    ranked = sorted(evidence.values())
    confidence = float(np.clip(2 * (ranked[-1] - ranked[-2]) + 0.3 * ranked[-1], 0, 1))
    if name == "4/4" and _is_compound(onsets.sum(axis=1), beats):
        name, length = "6/8", 2
    return Metre(name, float(confidence), _find_downbeats(accents, length))


def _choose_bar(evidence: dict[str, float], accents: np.ndarray, bpm: float) -> tuple[str, int]:
    """The best supported metre and its beats a bar; threes that are too fast for a waltz pair up to 6/8."""
    name = max(evidence, key=evidence.get)
    if name == "3/4" and bpm > FAST_THREE and _correlate(accents, 6) > _correlate(accents, 3) + 0.1:
        return "6/8", 6
    return name, BAR_LENGTHS[name][0]


def _measure_accents(S: np.ndarray, onsets: np.ndarray, downbeat: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Standardised accents of each beat: float [n_beats, 3 or 4].

    Columns are the onset in the bass, the whole onset, the change of the spectrum and, where there is a network, its
    downbeat.
    """
    frames = np.clip(np.round(beats).astype(int), 0, len(S) - 1)
    near = np.clip(frames[:, None] + np.arange(-2, 3), 0, len(S) - 1)
    strength = onsets[near].sum(axis=1)  # [n_beats, n_bands]; a sum, so that the place between frames does not matter
    columns = [strength[:, 0], strength.sum(axis=1), _measure_changes(S, frames)]
    if downbeat.any():
        columns.append(np.log(downbeat[near].max(axis=1) + 0.02))
    columns = np.stack(columns, axis=1)
    columns = columns - columns.mean(axis=0)
    return columns / (columns.std(axis=0) + 1e-9)


def _measure_changes(S: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Mean absolute difference between the spectrum of each beat and that of the beat before: float [n_beats]."""
    starts = np.unique(np.maximum(frames - 2, 0))  # the attack belongs to its own beat
    sums = np.add.reduceat(S, starts, axis=0)
    edges = np.append(starts, len(S))
    spectra = sums / np.diff(edges)[:, None]
    change = np.abs(np.diff(spectra, axis=0, prepend=spectra[:1])).mean(axis=1)
    return np.interp(np.arange(len(frames)), np.arange(len(change)), change)


def _correlate(accents: np.ndarray, lag: int) -> float:
    """Correlation of the accents with themselves `lag` beats later, 0 where the track is too short for it."""
    if len(accents) < lag + 4:
        return 0.0
    now, later = accents[:-lag], accents[lag:]
    norm = np.sqrt((now**2).sum(axis=0) * (later**2).sum(axis=0)) + 1e-9
    return float(((now * later).sum(axis=0) / norm).mean())


def _weigh_lengths(accents: np.ndarray, lengths: tuple[int, int]) -> float:
    """How strongly accents return after a bar: the larger of its own length and the mean of both lengths.

    Where the second length is the longer one (two bars), only the mean counts.
    """
    own, other = (_correlate(accents, lag) for lag in lengths)
    return max(own, (own + other) / 2) if lengths[1] < lengths[0] else (own + other) / 2


def _is_compound(pulse: np.ndarray, beats: np.ndarray) -> bool:
    """Whether both thirds of the beat are played, and its half and quarters are not."""
    gaps = np.diff(beats)
    third, two_thirds, half = (_average_peaks(pulse, beats[:-1] + gaps * x) for x in (1 / 3, 2 / 3, 0.5))
    between = max(half, _average_peaks(pulse, beats[:-1] + gaps / 4), _average_peaks(pulse, beats[:-1] + gaps * 0.75))
    return min(third, two_thirds) > 1.5 * between and min(third, two_thirds) > 0.2 * _average_peaks(pulse, beats)


def is_hemiola(pulse: np.ndarray, downbeats: np.ndarray) -> bool:
    """Whether bars taken for three beats are two beats of three: their middle is played louder than their thirds.

    Parameters
    ----------
    pulse : float32 [n_frames]
    downbeats : float [n_bars], frames, ascending; False for fewer than three
    """
    gaps = np.diff(downbeats)
    if len(gaps) < MIN_BARS:
        return False
    third, middle, two_thirds = (_average_peaks(pulse, downbeats[:-1] + gaps * x) for x in (1 / 3, 1 / 2, 2 / 3))
    return middle > 1.3 * max(third, two_thirds)


def _average_peaks(pulse: np.ndarray, positions: np.ndarray) -> float:
    """Mean of the pulse's maximum within a frame of each position."""
    near = np.clip(np.round(positions).astype(int)[:, None] + np.arange(-1, 2), 0, len(pulse) - 1)
    return float(pulse[near].max(axis=1).mean())


def _find_downbeats(accents: np.ndarray, length: int) -> np.ndarray:
    """Indices of the first beats of the bars: the phase with the strongest accents."""
    strength = accents.sum(axis=1)
    phase = int(np.argmax([strength[p::length].mean() for p in range(length)]))
    return np.arange(phase, len(accents), length)
