"""Sound: the cosine of the embeddings."""

import numpy as np

from earmark.tagger.tagset import Tagset

VECTOR = "vector"
SCALED = False


def columns(tagset: Tagset) -> list[str]:
    """The embedding."""
    return [VECTOR]


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """Embeddings of length 1, float32 [n, dim]."""
    vectors = np.asarray(values[VECTOR], np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def likeness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Cosines, float32 [n]."""
    return many @ one
