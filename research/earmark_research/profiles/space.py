"""The one embedding space of the three profiles, and the map that takes the small network's embedding into it.

Everything here is fitted on free music. The space: musicnn's three embeddings side by side, standardised, brought down
to `DIM` dimensions by PCA and turned, so that every dimension carries about as much: a probe that standardises its
inputs would else raise the weakest dimensions to the height of the strongest.
"""

from dataclasses import dataclass

import numpy as np

from earmark_research.profiles.hear import Heard
from earmark_research.tagger.accurate_head import Head

DIM = 192
DECAY = 10_000.0  # of the map: it stays near the identity, which the small network was trained to be
LEAST_SPREAD = 0.05  # of an input of the map


@dataclass(frozen=True)
class Linear:
    """x -> x @ weight + bias; weight float64 [n_in, n_out], bias [n_out]."""

    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """[..., n_in] -> [..., n_out]."""
        return x @ self.weight + self.bias

    def then(self, other: "Linear") -> "Linear":
        """Both in one."""
        return Linear(self.weight @ other.weight, other(self.bias))

    def beside(self, other: "Linear") -> "Linear":
        """Of the same input: the outputs of both, side by side."""
        return Linear(np.hstack([self.weight, other.weight]), np.concatenate([self.bias, other.bias]))


def standardisation(head: Head) -> Linear:
    """Raw embeddings [.., 656] -> standardised, as the head of the accurate profile takes them."""
    return Linear(np.diag(1 / head.std.astype(np.float64)), -head.mean.astype(np.float64) / head.std)


def fit_map(small: np.ndarray, accurate: np.ndarray) -> Linear:
    """Ridge regression from the small network's embedding [n, dim] to the accurate one [n, dim], both standardised.

    The weights are drawn to the identity.
    """
    spread = small.std(axis=0) + LEAST_SPREAD
    z, missing = (small - small.mean(axis=0)) / spread, accurate - small
    correction = np.linalg.solve(z.T @ z + DECAY * np.eye(z.shape[1]), z.T @ (missing - missing.mean(axis=0)))
    weight = np.eye(z.shape[1]) + correction / spread[:, None]
    return Linear(weight, accurate.mean(axis=0) - small.mean(axis=0) @ weight)


def fit_space(accurate: np.ndarray, dim: int = DIM) -> Linear:
    """Standardised embeddings [n, 656] -> [n, dim]: the directions that carry most, turned by a fixed rotation."""
    directions = np.linalg.svd(accurate, full_matrices=False)[2][:dim].T
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(dim, dim)))[0]
    return Linear(directions @ turn, np.zeros(dim))


def audible_patches(tracks: list[Heard], least: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Raw embeddings of both networks, [n, 656] each, of the patches whose loudest cell reaches `least`."""
    rows = [track.level > least for track in tracks]
    pairs = [(track.small[keep], track.accurate[keep]) for track, keep in zip(tracks, rows, strict=True)]
    return tuple(np.concatenate(part).astype(np.float64) for part in zip(*pairs, strict=True))
