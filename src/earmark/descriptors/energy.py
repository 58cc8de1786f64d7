"""Energy: how driving the music is to listeners, from 0 (calm) to 1 over time, and in one word.

It is the tagger's tag `TAG`, learnt from listeners' ratings of the Emotify clips (power + joyful activation + tension -
calmness - tenderness - sadness); `value` and the tag are one number. Beside it stands the spectral activity, measured
from the log-mel without a model: how much the spectrum rises from frame to frame (attacks, every band with the same
weight) and its brightness (upper half of the bands less the lowest sixth), weighted by the same ratings. It agrees less
with listeners, and is the energy of tracks whose tagger has no such tag. Neither is loudness: a change of level changes
them little. `benchmarks/energy.py` measures the agreement of both on held-out clips.
"""

from dataclasses import dataclass

import numpy as np

from earmark.audio.earprint import Earprint
from earmark.descriptors.enough import SILENT, is_silent
from earmark.tagger.model import Activations

VERSION = "2"
NEEDS = frozenset({"mel", "activations"})
COLUMNS = {
    "energy": ("number", "value"),
    "energy_level": ("text", "level"),
    "spectral_activity": ("number", "spectral_activity"),
}

TAG = "scale/energy"

SMOOTH_SECONDS = 5  # the curve is a running mean over this
LOW, HIGH = 1 / 3, 2 / 3
VARYING = 0.4  # 10th to 90th percentile of the curve, above which the level is "varying"; hand-set
RISE_MEAN, RISE_STD = 0.165, 0.038  # over the Emotify clips, log-mel units
BRIGHT_MEAN, BRIGHT_STD = -2.116, 0.553
RISE_WEIGHT, BRIGHT_WEIGHT = 0.377, 0.112  # ridge regression on Emotify
SPREAD = 0.434  # standard deviation of the weighted sum over Emotify


@dataclass(frozen=True, slots=True)
class Energy:
    """The energy of a track; None throughout where the track is too short.

    Attributes
    ----------
    level : "low", "medium", "high" or "varying"
    value : of the track, 0 to 1: the tagger's, else the spectral activity
    curve : one value a second, 0 to 1, smoothed over five seconds; 0 in silence
    spectral_activity : of the track, 0 to 1; None in analyses of version 1, whose `value` it was
    """

    level: str | None = None
    value: float | None = None
    curve: tuple[float, ...] = ()
    spectral_activity: float | None = None

    def to_dict(self) -> dict:
        """JSON-ready."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"curve": list(self.curve)}


def estimate(earprint: Earprint, activations: Activations | None = None) -> Energy | None:
    """Energy from the tagger's outputs and the log-mel of the earprint; None without activations."""
    if activations is None:
        return None
    frame_rate = earprint.features.frame_rate
    sounding, activity = measure_activity(earprint.S, frame_rate)
    whole, steps = activations.tag(TAG), activations.tag_over_time(TAG)
    if whole is None or is_silent(earprint.S):
        return _summarise(float(activity.mean()), activity, activity)
    seconds = (np.arange(len(activity)) + 0.5) * len(earprint.S) / frame_rate / len(activity)
    heard = np.where(sounding, np.interp(seconds, activations.times, steps), 0)
    return _summarise(whole, _smooth(heard, SMOOTH_SECONDS), activity)


def from_dict(values: dict) -> Energy:
    """The inverse of ``to_dict()``; raises TypeError or KeyError for other dictionaries."""
    return Energy(**values | {"curve": tuple(values["curve"])})


def line(energy: Energy) -> str:
    """``low (0.18)``."""
    return f"{energy.level} ({energy.value:.2f})"


def measure_activity(S: np.ndarray, frame_rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Spectral activity of each second.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log10(1 + 1e4 * power), at least one frame
    frame_rate : frames a second

    Returns
    -------
    sounding : bool [n_seconds], False for silence
    activity : float64 [n_seconds], 0 to 1, smoothed over five seconds; 0 in silence

    Source: weights by ridge regression on Emotify (Aljanaki, Wiering & Veltkamp 2016).
    """
    rise, bright, sounding = measure_seconds(S, frame_rate)
    total = RISE_WEIGHT * (rise - RISE_MEAN) / RISE_STD + BRIGHT_WEIGHT * (bright - BRIGHT_MEAN) / BRIGHT_STD
    curve = np.where(sounding, 1 / (1 + np.exp(-1.7 * total / SPREAD)), 0)
    return sounding, _smooth(curve, SMOOTH_SECONDS)


def _summarise(value: float, curve: np.ndarray, activity: np.ndarray) -> Energy:
    """The energy of a track from its value, and from energy and spectral activity over time, float [n_seconds]."""
    rounded = tuple(round(float(v), 3) for v in curve)
    return Energy(_name_level(value, curve), round(value, 4), rounded, round(float(activity.mean()), 4))


def _name_level(value: float, curve: np.ndarray) -> str:
    """The word for a track of that mean energy whose energy over time is `curve`, float [n_seconds]."""
    low, high = np.percentile(curve, [10, 90])
    if high - low > VARYING:
        return "varying"
    return "low" if value < LOW else "high" if value > HIGH else "medium"


def measure_seconds(S: np.ndarray, frame_rate: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two features of energy in each second (seconds are stretched a little to fill the track).

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log10(1 + 1e4 * power), at least one frame
    frame_rate : frames a second

    Returns
    -------
    rise : float64 [n_seconds], mean increase from frame to frame
    brightness : float64 [n_seconds], mean of the upper half of the bands less that of the lowest sixth
    sounding : bool [n_seconds], False for silence
    """
    n = max(1, int(len(S) / frame_rate))
    edges = np.linspace(0, len(S), n + 1).astype(int)
    rise = np.zeros(len(S), np.float32)
    step = np.subtract(S[1:], S[:-1])
    rise[1:] = np.maximum(step, 0, out=step).mean(axis=1)
    bands = S.shape[1]
    bright = S[:, bands // 2 :].mean(axis=1) - S[:, : bands // 6].mean(axis=1)
    values = np.stack([rise, bright, S.max(axis=1)], axis=1)
    means = np.add.reduceat(values, edges[:-1], axis=0) / np.diff(edges)[:, None]
    return means[:, 0], means[:, 1], means[:, 2] > SILENT


def _smooth(x: np.ndarray, n: int) -> np.ndarray:
    """Centred running mean over n values, over fewer at the ends: float64 of the same length."""
    kernel = np.ones(min(n, len(x)))
    return np.convolve(x, kernel, "same") / np.convolve(np.ones(len(x)), kernel, "same")
