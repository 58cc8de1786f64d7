"""The way from a spectrogram to a `Rhythm`: onsets, tempogram, candidates, beats, bars."""

from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import gaussian_filter1d

from earmark.config import DEFAULT_FEATURES, FeatureConfig
from earmark.errors import AudioError
from earmark.rhythm.beats import track_beats
from earmark.rhythm.head import activations
from earmark.rhythm.metre import estimate_metre, is_hemiola
from earmark.rhythm.onsets import onset_strength
from earmark.rhythm.tempogram import (
    BPM_GRID,
    BPM_MAX,
    BPM_MIN,
    Tempogram,
    averages,
    possible,
    salience,
    tempo_prior,
    tempogram,
)

MIN_SECONDS = 3.0  # shorter sound has no tempo
MIN_BEATS = 5
REFINEMENT = 0.015  # how far (log) the beats may move the tempogram's tempo; beyond it they wandered
MIN_CONFIDENCE = 0.003  # below it there is no pulse
QUIET = 0.005  # deviation of the pulse curve below which nothing ever starts
CHANCE, CLEAR = 1.0, 0.4  # correlation of the pulse with itself: of noise, times sqrt(n_frames); of a drum kit
FAINT = 0.02  # confidence of the best guess at music whose pulse is no clearer than chance
LOOSE, TOGETHER = 0.1, 0.02  # correlation between bands: of noise, times sqrt(seconds); above it, of any onsets
FEW_EVENTS, ENOUGH_EVENTS = 3.0, 6.0  # effective number of frames that carry the pulse
PARTS = (slice(0, 1), slice(1, 3), slice(3, 6))  # bass, middle, treble among the onset bands
NETWORK_SHARE = 0.5  # weight of the network's beats against the onsets
FREEDOM = 4.0  # per cent of tempo (steps of the grid) over which evidence is smoothed
MAX_CANDIDATES = 4
RELATIVES = (2.0, 0.5, 1.5, 2 / 3, 3.0, 1 / 3)  # metrical alternatives of a tempo


@dataclass(frozen=True)
class TempoCandidate:
    """One tempo that a listener may tap. weight : 0 ... 1; those of a track sum to 1 at most."""

    bpm: float
    weight: float


@dataclass(frozen=True)
class Rhythm:
    """What a track's rhythm is like.

    Attributes
    ----------
    bpm : beats a minute, None where there is no pulse
    confidence : 0 ... 1, how regularly the pulse repeats
    stability : 0 ... 1, 1 where the tempo never moves
    candidates : up to four, the most probable first; the first is `bpm`
    beats, downbeats : float64, seconds, ascending
    metre : "4/4", "3/4", "6/8", "5/4", "7/4" or None
    metre_confidence : 0 ... 1
    """

    bpm: float | None = None
    confidence: float = 0.0
    stability: float = 0.0
    candidates: tuple[TempoCandidate, ...] = ()
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    metre: str | None = None
    metre_confidence: float = 0.0

    def to_dict(self) -> dict:
        """The `tempo` object of `analyze --json`."""
        return {
            "bpm": None if self.bpm is None else round(self.bpm, 2),
            "confidence": round(self.confidence, 3),
            "stability": round(self.stability, 3),
            "candidates": [{"bpm": round(c.bpm, 2), "weight": round(c.weight, 3)} for c in self.candidates],
            "beats": np.round(self.beats, 3).tolist(),
            "downbeats": np.round(self.downbeats, 3).tolist(),
            "metre": self.metre,
            "metre_confidence": round(self.metre_confidence, 3),
        }


def estimate_rhythm(S: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES) -> Rhythm:
    """Tempo, beats and metre of one track.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel of `cfg`; one restored from 8 bits is good enough

    Raises
    ------
    AudioError : S is not a finite matrix of n_mels columns
    """
    _check(S, cfg)
    if len(S) < MIN_SECONDS * cfg.frame_rate:
        return Rhythm()
    onsets = onset_strength(S, cfg.frame_rate)
    if onsets.sum(axis=1).std() < QUIET:
        return Rhythm()
    heard = _hear(S, onsets, cfg)
    candidates = _candidates(_overall_salience(heard))
    confidence = _confidence(heard, candidates)
    if not candidates or confidence < MIN_CONFIDENCE:
        return Rhythm(confidence=confidence)
    return _with_beats(heard, candidates, confidence)


def _check(S: np.ndarray, cfg: FeatureConfig) -> None:
    if S.ndim != 2 or S.shape[1] != cfg.n_mels:
        raise AudioError("spectrogram", f"expected [n_frames, {cfg.n_mels}], got shape {S.shape}", "Use log_mel.")
    if not np.isfinite(S).all():
        raise AudioError("spectrogram", "NaN or infinite values", "Compute it again from the audio.")


@dataclass(frozen=True)
class _Heard:
    """What the steps share. onsets [n_frames, 6]; pulse [n_frames], their sum; beat, downbeat [n_frames]: what the
    network hears, zero without it; tg: tempogram of `pulse`; frame_rate in Hz."""

    S: np.ndarray
    onsets: np.ndarray
    pulse: np.ndarray
    beat: np.ndarray
    downbeat: np.ndarray
    tg: Tempogram
    frame_rate: float


def _hear(S: np.ndarray, onsets: np.ndarray, cfg: FeatureConfig) -> _Heard:
    """Run the network where the front end is the one that it knows."""
    pulse = onsets.sum(axis=1)
    heard = activations(S) if cfg == DEFAULT_FEATURES else np.zeros((len(S), 2), np.float32)
    return _Heard(S, onsets, pulse, heard[:, 0], heard[:, 1], tempogram(pulse, cfg.frame_rate), cfg.frame_rate)


