"""An encoder of texts that tests can foresee: each word that it knows is an axis, and all others mean nothing."""

import numpy as np

from earmark.catalogue.sung import DIM
from earmark.explore.meaning.encoder import ID


class WordsEncoder:
    """Words of one meaning share an axis: ``WordsEncoder("train Zug", "sea Meer")``; `read` are the texts so far."""

    id = ID

    def __init__(self, *meanings):
        self._axis = {word.lower(): axis for axis, words in enumerate(meanings) for word in words.split()}
        self.read = []

    def encode(self, texts):
        """float32 [n, DIM] of unit length; texts without a known word share the last axis."""
        self.read += texts
        found = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.lower().split():
                if word in self._axis:
                    row[self._axis[word]] += 1
            if not row.any():
                row[-1] = 1
        return found / np.linalg.norm(found, axis=1, keepdims=True)
