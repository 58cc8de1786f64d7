"""Lyrics: what the songs are about, by the cosine of the vectors of their words; of songs whose words are known."""

import numpy as np

from earmark.catalogue.sung import VECTOR
from earmark.explore.parts import sound
from earmark.tagger.tagset import Tagset

SCALED = False


def columns(tagset: Tagset) -> list[str]:
    """The vector of the words."""
    return [VECTOR]


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """Vectors, float16 or float32 [n, dim]; NaN where a song's words are not known."""
    return values[VECTOR]


likeness = sound.likeness
