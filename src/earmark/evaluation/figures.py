"""Probabilities and truth -> the figures of metrics.json, each with its interval."""

from collections.abc import Sequence

import numpy as np

from earmark.evaluation import metrics as m
from earmark.evaluation.calibration import reliability
from earmark.evaluation.intervals import RESAMPLES, intervals

COLUMN_FIGURES = ("roc_auc", "pr_auc", "pearson_r")


def judge_classes(
    p: np.ndarray, truth: np.ndarray, names: Sequence[str], groups: Sequence[str], n: int = RESAMPLES
) -> dict:
    """Figures of one exclusive target.

    Parameters
    ----------
    p : float [n_rows, n_classes], probabilities
    truth : int [n_rows]
    groups : one id a row, equal for rows that belong together
    n : resamples of the bootstrap
    """
    k, guess = len(names), p.argmax(axis=1)
    matrix = m.confusion_matrix(truth, guess, k)
    accuracy, balanced, macro_f1 = m.from_confusion(matrix)
    most = int(matrix.sum(axis=1).argmax())
    ends = intervals(lambda w: _class_figures(truth, guess, k, most, w), groups, n)
    top = reliability(p.max(axis=1), guess == truth)
    return {
        "n": len(truth),
        "n_groups": len(set(groups)),
        "accuracy": _finite(accuracy),
        "balanced_accuracy": _finite(balanced),
        "macro_f1": _finite(macro_f1),
        "majority_rate": float(matrix[most].sum() / matrix.sum()),
        "intervals": dict(zip((*m.ONE_CLASS, "majority_rate"), _pairs(ends), strict=True)),
        "per_class": dict(zip(names, _classes(p, truth, matrix), strict=True)),
        "confusion": {"labels": list(names), "matrix": matrix.astype(int).tolist()},
        "calibration": {"ece": top.ece, "log_loss": _log_loss(p, truth)},
    }


def _class_figures(truth: np.ndarray, guess: np.ndarray, k: int, most: int, weights: np.ndarray) -> np.ndarray:
    """The three figures and the share of class `most`: fixed, since the largest of each sample would be too large."""
    matrix = m.confusion_matrix(truth, guess, k, weights)
    return np.append(m.from_confusion(matrix), matrix[most].sum() / matrix.sum())


def _classes(p: np.ndarray, truth: np.ndarray, matrix: np.ndarray) -> list[dict]:
    table = m.per_class(matrix)
    for k, entry in enumerate(table):
        ranked = m.Ranked(p[:, k], truth == k)
        entry |= {"roc_auc": _finite(ranked.roc_auc()), "pr_auc": _finite(ranked.pr_auc())}
    return table


def _log_loss(p: np.ndarray, truth: np.ndarray) -> float:
    """Mean surprise of the truth, nats."""
    return float(-np.log(np.maximum(p[np.arange(len(truth)), truth], 1e-12)).mean())


def judge_columns(
    p: np.ndarray, values: np.ndarray, names: Sequence[str], groups: Sequence[str], n: int = RESAMPLES
) -> dict:
    """Figures of several 0-1 or real targets.

    Parameters
    ----------
    p : float [n_rows, n], answers
    values : float [n_rows, n], truth; see `metrics.positives` for what counts as yes
    """
    ranked, rates = [], {}
    for name, prediction, column in zip(names, p.T, values.T, strict=True):
        yes, threshold = m.positives(column)
        ranked.append(m.Ranked(prediction, yes))
        rates[name] = {"above": threshold, "rate": float(yes.mean())}
    ends = intervals(lambda w: _column_figures(p, values, ranked, w), groups, n)
    found = _column_figures(p, values, ranked, None)
    width = len(names) + 1
    figures = {"n": len(p), "n_groups": len(set(groups))}
    spans = {}
    for k, figure in enumerate(COLUMN_FIGURES):
        keys, part = (*names, "macro"), slice(k * width, (k + 1) * width)
        figures[figure] = dict(zip(keys, map(_finite, found[part]), strict=True))
        spans[figure] = dict(zip(keys, _pairs(ends[part]), strict=True))
    return figures | {"intervals": spans, "positive": rates} | _calibration(p, values)


def _column_figures(p, values, ranked: list[m.Ranked], weights: np.ndarray | None) -> np.ndarray:
    """float64 [3 * (n + 1)]: per figure one value a column, then their mean."""
    table = [
        [r.roc_auc(weights) for r in ranked],
        [r.pr_auc(weights) for r in ranked],
        [m.pearson_r(x, y, weights) for x, y in zip(p.T, values.T, strict=True)],
    ]
    return np.array([x for row in table for x in (*row, m.macro(row))])


def _calibration(p: np.ndarray, values: np.ndarray) -> dict:
    """Only where answers and truth are shares; numbers on another scale are not probabilities."""
    if values.min() < 0 or values.max() > 1 or p.min() < 0 or p.max() > 1:
        return {}
    return {"calibration": {"ece": reliability(p.ravel(), values.ravel()).ece}}


def _finite(x: float) -> float | None:
    """JSON has no NaN: what is not defined is null."""
    return float(x) if np.isfinite(x) else None


def _pairs(ends: np.ndarray) -> list[list[float] | None]:
    return [[float(a), float(b)] if np.isfinite(a) else None for a, b in ends]
