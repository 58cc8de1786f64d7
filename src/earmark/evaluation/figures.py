"""Probabilities and truth -> the figures of metrics.json, each with its interval."""

from collections.abc import Sequence

import numpy as np

from earmark.evaluation.calibration import reliability
from earmark.evaluation.intervals import RESAMPLES, intervals
from earmark.evaluation.metrics import (
    CONFUSION_FIGURES,
    Ranking,
    confusion_matrix,
    from_confusion,
    macro,
    pearson_r,
    per_class,
    positives,
)

COLUMN_FIGURES = ("roc_auc", "pr_auc", "pearson_r")


def classification_figures(
    p: np.ndarray, truth: np.ndarray, names: Sequence[str], groups: Sequence[str], n: int = RESAMPLES
) -> dict:
    """Figures of a target with one class a row.

    Parameters
    ----------
    p : float [n_rows, n_classes], probabilities
    truth : int [n_rows], index into `names`
    names : of the classes
    groups : one id a row, equal for rows that belong together
    n : resamples of the bootstrap

    Returns
    -------
    ``n``, ``n_groups``, ``accuracy``, ``balanced_accuracy``, ``macro_f1``, ``majority_rate``, ``intervals``,
    ``per_class``, ``confusion`` and ``calibration`` of metrics.json, see docs/evaluation.md
    """
    k, predicted = len(names), p.argmax(axis=1)
    matrix = confusion_matrix(truth, predicted, k)
    accuracy, balanced, macro_f1 = from_confusion(matrix)
    majority = int(matrix.sum(axis=1).argmax())
    ends = intervals(lambda w: _confusion_figures(truth, predicted, k, majority, w), groups, n)
    top = reliability(p.max(axis=1), predicted == truth)
    return {
        "n": len(truth),
        "n_groups": len(set(groups)),
        "accuracy": _finite(accuracy),
        "balanced_accuracy": _finite(balanced),
        "macro_f1": _finite(macro_f1),
        "majority_rate": float(matrix[majority].sum() / matrix.sum()),
        "intervals": dict(zip((*CONFUSION_FIGURES, "majority_rate"), _pairs(ends), strict=True)),
        "per_class": dict(zip(names, _per_class(p, truth, matrix), strict=True)),
        "confusion": {"labels": list(names), "matrix": matrix.astype(int).tolist()},
        "calibration": {"ece": top.ece, "log_loss": _log_loss(p, truth)},
    }


def _confusion_figures(truth: np.ndarray, predicted: np.ndarray, k: int, majority: int, weights: np.ndarray):
    """float64 [4]: `CONFUSION_FIGURES` and the share of class `majority`.

    That class is fixed: the share of each sample's own largest class would be too large.
    """
    matrix = confusion_matrix(truth, predicted, k, weights)
    return np.append(from_confusion(matrix), matrix[majority].sum() / matrix.sum())


def _per_class(p: np.ndarray, truth: np.ndarray, matrix: np.ndarray) -> list[dict]:
    table = per_class(matrix)
    for k, entry in enumerate(table):
        ranking = Ranking(p[:, k], truth == k)
        entry |= {"roc_auc": _finite(ranking.roc_auc()), "pr_auc": _finite(ranking.pr_auc())}
    return table


def _log_loss(p: np.ndarray, truth: np.ndarray) -> float:
    """Mean of -log(probability of the true class), nats."""
    return float(-np.log(np.maximum(p[np.arange(len(truth)), truth], 1e-12)).mean())


def column_figures(
    p: np.ndarray, values: np.ndarray, names: Sequence[str], groups: Sequence[str], n: int = RESAMPLES
) -> dict:
    """Figures of several targets of 0 and 1 or of real numbers, a column each.

    Parameters
    ----------
    p : float [n_rows, n_columns], predictions
    values : float [n_rows, n_columns], truth; `earmark.evaluation.metrics.positives` tells which count as yes
    names : of the columns
    groups : one id a row, equal for rows that belong together
    n : resamples of the bootstrap

    Returns
    -------
    ``n``, ``n_groups``, ``roc_auc``, ``pr_auc``, ``pearson_r``, ``intervals``, ``positive`` and, where predictions and
    truth are shares, ``calibration`` of metrics.json, see docs/evaluation.md
    """
    rankings, rates = [], {}
    for name, prediction, column in zip(names, p.T, values.T, strict=True):
        yes, threshold = positives(column)
        rankings.append(Ranking(prediction, yes))
        rates[name] = {"above": threshold, "rate": float(yes.mean())}
    ends = intervals(lambda w: _column_table(p, values, rankings, w).ravel(), groups, n)
    found = _column_table(p, values, rankings)
    ends = ends.reshape(*found.shape, 2)
    keys = (*names, "macro")
    figures = {f: dict(zip(keys, map(_finite, row), strict=True)) for f, row in zip(COLUMN_FIGURES, found, strict=True)}
    spans = {f: dict(zip(keys, _pairs(pairs), strict=True)) for f, pairs in zip(COLUMN_FIGURES, ends, strict=True)}
    counts = {"n": len(p), "n_groups": len(set(groups))}
    return counts | figures | {"intervals": spans, "positive": rates} | _calibration(p, values)


def _column_table(p, values, rankings: list[Ranking], weights: np.ndarray | None = None) -> np.ndarray:
    """float64 [3, n_columns + 1]: per figure of `COLUMN_FIGURES` one value a column, then their mean."""
    table = [
        [r.roc_auc(weights) for r in rankings],
        [r.pr_auc(weights) for r in rankings],
        [pearson_r(x, y, weights) for x, y in zip(p.T, values.T, strict=True)],
    ]
    return np.array([(*row, macro(row)) for row in table])


def _calibration(p: np.ndarray, values: np.ndarray) -> dict:
    """Only where predictions and truth are shares; numbers on another scale are not probabilities."""
    if values.min() < 0 or values.max() > 1 or p.min() < 0 or p.max() > 1:
        return {}
    return {"calibration": {"ece": reliability(p.ravel(), values.ravel()).ece}}


def _finite(x: float) -> float | None:
    """JSON has no NaN: what is not defined is null."""
    return float(x) if np.isfinite(x) else None


def _pairs(ends: np.ndarray) -> list[list[float] | None]:
    return [[float(a), float(b)] if np.isfinite(a) else None for a, b in ends]
