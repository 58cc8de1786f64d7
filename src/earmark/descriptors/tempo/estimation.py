"""The way from a spectrogram to a `Rhythm`: onsets, tempogram, candidates, beats, bars."""

from dataclasses import dataclass, replace

import numpy as np

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.descriptors.tempo.beats import track_beats
from earmark.descriptors.tempo.candidates import TempoCandidate, combine, find_candidates, promote, rank_octaves
from earmark.descriptors.tempo.confidence import estimate_confidence
from earmark.descriptors.tempo.head import predict_beats
from earmark.descriptors.tempo.metre import estimate_metre, is_hemiola
from earmark.descriptors.tempo.octave import OctaveEvidence, calibrate, gather_evidence, judge_octaves
from earmark.descriptors.tempo.onsets import measure_onsets
from earmark.descriptors.tempo.rhythm import Rhythm
from earmark.descriptors.tempo.tempogram import (
    BPM_GRID,
    BPM_MAX,
    BPM_MIN,
    Tempogram,
    compute_salience,
    compute_tempogram,
    weigh_octaves,
)
from earmark.errors import AudioError

MIN_SECONDS = 3.0  # shorter sound has no tempo
MIN_BEATS = 5
LEVEL, MAX_GAIN = 4.5, 2.0  # level (log-mel) that quiet tracks are raised to, by 100 times the power at most
REFINEMENT = 0.015  # how far (log) the beats may move the tempogram's tempo; beyond it the tempogram's is kept
MIN_CONFIDENCE = 0.003  # below it there is no pulse
QUIET = 0.005  # standard deviation of the pulse curve, below which there are no onsets
THREES, SURE_THREE = ("3/4", "6/8"), 0.15  # metres, and their confidence, whose octave is kept: they have no backbeat
BANDS = (slice(0, 1), slice(1, 3), slice(3, 6))  # bass, middle, treble among the onset bands


def estimate_rhythm(S: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES) -> Rhythm:
    """Tempo, beats and metre of one track.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel of `cfg`; one restored from 8 bits is good enough
    cfg : the front end; with another than the default one the onsets alone are used, without the network

    Returns
    -------
    Rhythm; `bpm` is None where there is no pulse, and for less than three seconds.

    Raises
    ------
    AudioError : S is not a finite matrix of n_mels columns
    """
    curves, rhythm, evidence = _listen(S, cfg)
    return rhythm if evidence is None else _settle_octave(curves, rhythm, evidence)


def measure_octave_evidence(
    S: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES
) -> tuple[Rhythm, OctaveEvidence | None]:
    """The rhythm before its octave is judged, and what it is judged by; benchmarks weigh that anew.

    The evidence is None where there is no pulse. Parameters and errors are those of `estimate_rhythm`.
    """
    return _listen(S, cfg)[1:]


def _listen(S: np.ndarray, cfg: FeatureConfig) -> tuple["_Curves | None", Rhythm, OctaveEvidence | None]:
    """Everything but the octave; curves and evidence are None where there is no pulse."""
    _check(S, cfg)
    if len(S) < MIN_SECONDS * cfg.frame_rate:
        return None, Rhythm(), None
    S = _raise_level(S, cfg)
    onsets, strokes = measure_onsets(S, cfg.frame_rate)
    if onsets.sum(axis=1).std() < QUIET:
        return None, Rhythm(), None
    curves = _compute_curves(S, onsets, cfg)
    tempi = _weigh_tempi(curves)
    rhythm = _find_rhythm(curves, find_candidates(combine(*tempi)))
    if rhythm.bpm is None:
        return None, rhythm, None
    return curves, rhythm, gather_evidence(S, strokes, *tempi, cfg.frame_rate)


def _find_rhythm(curves: "_Curves", candidates: tuple[TempoCandidate, ...]) -> Rhythm:
    """The rhythm at the first candidate's tempo, where its pulse is clear enough."""
    if not candidates:
        return Rhythm()
    confidence = estimate_confidence(candidates[0].bpm, curves.tempogram, curves.onsets, curves.frame_rate)
    if confidence < MIN_CONFIDENCE:
        return Rhythm(confidence=confidence)
    return _track_rhythm(curves, candidates, confidence)


