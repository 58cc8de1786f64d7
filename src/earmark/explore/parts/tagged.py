"""What the parts that are made of tags have in common: logits of their probabilities, compared by their distance."""

import numpy as np

from earmark.catalogue.schema import tag_column
from earmark.tagger.tagset import Tagset

LEAST = 0.002  # probability: what is below is not heard, however far


def columns_of(tagset: Tagset, groups: tuple[str, ...]) -> list[str]:
    """The columns of all tags of these groups, of those that the model has."""
    return [tag_column(group, tag) for group in tagset.groups if group.name in groups for tag in group.tags]


def logits_of(values: dict[str, np.ndarray]) -> np.ndarray:
    """Logits of all columns that are given, float32 [n, columns]; NaN where a tag was not told."""
    p = np.clip(np.stack(list(values.values()), axis=1), LEAST, 1 - LEAST)
    return np.log(p / (1 - p)).astype(np.float32)


def nearness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """1 / (1 + distance), the root of the mean square over the features: float32 [n]."""
    squares = np.einsum("ij,ij->i", many, many) - 2 * (many @ one) + one @ one
    return 1 / (1 + np.sqrt(np.maximum(squares, 0) / max(len(one), 1)))
