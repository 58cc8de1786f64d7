"""Which of a tempo, its double and its half do listeners tap? Evidence of drums and bass, weighed by a few numbers.

The periodicity of onsets tells a tempo but hardly its octave: drum and bass at 174 BPM has all of its strokes at 87 BPM
too. What tells them apart are the parts: how long the shortest notes last in beats, how often the bass moves, whether
the treble plays sixteenths, whether kick and snare take turns from beat to beat and whether they fall on dotted notes.
"""

from dataclasses import dataclass

import numpy as np

from earmark.descriptors.tempo.candidates import TempoSettings, combine
from earmark.descriptors.tempo.modulation import Modulation, compute_modulation
from earmark.descriptors.tempo.onsets import scale_bands
from earmark.descriptors.tempo.tempogram import BPM_GRID

SLOWEST, FASTEST = 40.0, 208.0  # BPM, the scale of a metronome: to what else a tempo may be moved
FAINT = 0.001  # added to shares of the tempogram before the logarithm
PROMINENT = 0.6  # deviations above the mean, from which a maximum of the flux is a note
SHORT = 0.35  # beats that a short note lasts at most
DIVIDED = 0.75, 0.2  # beats and share: only where so many notes last less is anything heard between the beats
HEARD = 0.1  # share of the tempogram: only where half of a tempo has so much do beats go by twos
BASS_BANDS = (1, 10)  # 60 to 320 Hz
BASS_SMOOTHING, BASS_LAG = 7, 6  # frames: the level of 0.1 s is compared with that of 0.2 s later
WEIGHTS = {
    "tapped": 1.55, "periodic": -1.11, "short": -4.59, "swell": 1.35,
    "bass": 0.40, "treble": 1.04, "turns": 0.68, "dotted": 1.46,
}  # fmt: skip
"""Fitted by `earmark_research.tempo.octave`, see docs/rhythm.md. periodic against tapped: the prior counts for less."""
TRUST = (0.381, 0.622, 1.368)  # of the odds of the octave, of the logarithm of confidence, and a constant
EVEN = TempoSettings(prior_octaves=np.inf)  # no tempo is preferred
CERTAIN = 0.999  # the most that the odds may say


@dataclass(frozen=True)
class OctaveEvidence:
    """What the octave of a track's tempo is judged by.

    Attributes
    ----------
    tapped, periodic : float [n_tempi] on BPM_GRID, at most 1; how likely a tempo is tapped, with and without the prior
    gaps : float [n_notes - 1], seconds between successive notes
    swell : of the change of level in the bass
    bass, treble, kick, snare : of onsets in these parts
    turns, all_drums : of kick less snare, and of kick, snare and hat together
    """

    tapped: np.ndarray
    periodic: np.ndarray
    gaps: np.ndarray
    swell: Modulation
    bass: Modulation
    treble: Modulation
    kick: Modulation
    snare: Modulation
    turns: Modulation
    all_drums: Modulation

    def features(self, bpm: float) -> dict[str, float]:
        """What speaks for one tempo: name in WEIGHTS -> number."""
        return {
            "tapped": float(np.log(self._share(self.tapped, bpm) + FAINT)),
            "periodic": float(np.log(self._share(self.periodic, bpm) + FAINT)),
            "short": self._share_below(SHORT * 60 / bpm),
            "swell": self.swell.level(2 * bpm),
            "bass": self.bass.level(2 * bpm),
            "treble": self.treble.level(4 * bpm),
            "turns": self.turns.level(bpm / 2) - self.all_drums.level(bpm / 2),
            "dotted": (self.kick.level(1.5 * bpm) + self.snare.level(1.5 * bpm)) / 2,
        }

    def octaves(self, bpm: float) -> list[float]:
        """A tempo and, as far as they can be tapped, its double and its half, BPM."""
        beats, share = DIVIDED
        is_divided = self._share_below(beats * 60 / bpm) >= share
        is_grouped = self._share(self.periodic, bpm / 2) >= HEARD
        others = [2 * bpm] * is_divided + [bpm / 2] * is_grouped
        return [bpm, *(other for other in others if SLOWEST <= other <= FASTEST)]

    def _share_below(self, seconds: float) -> float:
        """Share of notes that last so long at most."""
        return float((self.gaps <= seconds).mean()) if len(self.gaps) else 0.0

    @staticmethod
    def _share(curve: np.ndarray, bpm: float) -> float:
        return float(np.interp(np.log(bpm), np.log(BPM_GRID), curve))


def gather_evidence(
    S: np.ndarray, strokes: dict[str, np.ndarray], onsets: np.ndarray, beats: np.ndarray, frame_rate: float
) -> OctaveEvidence:
    """All that `judge_octaves` reads.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel
    strokes : by `onsets.measure_onsets`
    onsets, beats : float [n_tempi], evidence of onsets and network for each tempo, as for `candidates.combine`
    frame_rate : frames a second
    """
    kick, snare, hat = (_standardise(strokes[name]) for name in ("kick", "snare", "hat"))
    parts = [strokes[name] for name in ("bass", "treble", "kick", "snare")]
    curves = (_measure_bass_changes(S), *parts, kick - snare, kick + snare + hat)
    modulations = [compute_modulation(curve, frame_rate) for curve in curves]
    tapped, periodic = combine(onsets, beats), combine(onsets, beats, EVEN)
    gaps = _measure_gaps(strokes["whole"], frame_rate)
    return OctaveEvidence(tapped / tapped.max(), periodic / periodic.max(), gaps, *modulations)


def _standardise(curve: np.ndarray) -> np.ndarray:
    """The curve with mean 0 and standard deviation 1; a constant becomes zero."""
    return (curve - curve.mean()) / (curve.std() + 1e-9)


def _measure_bass_changes(S: np.ndarray) -> np.ndarray:
    """Mean absolute change of level in the bands of the bass: float32 [n_frames]."""
    from scipy.ndimage import uniform_filter1d

    low, high = scale_bands(*BASS_BANDS, S.shape[1])
    level = uniform_filter1d(S[:, low:high], BASS_SMOOTHING, axis=0, mode="nearest")
    change = np.zeros(len(S), np.float32)
    change[BASS_LAG:-BASS_LAG] = np.abs(level[2 * BASS_LAG :] - level[: -2 * BASS_LAG]).mean(axis=1)
    return change


def _measure_gaps(flux: np.ndarray, frame_rate: float) -> np.ndarray:
    """Seconds between successive maxima of a flux [n_frames] that stand out."""
    inner = flux[1:-1]
    threshold = flux.mean() + PROMINENT * flux.std()
    notes = np.flatnonzero((inner > flux[:-2]) & (inner >= flux[2:]) & (inner > threshold))
    return np.diff(notes) / frame_rate


def judge_octaves(evidence: OctaveEvidence, tempi: list[float]) -> np.ndarray:
    """How probable each tempo is, if one of them is right: float [n_tempi], sums to 1."""
    rows = [evidence.features(bpm) for bpm in tempi]
    weighed = np.array([sum(WEIGHTS[name] * value for name, value in row.items()) for row in rows])
    odds = np.exp(weighed - weighed.max())
    return odds / odds.sum()


def calibrate(probability: float, confidence: float) -> float:
    """How probable the tempo is right, octave included: 0 to 1, rising in both.

    Parameters
    ----------
    probability : of the chosen octave among the octaves
    confidence : how clear the pulse is
    """
    p = np.clip(probability, 1 - CERTAIN, CERTAIN)
    odds, clear, constant = TRUST
    return float(1 / (1 + np.exp(-(odds * np.log(p / (1 - p)) + clear * np.log(confidence + 0.02) + constant))))
