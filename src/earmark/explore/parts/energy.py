"""Energy: how driving the music is to listeners, its loudness, how far that ranges, and how much the spectrum moves."""

import numpy as np

from earmark.explore.parts.tagged import nearness
from earmark.tagger.tagset import Tagset

SCALED = True
COLUMNS = {"energy": 2.0, "loudness": 1.0, "loudness_range": 0.7, "spectral_activity": 1.0}
"""Column -> how much its distance counts; hand-set."""


def columns(tagset: Tagset) -> list[str]:
    """Numbers of the descriptors."""
    return list(COLUMNS)


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """float32 [n, 4]; NaN throughout where the energy is not known."""
    found = np.stack([values[name] for name in COLUMNS], axis=1).astype(np.float32)
    found[np.isnan(values["energy"])] = np.nan
    return found


def likeness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """1 / (1 + weighted distance): float32 [n]."""
    weights = np.sqrt(np.array(list(COLUMNS.values()), np.float32))
    return nearness(one * weights, many * weights)
