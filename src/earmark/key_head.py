"""The key head: tuned chroma -> one logit a key, the same rule for all twelve tonics."""

import numpy as np

# Hand-set first version: how much each degree of the scale speaks for major and for minor.
MAJOR = (1.0, 0.1, 0.45, 0.12, 0.6, 0.4, 0.1, 0.8, 0.15, 0.4, 0.2, 0.3)
MINOR = (1.0, 0.15, 0.4, 0.5, 0.1, 0.4, 0.1, 0.75, 0.3, 0.15, 0.4, 0.25)
SHARPNESS = 12.0


def key_logits(P: np.ndarray) -> np.ndarray:
    """Logits of the 24 keys, float64 [24], major first; P float32 [n_steps, n_octaves, 12] from `semitones`."""
    rows = np.sqrt(P[:, :4].sum(axis=1, dtype=np.float64))
    mean = (rows / np.maximum(rows.max(axis=1, keepdims=True), 1e-9)).mean(axis=0)
    mean = mean - mean.mean()
    mean /= max(np.linalg.norm(mean), 1e-9)
    logits = [np.dot(np.roll(_unit(profile), k), mean) for profile in (MAJOR, MINOR) for k in range(12)]
    return SHARPNESS * np.array(logits)


def _unit(profile: tuple[float, ...]) -> np.ndarray:
    values = np.array(profile) - np.mean(profile)
    return values / np.linalg.norm(values)
