"""What the only writer of a table remembers of a column: which values may be there, without asking the table again."""

from collections.abc import Iterable

import numpy as np


class Memory:
    """The values of a column by their hashes, 8 bytes each. None is missed; very few are taken for others.

    values : all that the column holds
    """

    def __init__(self, values: Iterable) -> None:
        self._old = np.sort(np.fromiter(map(hash, values), np.int64))
        self._new: set[int] = set()

    def add(self, values: Iterable) -> None:
        """These are in the column now."""
        self._new.update(map(hash, values))

    def among(self, values: Iterable) -> list:
        """Those of the values that the column may hold; the others are not in it."""
        values = list(values)
        hashes = np.fromiter(map(hash, values), np.int64, len(values))
        places = np.minimum(np.searchsorted(self._old, hashes), max(len(self._old) - 1, 0))
        old = self._old[places] == hashes if len(self._old) else np.zeros(len(values), bool)
        return [v for v, h, is_old in zip(values, hashes.tolist(), old, strict=True) if is_old or h in self._new]