def measure_tempo_evidence(S: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES) -> tuple[np.ndarray, np.ndarray]:
    """The evidence of onsets and network for each tempo of BPM_GRID; benchmarks weigh it anew with `combine`.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel of `cfg`

    Returns
    -------
    float [n_tempi] both, 0 to 1; that of the network is zero for another front end than the default one
    """
    S = _raise_level(S, cfg)
    return _weigh_tempi(_compute_curves(S, measure_onsets(S, cfg.frame_rate)[0], cfg))


def _check(S: np.ndarray, cfg: FeatureConfig) -> None:
    """Raise AudioError unless S is a finite matrix of n_mels columns."""
    if S.ndim != 2 or S.shape[1] != cfg.n_mels:
        raise AudioError("spectrogram", f"expected [n_frames, {cfg.n_mels}], got shape {S.shape}", "Use log_mel.")
    if not np.isfinite(S).all():
        raise AudioError("spectrogram", "NaN or infinite values", "Compute it again from the audio.")


def _raise_level(S: np.ndarray, cfg: FeatureConfig) -> np.ndarray:
    """A quiet track as if it had been recorded louder: log10(1 + 1e4 p) would hide most of its onsets."""
    if cfg.compression != "log10_1p_1e4":
        return S
    level = float(np.percentile(S.max(axis=1), 99.7))
    if level >= LEVEL:
        return S
    gain = np.float32(10 ** min(LEVEL - level, MAX_GAIN))
    return np.log10(1 + (np.float32(10) ** S - 1) * gain)


@dataclass(frozen=True)
class _Curves:
    """The curves over time that all further steps use.

    Attributes
    ----------
    S : float32 [n_frames, n_mels], log-mel
    onsets : float32 [n_frames, 6]
    pulse : float32 [n_frames], sum of `onsets` over bands
    beat, downbeat : float32 [n_frames], probabilities by the network; zero without it
    tempogram : of `pulse`
    frame_rate : frames a second
    """

    S: np.ndarray
    onsets: np.ndarray
    pulse: np.ndarray
    beat: np.ndarray
    downbeat: np.ndarray
    tempogram: Tempogram
    frame_rate: float


def _compute_curves(S: np.ndarray, onsets: np.ndarray, cfg: FeatureConfig) -> _Curves:
    """All curves; the network is run only on the front end that it was trained on."""
    pulse = onsets.sum(axis=1)
    beats = predict_beats(S) if cfg == DEFAULT_FEATURES else np.zeros((len(S), 2), np.float32)
    tempogram = compute_tempogram(pulse, cfg.frame_rate)
    return _Curves(S, onsets, pulse, beats[:, 0], beats[:, 1], tempogram, cfg.frame_rate)


def _weigh_tempi(curves: _Curves) -> tuple[np.ndarray, np.ndarray]:
    """The evidence of onsets and network for each tempo of the grid: float [n_tempi] both, at most 1.

    Half of the onsets' evidence is that of all bands together, half that of bass, middle and treble. The network's is
    the periodicity of its beats, where the onsets allow that tempo at all.
    """
    lags, spectrum = curves.tempogram.average()
    parts = [_average_tempogram(curves.onsets[:, part].sum(axis=1), curves.frame_rate) for part in BANDS]
    lags = 0.5 * lags + 0.5 * np.mean([part[0] for part in parts], axis=0)
    spectrum = 0.5 * spectrum + 0.5 * np.mean([part[1] for part in parts], axis=0)
    beats = np.maximum(_average_tempogram(curves.beat, curves.frame_rate)[0], 0).mean(axis=0)
    return _normalise(compute_salience(lags, spectrum)), _normalise(beats) * weigh_octaves(lags, spectrum)