def _overall_salience(heard: _Heard) -> np.ndarray:
    """How likely each tempo of the grid is to be tapped to the whole track: float [n_tempi].

    Half of the onsets' evidence is the whole pulse, half its bass, middle and treble; what repeats in the network's
    beats is added. Then the curve is smoothed, so that the slightly different tempi of free playing add up.
    """
    lags, spectrum = averages(heard.tg)
    parts = [averages(tempogram(heard.onsets[:, part].sum(axis=1), heard.frame_rate)) for part in PARTS]
    lags = 0.5 * lags + 0.5 * np.mean([part[0] for part in parts], axis=0)
    spectrum = 0.5 * spectrum + 0.5 * np.mean([part[1] for part in parts], axis=0)
    beats = np.maximum(averages(tempogram(heard.beat, heard.frame_rate))[0], 0).mean(axis=0)
    beats = _to_one(beats) * possible(lags, spectrum)
    evidence = _to_one(salience(lags, spectrum)) + NETWORK_SHARE * beats
    return gaussian_filter1d(evidence * tempo_prior(), FREEDOM)


def _to_one(curve: np.ndarray) -> np.ndarray:
    return curve / (curve.max() + 1e-9)


def _candidates(overall: np.ndarray) -> tuple[TempoCandidate, ...]:
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


def _confidence(heard: _Heard, candidates: tuple[TempoCandidate, ...]) -> float:
    """How regularly the pulse returns one to four beats later, if there are onsets to speak of at all.

    Onsets of music rise in several bands together and happen more than a few times; those of noise do neither.
    """
    if not candidates:
        return 0.0
    index = int(np.abs(BPM_GRID - candidates[0].bpm).argmin())
    n_frames = len(heard.pulse)
    chance = min(0.1, CHANCE / np.sqrt(n_frames))
    repeats = averages(heard.tg)[0][:, index].mean()
    regular = max(_ramp(repeats, chance, CLEAR), FAINT * (repeats > chance / 4))
    loose = 0.008 + LOOSE / np.sqrt(n_frames / heard.frame_rate)
    together = _ramp(_coherence(heard.onsets), loose, loose + TOGETHER)
    return regular * together * _ramp(_events(heard.onsets), FEW_EVENTS, ENOUGH_EVENTS)


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


def _with_beats(heard: _Heard, candidates: tuple[TempoCandidate, ...], confidence: float) -> Rhythm:
    """Beats at the first candidate's tempo, the tempo measured again from them, bars."""
    periods = _local_periods(heard.tg, candidates[0].bpm, len(heard.pulse), heard.frame_rate)
    frames = track_beats(_standard(heard.pulse) + _standard(heard.beat), periods)
    if len(frames) < MIN_BEATS:
        return Rhythm()
    bpm, stability = _steadiness(frames, candidates[0].bpm, heard.frame_rate)
    metre = estimate_metre(heard.S, heard.onsets, heard.downbeat, frames, bpm)
    if metre.name == "3/4" and is_hemiola(heard.pulse, frames[metre.downbeats]):
        return _with_beats(heard, _promoted(candidates, bpm * 2 / 3), confidence)
    seconds = frames / heard.frame_rate
    return Rhythm(
        bpm, confidence, stability, (TempoCandidate(bpm, candidates[0].weight), *candidates[1:]),
        seconds, seconds[metre.downbeats], metre.name, metre.confidence * confidence,
    )  # fmt: skip


def _standard(curve: np.ndarray) -> np.ndarray:
    """The curve in units of its deviation; zero stays zero."""
    return curve / max(float(curve.std()), 1e-9)


def _promoted(candidates: tuple[TempoCandidate, ...], bpm: float) -> tuple[TempoCandidate, ...]:
    """The candidates with `bpm` in front, at the weight of the one that was; those that follow keep their order."""
    rest = [c for c in candidates if abs(np.log(c.bpm / bpm)) > 0.06]
    weights = sorted((c.weight for c in candidates), reverse=True)
    chosen = [bpm, *(c.bpm for c in rest)][: len(weights)]
    return tuple(TempoCandidate(float(b), w) for b, w in zip(chosen, weights, strict=False))


def _local_periods(tg: Tempogram, bpm: float, n_frames: int, frame_rate: float) -> np.ndarray:
    """Frames between beats, for every frame: each window's best tempo within 20 % of the whole track's."""
    near = np.flatnonzero(np.abs(np.log(BPM_GRID / bpm)) < 0.2)
    bias = np.exp(-0.5 * (np.log(BPM_GRID[near] / bpm) / 0.08) ** 2)
    best = [near[np.argmax(salience(a, b)[near] * bias)] for a, b in zip(tg.lags, tg.spectrum, strict=True)]
    centres = tg.starts + tg.window / 2
    local = np.interp(np.arange(n_frames), centres, BPM_GRID[best])
    return 60 * frame_rate / local


def _steadiness(frames: np.ndarray, bpm: float, frame_rate: float) -> tuple[float, float]:
    """BPM from the median interval, and stability from how far intervals (of four beats) stray from it."""
    span = min(4, len(frames) - 1)
    intervals = (frames[span:] - frames[:-span]) / span
    measured = 60 * frame_rate / np.median(intervals)
    stray = np.abs(intervals / np.median(intervals) - 1).mean()
    if abs(np.log(measured / bpm)) > REFINEMENT:
        measured = bpm
    return float(np.clip(measured, BPM_MIN, BPM_MAX)), float(np.exp(-15 * max(0.0, stray - 0.005)))
