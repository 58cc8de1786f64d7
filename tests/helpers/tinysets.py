"""Spectrograms with an answer in them, for training tests that take a second."""

import numpy as np

from earmark.audio.config import FeatureConfig

FEATURES = FeatureConfig(n_mels=16)


def bright_and_dark(n: int = 24, frames: int = 64, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """Noise with energy in the upper half of the bands (class 1) or the lower (class 0).

    Returns spectrograms float32 [frames + 0..9, 16] and one-hot targets float32 [n, 2].
    """
    rng = np.random.default_rng(seed)
    index = np.arange(n) % 2
    spectrograms = []
    for k in index:
        S = rng.random((frames + int(rng.integers(0, 10)), 16)).astype(np.float32)
        S[:, 8 * k : 8 * k + 8] += 1.0
        spectrograms.append(S)
    return spectrograms, np.eye(2, dtype=np.float32)[index]
