"""Samples that no music has: files of floating point numbers may hold anything."""

import numpy as np

LOUDEST = 1e6  # times full scale; files whose full scale is 32768 are not unknown


def are_sound(y: np.ndarray) -> bool:
    """Whether every sample is a number within reason; an empty array is."""
    return y.size == 0 or bool(y.min() >= -LOUDEST and y.max() <= LOUDEST)  # NaN is on neither side


def mended(y: np.ndarray) -> np.ndarray:
    """The samples, with 0 for those that are no number within reason; a copy where there are any."""
    if are_sound(y):
        return y
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(y) <= LOUDEST, y, np.float32(0))
