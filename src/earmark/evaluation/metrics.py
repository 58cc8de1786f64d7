"""Metrics whose rows may have weights, so that the same code computes a figure and its bootstrap."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

CONFUSION_FIGURES = ("accuracy", "balanced_accuracy", "macro_f1")  # what `from_confusion` returns, in this order


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, k: int, weights: np.ndarray | None = None) -> np.ndarray:
    """Number (or total weight) of rows of class i that were predicted as class j.

    Parameters
    ----------
    truth, predicted : int [n_rows], 0..k-1
    k : number of classes
    weights : float64 [n_rows]; 1 each by default

    Returns
    -------
    float64 [k, k], the truth in rows
    """
    return np.bincount(truth * k + predicted, weights, minlength=k * k).astype(np.float64).reshape(k, k)


def from_confusion(matrix: np.ndarray) -> np.ndarray:
    """float64 [3]: accuracy, balanced accuracy and macro-F1 of a confusion matrix [k, k]; NaN where it is empty.

    The two means are over the classes that occur in the truth. A row predicted as a class that does not occur there
    lowers the recall of its own class, but adds no F1 of zero for the other one.
    """
    of_class, predicted_as, right = matrix.sum(axis=1), matrix.sum(axis=0), np.diag(matrix)
    occurs = of_class > 0
    if not occurs.any():
        return np.full(3, np.nan)
    recall = right[occurs] / of_class[occurs]
    f1 = 2 * right[occurs] / (of_class[occurs] + predicted_as[occurs])
    return np.array([right.sum() / matrix.sum(), recall.mean(), f1.mean()])


def per_class(matrix: np.ndarray) -> list[dict]:
    """Precision, recall, F1 and number of rows of each class; None where there is nothing to divide by.

    Parameters
    ----------
    matrix : float64 [k, k], from `confusion_matrix`
    """
    of_class, predicted_as, right = matrix.sum(axis=1), matrix.sum(axis=0), np.diag(matrix)
    return [
        {
            "n": int(n),
            "precision": _ratio(hits, predicted),
            "recall": _ratio(hits, n),
            "f1": _ratio(2 * hits, n + predicted) if n else None,
        }
        for n, predicted, hits in zip(of_class, predicted_as, right, strict=True)
    ]


def _ratio(a: float, b: float) -> float | None:
    return float(a / b) if b else None


@dataclass(frozen=True)
class Ranking:
    """Rows in the order of a prediction, ready for every metric that depends on that order alone.

    Attributes
    ----------
    prediction : float [n_rows], greater means rather yes
    positive : bool [n_rows]
    """

    prediction: np.ndarray
    positive: np.ndarray

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(-self.prediction, kind="stable")

    @cached_property
    def _ends(self) -> np.ndarray:
        """Last place of each run of equal predictions: rows that tie are taken together."""
        p = self.prediction[self._order]
        return np.append(np.flatnonzero(np.diff(p)), len(p) - 1)

    def counts(self, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """True and false positives, float64 [n_thresholds], from the strictest threshold to the laxest.

        Parameters
        ----------
        weights : float64 [n_rows]; 1 each by default
        """
        w = np.ones(len(self.positive)) if weights is None else np.asarray(weights, float)
        w, yes = w[self._order], self.positive[self._order]
        return np.cumsum(w * yes)[self._ends], np.cumsum(w * ~yes)[self._ends]

    def roc_auc(self, weights: np.ndarray | None = None) -> float:
        """Area under the ROC curve, 0..1; NaN unless there are rows of both kinds."""
        tp, fp = (np.append(0.0, x) for x in self.counts(weights))
        if not tp[-1] or not fp[-1]:
            return float("nan")
        return float(np.trapezoid(tp, fp) if hasattr(np, "trapezoid") else np.trapz(tp, fp)) / (tp[-1] * fp[-1])

    def pr_auc(self, weights: np.ndarray | None = None) -> float:
        """Average precision, 0..1: mean of the precision over the steps of the recall, without interpolation.

        NaN where no row is positive.
        """
        tp, fp = self.counts(weights)
        if not tp[-1]:
            return float("nan")
        steps = np.diff(np.append(0.0, tp))
        seen = tp + fp > 0
        return float((steps[seen] * tp[seen] / (tp + fp)[seen]).sum() / tp[-1])


def pearson_r(prediction: np.ndarray, truth: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Correlation of two float [n_rows], -1..1; NaN where one of them does not vary."""
    w = np.ones(len(truth)) if weights is None else np.asarray(weights, float)
    if w.sum() == 0:
        return float("nan")
    x, y = np.asarray(prediction, float), np.asarray(truth, float)
    x, y = x - np.average(x, weights=w), y - np.average(y, weights=w)
    spread = np.sqrt((w * x * x).sum() * (w * y * y).sum())
    return float((w * x * y).sum() / spread) if spread > 1e-12 else float("nan")


def positives(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Which rows of a target count as positive, bool [n_rows], and the value that they exceed.

    A column of 0 and 1 is taken as it is. Of any other the rows above its median are positive: shares of raters seldom
    reach one half, and a threshold that does not depend on the scale serves them and real values alike.

    Parameters
    ----------
    values : float [n_rows]
    """
    values = np.asarray(values, float)
    threshold = 0.5 if np.isin(values, (0, 1)).all() else float(np.median(values))
    return values > threshold, threshold


def macro(values: Iterable[float]) -> float:
    """The mean of the values that are defined; NaN where none is."""
    found = [value for value in values if np.isfinite(value)]
    return float(np.mean(found)) if found else float("nan")