def _average_tempogram(curve: np.ndarray, frame_rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Autocorrelation [4, n_tempi] and spectrum [5, n_tempi] of a curve [n_frames], averaged over its windows."""
    return compute_tempogram(curve, frame_rate).average()


def _normalise(curve: np.ndarray) -> np.ndarray:
    """The curve with a maximum of 1; zero stays zero."""
    return curve / (curve.max() + 1e-9)


def _track_rhythm(curves: _Curves, candidates: tuple[TempoCandidate, ...], confidence: float) -> Rhythm:
    """Beats at the first candidate's tempo, the tempo measured again from them, bars; no Rhythm for too few beats."""
    rhythm = _track_tempo(curves, candidates, confidence)
    if rhythm.metre == "3/4" and is_hemiola(curves.pulse, rhythm.downbeats * curves.frame_rate):
        return _track_rhythm(curves, promote(candidates, rhythm.bpm * 2 / 3), confidence)
    return rhythm


def _track_tempo(curves: _Curves, candidates: tuple[TempoCandidate, ...], confidence: float) -> Rhythm:
    """The same without a second look at bars of three."""
    periods = _estimate_periods(curves.tempogram, candidates[0].bpm, len(curves.pulse), curves.frame_rate)
    frames = track_beats(_standardise(curves.pulse) + _standardise(curves.beat), periods)
    if len(frames) < MIN_BEATS:
        return Rhythm()
    bpm, stability = _measure_tempo(frames, candidates[0].bpm, curves.frame_rate)
    metre = estimate_metre(curves.S, curves.onsets, curves.downbeat, frames, bpm)
    seconds = frames / curves.frame_rate
    return Rhythm(
        bpm, confidence, stability, 0.0, (TempoCandidate(bpm, candidates[0].weight), *candidates[1:]),
        seconds, seconds[metre.downbeats], metre.name, float(metre.confidence * confidence),
    )  # fmt: skip


def keeps_octave(rhythm: Rhythm) -> bool:
    """Whether the metre rules out the octaves: what goes by threes has neither a double nor a half."""
    return rhythm.metre in THREES and rhythm.metre_confidence >= SURE_THREE


def _settle_octave(curves: _Curves, rhythm: Rhythm, evidence: OctaveEvidence) -> Rhythm:
    """The rhythm at the octave for which drums and bass speak, tracked anew where that is another one."""
    tempi = evidence.octaves(rhythm.bpm)
    shares = judge_octaves(evidence, tempi)
    best = 0 if keeps_octave(rhythm) else int(shares.argmax())
    candidates = rank_octaves(rhythm.candidates, tempi, shares, best)
    sure = calibrate(float(shares[best]), rhythm.confidence)
    if best == 0:
        return replace(rhythm, octave_confidence=sure, candidates=candidates)
    moved = _track_tempo(curves, candidates, rhythm.confidence)
    return rhythm if moved.bpm is None else replace(moved, octave_confidence=sure)


def _standardise(curve: np.ndarray) -> np.ndarray:
    """The curve in units of its standard deviation; zero stays zero."""
    return curve / max(float(curve.std()), 1e-9)


def _estimate_periods(tempogram: Tempogram, bpm: float, n_frames: int, frame_rate: float) -> np.ndarray:
    """Frames between beats, float [n_frames]: each window's best tempo within 20 % of the whole track's."""
    near = np.flatnonzero(np.abs(np.log(BPM_GRID / bpm)) < 0.2)
    bias = np.exp(-0.5 * (np.log(BPM_GRID[near] / bpm) / 0.08) ** 2)
    windows = zip(tempogram.lags, tempogram.spectrum, strict=True)
    best = [near[np.argmax(compute_salience(lags, spectrum)[near] * bias)] for lags, spectrum in windows]
    centres = tempogram.starts + tempogram.window / 2
    local = np.interp(np.arange(n_frames), centres, BPM_GRID[best])
    return 60 * frame_rate / local


def _measure_tempo(frames: np.ndarray, bpm: float, frame_rate: float) -> tuple[float, float]:
    """BPM from the median interval of the beats, and stability from the intervals' deviation from it.

    Intervals span four beats. `bpm`, the tempogram's, is kept where the beats' differs by more than REFINEMENT.
    """
    span = min(4, len(frames) - 1)
    intervals = (frames[span:] - frames[:-span]) / span
    measured = 60 * frame_rate / np.median(intervals)
    deviation = np.abs(intervals / np.median(intervals) - 1).mean()
    if abs(np.log(measured / bpm)) > REFINEMENT:
        measured = bpm
    return float(np.clip(measured, BPM_MIN, BPM_MAX)), float(np.exp(-15 * max(0.0, deviation - 0.005)))
