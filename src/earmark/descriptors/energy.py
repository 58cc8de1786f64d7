"""Energy: how driving the music is, from 0 to 1 over time, and in one word.

Two things are read from the log-mel: how much the spectrum rises from frame to frame (attacks, in every band alike),
and how bright it is (upper half of the bands against the lowest sixth). They are joined with weights fitted to what
listeners said of the 320 Emotify clips (power + joyful activation + tension - calmness - tenderness - sadness). The
value is about the share of those clips that have less energy: a third are below 1/3. It is no loudness: turning a
track up or down changes it little. `benchmarks/energy.py` gives the agreement with listeners, held out.
"""

from dataclasses import asdict, dataclass

import numpy as np

from earmark.audio.earprint import Earprint
from earmark.tagger.model import Activations

VERSION = "1"
NEEDS = frozenset({"mel"})
COLUMNS = {"energy": ("number", "value"), "energy_level": ("text", "level")}

SMOOTH_SECONDS = 5  # the curve is a running mean over this
LOW, HIGH = 1 / 3, 2 / 3
VARYING = 0.4  # 10th to 90th percentile of the curve, above which one word does not do; hand-set
RISE_MEAN, RISE_STD = 0.165, 0.038  # of the Emotify clips
BRIGHT_MEAN, BRIGHT_STD = -2.116, 0.553
RISE_WEIGHT, BRIGHT_WEIGHT = 0.377, 0.112  # ridge regression on Emotify
SPREAD = 0.434  # standard deviation of the weighted sum over Emotify


@dataclass(frozen=True, slots=True)
class Energy:
    """The energy of a track.

    Attributes
    ----------
    level : "low", "medium", "high" or "varying"
    value : mean of the curve, 0 to 1
    curve : one value a second, 0 to 1, smoothed over five seconds
    """

    level: str
    value: float
    curve: tuple[float, ...]

    def to_dict(self) -> dict:
        """JSON-ready."""
        return asdict(self) | {"curve": list(self.curve)}


def estimate(earprint: Earprint, activations: Activations | None = None) -> Energy:
    """Energy from the log-mel."""
    return estimate_energy(earprint.S, earprint.features.frame_rate)


def from_dict(values: dict) -> Energy:
    """Read what ``to_dict()`` gave; raises TypeError or KeyError where it is something else."""
    return Energy(**values | {"curve": tuple(values["curve"])})


def line(energy: Energy) -> str:
    """``low (0.18)``."""
    return f"{energy.level} ({energy.value:.2f})"


def estimate_energy(S: np.ndarray, frame_rate: float) -> Energy:
    """Energy from the log-mel.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log10(1 + 1e4 * power)
    frame_rate : frames a second

    Returns
    -------
    Energy; silence is low with value 0.
    """
    rise, bright, sounding = _by_second(S, frame_rate)
    total = RISE_WEIGHT * (rise - RISE_MEAN) / RISE_STD + BRIGHT_WEIGHT * (bright - BRIGHT_MEAN) / BRIGHT_STD
    curve = np.where(sounding, 1 / (1 + np.exp(-1.7 * total / SPREAD)), 0)
    curve = _running_mean(curve, SMOOTH_SECONDS)
    value = float(curve.mean())
    return Energy(_level(value, curve), round(value, 3), tuple(round(float(v), 3) for v in curve))


def _level(value: float, curve: np.ndarray) -> str:
    low, high = np.percentile(curve, [10, 90])
    if high - low > VARYING:
        return "varying"
    return "low" if value < LOW else "high" if value > HIGH else "medium"


def _by_second(S: np.ndarray, frame_rate: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean rise, brightness, and whether anything sounds, of each second (the last may be longer)."""
    n = max(1, int(len(S) / frame_rate))
    edges = np.linspace(0, len(S), n + 1).astype(int)
    rise = np.zeros(len(S), np.float32)
    step = np.subtract(S[1:], S[:-1])
    rise[1:] = np.maximum(step, 0, out=step).mean(axis=1)
    bands = S.shape[1]
    bright = S[:, bands // 2 :].mean(axis=1) - S[:, : bands // 6].mean(axis=1)
    values = np.stack([rise, bright, S.max(axis=1)], axis=1)
    means = np.add.reduceat(values, edges[:-1], axis=0) / np.diff(edges)[:, None]
    return means[:, 0], means[:, 1], means[:, 2] > 0.1


def _running_mean(x: np.ndarray, n: int) -> np.ndarray:
    """Centred mean over n values, over fewer at the ends."""
    kernel = np.ones(min(n, len(x)))
    return np.convolve(x, kernel, "same") / np.convolve(np.ones(len(x)), kernel, "same")
