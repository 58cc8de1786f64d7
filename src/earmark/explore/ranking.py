"""Tracks by how alike they are to seeds in weighted parts: one pass over a sheet, then exact numbers of the best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from earmark.errors import QueryError
from earmark.explore.parts import PARTS, sound
from earmark.explore.parts.sound import VECTOR
from earmark.explore.portrait import Portrait
from earmark.explore.scale import UNKNOWN
from earmark.explore.sheet import Sheet, Values, as_values, likeness, values_of_part
from earmark.explore.weights import Weights

SPARE, MORE = 4, 100  # times as many rows as are wanted, and so many more, are compared exactly
Shares = dict[str, np.ndarray]
"""Part -> share of random pairs that are less alike, float64 [n]; NaN where it is not known."""


@dataclass(frozen=True)
class Ranking:
    """The question, in terms of a sheet.

    Attributes
    ----------
    sheet : of the tracks that are ranked, or a sample that has the same scales
    seeds, seed_weights : what the answers shall be like; below 0, unlike
    weights : of the parts
    """

    sheet: Sheet
    seeds: Sequence[Portrait]
    seed_weights: Sequence[float]
    weights: Weights

    def __post_init__(self) -> None:
        for name in self.weights.used():
            if not self.sheet.part(name).is_known:
                raise QueryError(name, "not known of any track", "The model of this catalogue does not tell it.")
            if not any(is_known(features_of(self.sheet, name, seed)) for seed in self.seeds):
                raise QueryError(name, "not known of what you gave", "Give another track, or leave this part out.")

    def best(self, among: np.ndarray, k: int) -> np.ndarray:
        """Rows of the k best tracks, best first.

        among : bool [n], the tracks that may be answers
        """
        rough = np.where(among, self._rough(), -np.inf)
        n = min(int(among.sum()), SPARE * k + MORE)
        rows = np.argpartition(-rough, n - 1)[:n] if n < len(rough) else np.flatnonzero(among)
        if not len(rows):
            return rows
        scores = self.scores(self.shares_of_rows(rows, self.weights.used()))
        order = np.lexsort((rows, -scores))
        return rows[order][:k]

    def _rough(self) -> np.ndarray:
        """`scores` of all tracks, nearly: float32 [n]."""
        total, weights = np.zeros(len(self.sheet), np.float32), self.weights.used()
        for name, weight in weights.items():
            part, scale = self.sheet.part(name), self.sheet.scale(name)
            for one, own in self._ones(name):
                likeness = self.sheet.sound_nearly(one) if name == "sound" else part.likeness(one)
                total += np.float32(weight * own) * scale.share_nearly(likeness)
        return total

    def shares_of_rows(self, rows: np.ndarray, names: Sequence[str] | dict = PARTS) -> Shares:
        """The parts of tracks of the sheet."""
        return {name: self._shares(name, self.sheet.part(name).rows(rows)) for name in names}

    def shares_of_values(self, values: Values) -> Shares:
        """All parts of other tracks, from their columns."""
        found = {}
        for name in PARTS:
            own = values_of_part(name, values, self.sheet.model.tagset)
            part = self.sheet.part(name)
            n = len(values[VECTOR])
            features = part.features_of(own) if part.features.shape[1] else np.full((n, 0), np.nan, np.float32)
            found[name] = self._shares(name, features)
        return found

    def scores(self, shares: Shares) -> np.ndarray:
        """The mean of the parts by their weights, float64 [n], 0..1; a part below 0 counts by how unlike it is."""
        weights = self.weights.used()
        total = np.zeros(len(next(iter(shares.values()))))
        for name, weight in weights.items():
            share = np.where(np.isnan(shares[name]), UNKNOWN, shares[name])
            total += abs(weight) * (share if weight > 0 else 1 - share)
        return total / sum(map(abs, weights.values()))

    def cosines(self, vectors: np.ndarray) -> np.ndarray:
        """Of embeddings [n, dim] with the direction that the seeds make, float32 [n]."""
        return sound.likeness(direction_of(self.seeds, self.seed_weights), vectors)

    def _shares(self, name: str, features: np.ndarray) -> np.ndarray:
        scale, total = self.sheet.scale(name), np.zeros(len(features))
        known = np.zeros(len(features), bool)
        for one, weight in self._ones(name):
            share = scale.share(likeness(name, one, features))
            known |= ~np.isnan(share)
            share = np.where(np.isnan(share), UNKNOWN, share)
            total += abs(weight) * (share if weight > 0 else 1 - share)
        return np.where(known, total, np.nan)

    def _ones(self, name: str) -> list[tuple[np.ndarray, float]]:
        """Features of the seeds, [d] each, and weights that add up to 1 by size; one direction for the sound."""
        if name == "sound":
            return [(direction_of(self.seeds, self.seed_weights), 1.0)]
        size = sum(map(abs, self.seed_weights))
        ones = [features_of(self.sheet, name, seed) for seed in self.seeds]
        return [(one, weight / size) for one, weight in zip(ones, self.seed_weights, strict=True)]


def features_of(sheet: Sheet, name: str, portrait: Portrait) -> np.ndarray:
    """The features of one part of a track or window, float32 [d]."""
    part = sheet.part(name)
    if not part.features.shape[1]:
        return np.zeros(0, np.float32)
    columns = [c for c in PARTS[name].columns(sheet.model.tagset) if c != VECTOR]
    values = {column: as_values([portrait.values.get(column)], column) for column in columns}
    return part.features_of(values | ({VECTOR: portrait.vector[None]} if name == "sound" else {}))[0]


def is_known(features: np.ndarray) -> bool:
    """Whether a part is known of a track, by its features [d]."""
    return len(features) > 0 and not np.isnan(features[0])


def direction_of(seeds: Sequence[Portrait], weights: Sequence[float]) -> np.ndarray:
    """The direction of the weighted sum of the seeds' embeddings, float32 [dim]; QueryError where they cancel out."""
    units = [seed.vector / max(float(np.linalg.norm(seed.vector)), 1e-9) for seed in seeds]
    total = np.asarray(np.dot(weights, np.stack(units)), np.float32)
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        raise QueryError("seeds", "they cancel each other", "Give other weights.")
    return total / length
