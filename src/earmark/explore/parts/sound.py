"""Sound: the cosine of the embeddings."""

import numpy as np

from earmark.tagger.tagset import Tagset

VECTOR = "vector"
SCALED = False
ROWS = 4096  # that are brought to length 1 at once


def columns(tagset: Tagset) -> list[str]:
    """The embedding."""
    return [VECTOR]


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """Embeddings as they are stored, float16 or float32 [n, dim]."""
    return values[VECTOR]


def units(vectors: np.ndarray) -> np.ndarray:
    """The same vectors with length 1, float32 [n, dim]."""
    wide = np.asarray(vectors, np.float32)
    return wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9)


def likeness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Cosines, float32 [n]."""
    return along(units(one[None])[0], many)


def along(directions: np.ndarray, many: np.ndarray) -> np.ndarray:
    """How long vectors of length 1 are in some directions, float32 [n] or [n, k]; few vectors at a time become wide.

    many : [n, dim], of any length
    directions : [dim] or [dim, k]
    """
    found = np.empty((len(many), *directions.shape[1:]), np.float32)
    for start in range(0, len(many), ROWS):
        some = slice(start, start + ROWS)
        found[some] = units(many[some]) @ directions
    return found
