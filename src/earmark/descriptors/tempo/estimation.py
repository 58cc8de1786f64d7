"""The way from a spectrogram to a `Rhythm`: onsets, tempogram, candidates, beats, bars."""

from dataclasses import dataclass, field

import numpy as np

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.descriptors.tempo.beats import track_beats
from earmark.descriptors.tempo.candidates import TempoCandidate, combine, find_candidates, promoted
from earmark.descriptors.tempo.confidence import confidence_of
from earmark.descriptors.tempo.head import activations
from earmark.descriptors.tempo.metre import estimate_metre, is_hemiola
from earmark.descriptors.tempo.onsets import onset_strength
from earmark.descriptors.tempo.tempogram import (
    BPM_GRID,
    BPM_MAX,
    BPM_MIN,
    Tempogram,
    averages,
    possible,
    salience,
    tempogram,
)
from earmark.errors import AudioError

MIN_SECONDS = 3.0  # shorter sound has no tempo
MIN_BEATS = 5
LEVEL, MAX_GAIN = 4.5, 2.0  # loudness (log-mel) that quiet tracks are raised to, by 100 times the power at most
REFINEMENT = 0.015  # how far (log) the beats may move the tempogram's tempo; beyond it they wandered
MIN_CONFIDENCE = 0.003  # below it there is no pulse
QUIET = 0.005  # deviation of the pulse curve below which nothing ever starts
PARTS = (slice(0, 1), slice(1, 3), slice(3, 6))  # bass, middle, treble among the onset bands


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
    corrected : True where tempo or metre is the user's word and not the estimate
    """

    bpm: float | None = None
    confidence: float = 0.0
    stability: float = 0.0
    candidates: tuple[TempoCandidate, ...] = ()
    beats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    downbeats: np.ndarray = field(default_factory=lambda: np.zeros(0))
    metre: str | None = None
    metre_confidence: float = 0.0
    corrected: bool = False

    def to_dict(self) -> dict:
        """The ``tempo`` of the JSON object; ``corrected`` stands there only where it is so."""
        values = {
            "bpm": None if self.bpm is None else round(self.bpm, 2),
            "confidence": round(self.confidence, 3),
            "stability": round(self.stability, 3),
            "candidates": [{"bpm": round(c.bpm, 2), "weight": round(c.weight, 3)} for c in self.candidates],
            "beats": np.round(self.beats, 3).tolist(),
            "downbeats": np.round(self.downbeats, 3).tolist(),
            "metre": self.metre,
            "metre_confidence": round(self.metre_confidence, 3),
        }
        return values | {"corrected": True} if self.corrected else values

    @classmethod
    def from_dict(cls, values: dict) -> "Rhythm":
        """Read what `to_dict` gave; raises TypeError or KeyError where it is something else."""
        candidates = tuple(TempoCandidate(**candidate) for candidate in values["candidates"])
        times = {name: np.array(values[name], np.float64) for name in ("beats", "downbeats")}
        return cls(**values | {"candidates": candidates} | times)


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
    S = _raised(S, cfg)
    onsets = onset_strength(S, cfg.frame_rate)
    if onsets.sum(axis=1).std() < QUIET:
        return Rhythm()
    heard = _hear(S, onsets, cfg)
    candidates = find_candidates(combine(*_evidence(heard)))
    if not candidates:
        return Rhythm()
    confidence = confidence_of(candidates[0].bpm, heard.tg, onsets, cfg.frame_rate)
    if confidence < MIN_CONFIDENCE:
        return Rhythm(confidence=confidence)
    return _with_beats(heard, candidates, confidence)


def tempo_evidence(S: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES) -> tuple[np.ndarray, np.ndarray]:
    """What onsets and network say about each tempo of BPM_GRID, for benchmarks that weigh it anew with `combine`."""
    S = _raised(S, cfg)
    return _evidence(_hear(S, onset_strength(S, cfg.frame_rate), cfg))


def _check(S: np.ndarray, cfg: FeatureConfig) -> None:
    if S.ndim != 2 or S.shape[1] != cfg.n_mels:
        raise AudioError("spectrogram", f"expected [n_frames, {cfg.n_mels}], got shape {S.shape}", "Use log_mel.")
    if not np.isfinite(S).all():
        raise AudioError("spectrogram", "NaN or infinite values", "Compute it again from the audio.")


def _raised(S: np.ndarray, cfg: FeatureConfig) -> np.ndarray:
    """A quiet track as if it had been recorded louder: log10(1 + 1e4 p) would hide most of its onsets."""
    if cfg.compression != "log10_1p_1e4":
        return S
    loud = float(np.percentile(S.max(axis=1), 99.7))
    if loud >= LEVEL:
        return S
    gain = np.float32(10 ** min(LEVEL - loud, MAX_GAIN))
    return np.log10(1 + (np.float32(10) ** S - 1) * gain)


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


def _evidence(heard: _Heard) -> tuple[np.ndarray, np.ndarray]:
    """What onsets and network say about each tempo of the grid: float [n_tempi] both, at most 1.

    Half of the onsets' evidence is the whole pulse, half its bass, middle and treble. The network's is how well its
    beats repeat, where the onsets allow that tempo at all.
    """
    lags, spectrum = averages(heard.tg)
    parts = [averages(tempogram(heard.onsets[:, part].sum(axis=1), heard.frame_rate)) for part in PARTS]
    lags = 0.5 * lags + 0.5 * np.mean([part[0] for part in parts], axis=0)
    spectrum = 0.5 * spectrum + 0.5 * np.mean([part[1] for part in parts], axis=0)
    beats = np.maximum(averages(tempogram(heard.beat, heard.frame_rate))[0], 0).mean(axis=0)
    return _to_one(salience(lags, spectrum)), _to_one(beats) * possible(lags, spectrum)


def _to_one(curve: np.ndarray) -> np.ndarray:
    return curve / (curve.max() + 1e-9)


def _with_beats(heard: _Heard, candidates: tuple[TempoCandidate, ...], confidence: float) -> Rhythm:
    """Beats at the first candidate's tempo, the tempo measured again from them, bars."""
    periods = _local_periods(heard.tg, candidates[0].bpm, len(heard.pulse), heard.frame_rate)
    frames = track_beats(_standard(heard.pulse) + _standard(heard.beat), periods)
    if len(frames) < MIN_BEATS:
        return Rhythm()
    bpm, stability = _steadiness(frames, candidates[0].bpm, heard.frame_rate)
    metre = estimate_metre(heard.S, heard.onsets, heard.downbeat, frames, bpm)
    if metre.name == "3/4" and is_hemiola(heard.pulse, frames[metre.downbeats]):
        return _with_beats(heard, promoted(candidates, bpm * 2 / 3), confidence)
    seconds = frames / heard.frame_rate
    return Rhythm(
        bpm, confidence, stability, (TempoCandidate(bpm, candidates[0].weight), *candidates[1:]),
        seconds, seconds[metre.downbeats], metre.name, float(metre.confidence * confidence),
    )  # fmt: skip


def _standard(curve: np.ndarray) -> np.ndarray:
    """The curve in units of its deviation; zero stays zero."""
    return curve / max(float(curve.std()), 1e-9)


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
