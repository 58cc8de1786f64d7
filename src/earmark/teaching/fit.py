"""A linear head on embeddings from a few examples: multinomial logistic regression with a penalty on its weights.

Every dimension is first brought to mean 0 and spread 1 over the whole collection, which says more about the space than
a handful of examples could, and divided by the root of their number, so that one penalty fits any model. Classes count
alike, whatever their number of examples. Cross-validated logits then set the scale, so that probabilities mean what
they say among examples that the head has not seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

PENALTY = 4.0  # on the squared weights, beside the summed loss of the examples; chosen on the training part of GTZAN
FOLDS = 10  # of the cross-validation at most
SCALES = 0.05, 20.0  # what the logits may be multiplied by


@dataclass(frozen=True)
class Space:
    """How a collection's embeddings lie: mean and spread of each dimension, float32 [dim]."""

    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray) -> "Space":
        """Of embeddings [n, dim]; a dimension that never changes says nothing and stays as it is."""
        vectors = np.asarray(vectors, np.float32)
        spread = vectors.std(axis=0)
        return cls(vectors.mean(axis=0), np.where(spread > 1e-6, spread, 1.0).astype(np.float32))

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Embeddings [n, dim] as the head sees them, float32 [n, dim], of length 1 or so."""
        return (np.asarray(vectors, np.float32) - self.mean) / (self.spread * np.float32(len(self.mean) ** 0.5))


@dataclass(frozen=True)
class Head:
    """A fitted head on raw embeddings: weights float32 [dim, n_classes], bias float32 [n_classes]."""

    weights: np.ndarray
    bias: np.ndarray

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Embeddings [n, dim] -> float32 [n, n_classes], each row adds up to 1."""
        return scipy.special.softmax(np.asarray(vectors, np.float32) @ self.weights + self.bias, axis=1)


def fit_head(vectors: np.ndarray, labels: np.ndarray, n_classes: int, space: Space, scale: float = 1.0) -> Head:
    """The head that tells the classes of examples apart.

    Parameters
    ----------
    vectors : embeddings [n, dim]
    labels : int [n], class of each; every class has an example
    scale : of the logits, see `best_scale`
    """
    x, dim = space.place(vectors).astype(np.float64), np.shape(vectors)[1]
    truth = np.eye(n_classes)[labels]
    share, penalty = (truth / (truth.sum(axis=0) * n_classes)).sum(axis=1), PENALTY / len(labels)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = flat[: dim * n_classes].reshape(dim, n_classes), flat[dim * n_classes :]
        logs = scipy.special.log_softmax(x @ weights + bias, axis=1)
        errors = (np.exp(logs) - truth) * share[:, None]
        value = -(share * (logs * truth).sum(axis=1)).sum() + 0.5 * penalty * (weights**2).sum()
        return value, np.concatenate([(x.T @ errors + penalty * weights).ravel(), errors.sum(axis=0)])

    from scipy.optimize import minimize  # imported late: it takes longer than a search

    found = minimize(loss, np.zeros((dim + 1) * n_classes), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    weights, bias = found[: dim * n_classes].reshape(dim, n_classes), found[dim * n_classes :]
    raw = scale * weights / (space.spread[:, None] * dim**0.5)
    return Head(raw.astype(np.float32), (scale * bias - space.mean @ raw).astype(np.float32))


def held_out_logits(
    vectors: np.ndarray, labels: np.ndarray, groups: Sequence[str], n_classes: int, space: Space
) -> np.ndarray:
    """The logits of every example by a head that saw none of its group.

    Returns
    -------
    float32 [n, n_classes]; NaN where the other groups lack a class
    """
    logits = np.full((len(labels), n_classes), np.nan, np.float32)
    for held in parts(labels, groups):
        if len(np.unique(labels[~held])) == n_classes:
            head = fit_head(vectors[~held], labels[~held], n_classes, space)
            logits[held] = np.asarray(vectors[held], np.float32) @ head.weights + head.bias
    return logits


def parts(labels: np.ndarray, groups: Sequence[str], n: int = FOLDS) -> Iterator[np.ndarray]:
    """The parts of a cross-validation as masks, bool [n_examples]: no group is divided, classes are spread evenly.

    The largest group comes first, each to the part that has the fewest examples of its classes.
    """
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    counts = np.zeros((group.max() + 1, labels.max() + 1))
    np.add.at(counts, (group, labels), 1 / np.bincount(labels)[labels])
    n = min(n, len(counts))
    filled, part_of = np.zeros((n, counts.shape[1])), np.zeros(len(counts), int)
    for g in np.argsort(-counts.max(axis=1), kind="stable"):
        part_of[g] = np.argmin(((filled + counts[g]) ** 2).sum(axis=1) - (filled**2).sum(axis=1))
        filled[part_of[g]] += counts[g]
    return (part_of[group] == part for part in range(n))


def best_scale(logits: np.ndarray, labels: np.ndarray) -> float:
    """What held-out logits are multiplied by so that their probabilities fit the labels best, classes counted alike.

    logits : float32 [n, n_classes]; rows with NaN are passed over. 1 where none is left
    """
    known = np.isfinite(logits).all(axis=1)
    logits, labels = logits[known].astype(np.float64), labels[known]
    if not len(labels):
        return 1.0
    share = 1 / np.bincount(labels)[labels]

    def loss(log_scale: float) -> float:
        logs = scipy.special.log_softmax(logits * np.exp(log_scale), axis=1)
        return -(share * logs[np.arange(len(labels)), labels]).sum()

    from scipy.optimize import minimize_scalar

    return float(np.exp(minimize_scalar(loss, bounds=np.log(SCALES), method="bounded").x))
