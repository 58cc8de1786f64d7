"""Augmentation of spectrograms: gain, SpecAugment, mixup. Each changes what a label does not depend on."""

from dataclasses import dataclass

import numpy as np

from earmark.audio.config import Compression
from earmark.errors import ConfigError


@dataclass(frozen=True)
class Augmentation:
    """How strongly the training clips are changed; zeros change nothing.

    Attributes
    ----------
    gain_db : each clip is made louder or softer by up to this much
    time_masks, time_width : SpecAugment, number and greatest length (seconds) of erased stretches
    band_masks, band_width : number and greatest width (mel bands) of erased bands
    mixup : alpha of the Beta distribution from which the shares of two mixed clips are drawn
    """

    gain_db: float = 0.0
    time_masks: int = 0
    time_width: float = 0.5
    band_masks: int = 0
    band_width: int = 8
    mixup: float = 0.0

    def __post_init__(self) -> None:
        for name in ("gain_db", "time_masks", "time_width", "band_masks", "band_width", "mixup"):
            if getattr(self, name) < 0:
                raise ConfigError(f"augment.{name}", "a negative number", "Give 0 to switch it off, or more.")


def augment(
    x: np.ndarray,
    y: np.ndarray,
    how: Augmentation,
    rng: np.random.Generator,
    frame_rate: float,
    compression: Compression,
) -> tuple[np.ndarray, np.ndarray]:
    """Change a batch.

    Parameters
    ----------
    x : float32 [batch, frames, n_mels]; not changed in place
    y : float32 [batch, n_targets]
    frame_rate : frames a second
    compression : of `x`

    Returns
    -------
    The new x and y; only mixup changes y.
    """
    if how.gain_db:
        db = rng.uniform(-how.gain_db, how.gain_db, (len(x), 1, 1))
        x = amplify(x, db, compression)
    if how.time_masks or how.band_masks:
        x = mask(x, how, rng, frame_rate)
    if how.mixup:
        x, y = mix(x, y, how.mixup, rng)
    return x, y


def amplify(x: np.ndarray, db: np.ndarray | float, compression: Compression) -> np.ndarray:
    """The spectrograms x [..., frames, n_mels] of the same sound `db` decibels louder."""
    factor = np.float32(10.0) ** (np.asarray(db, np.float32) / 10)
    if compression == "ln_floor_1e-6":
        return np.maximum(x + np.log(factor), np.float32(np.log(1e-6)))
    return np.log10(1 + factor * (np.float32(10.0) ** x - 1))


def mask(x: np.ndarray, how: Augmentation, rng: np.random.Generator, frame_rate: float) -> np.ndarray:
    """Replace random stretches and bands of each clip x [batch, frames, n_mels] by the clip's own mean.

    Source: Park et al., "SpecAugment" (2019), without time warping.
    """
    x = x.copy()
    frames, bands = x.shape[1:]
    longest = min(int(how.time_width * frame_rate), frames // 2)
    for clip in x:
        fill = clip.mean()
        for _ in range(how.time_masks):
            start, stop = _stretch(frames, longest, rng)
            clip[start:stop] = fill
        for _ in range(how.band_masks):
            start, stop = _stretch(bands, min(how.band_width, bands // 2), rng)
            clip[:, start:stop] = fill
    return x


def _stretch(length: int, longest: int, rng: np.random.Generator) -> tuple[int, int]:
    width = int(rng.integers(0, longest + 1))
    start = int(rng.integers(0, length - width + 1))
    return start, start + width


def mix(x: np.ndarray, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Blend each clip with another of the batch, targets in the same shares.

    Parameters
    ----------
    x : float32 [batch, frames, n_mels]
    y : float32 [batch, n_targets]
    alpha : of the Beta distribution of the shares

    Source: Zhang et al., "mixup" (2018).
    """
    share = rng.beta(alpha, alpha, (len(x), 1)).astype(np.float32)
    share = np.maximum(share, 1 - share)  # the first clip stays the louder one
    other = rng.permutation(len(x))
    mixed = share[..., None] * x + (1 - share[..., None]) * x[other]
    return mixed, share * y + (1 - share) * y[other]
