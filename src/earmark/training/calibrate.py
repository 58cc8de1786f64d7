"""Logits of held-out rows -> the calibration and thresholds of a tag group."""

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from earmark.tagger.tagset import TagGroup
from earmark.training.objective import Objective

PRECISION = 0.7  # answers at or above a threshold are right at least this often on the held-out rows
DEFAULT_THRESHOLD = 0.5
MIN_ROWS = 20  # with fewer held-out rows (or positives of a tag) nothing is fitted


def calibrate(group: TagGroup, logits: np.ndarray, truth: np.ndarray) -> TagGroup:
    """`group` with scale, bias and threshold fitted.

    Parameters
    ----------
    logits : float32 [n_rows, n], track logits of rows that were not trained on
    truth : float32 [n_rows, n]; one-hot, 0/1, or shares of raters

    An exclusive group gets one temperature and one threshold; an independent group a Platt line (drawn towards the
    identity, since held-out rows are few) and a threshold per tag. Values are left as they are.
    Source: Guo et al., "On calibration of modern neural networks" (2017); Platt (1999).
    """
    if group.kind == "value" or len(logits) < MIN_ROWS:
        return group
    fit = _temperature if group.kind == "exclusive" else _platt
    scale, bias = fit(logits.astype(np.float64), truth)
    group = replace(group, scale=tuple(map(float, scale)), bias=tuple(map(float, bias)))
    return replace(group, threshold=_thresholds(group, logits, truth))


def restore_scale(group: TagGroup, objective: Objective) -> TagGroup:
    """A group of values with the scale and bias that undo the objective's standardisation; other groups as they are."""
    if group.kind != "value":
        return group
    return replace(group, scale=tuple(map(float, objective.spread)), bias=tuple(map(float, objective.centre)))


def _temperature(logits: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One scale for all classes, by least negative log-likelihood."""

    def loss(log_scale: float) -> float:
        z = np.exp(log_scale) * logits
        z = z - z.max(axis=1, keepdims=True)
        return -(truth * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))).sum(axis=1).mean()

    best = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded").x
    n = logits.shape[1]
    return np.full(n, np.exp(best)), np.zeros(n)


def _platt(logits: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lines = [_platt_line(z, t) for z, t in zip(logits.T, truth.T, strict=True)]
    return np.array([a for a, _ in lines]), np.array([b for _, b in lines])


def _platt_line(z: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """a, b of sigmoid(a z + b), a > 0; a penalty draws it towards a = 1, b = 0."""

    def loss(line: np.ndarray) -> float:
        u = np.exp(line[0]) * z + line[1]
        return float((np.logaddexp(0, u) - truth * u).sum() + line[0] ** 2 + 0.5 * line[1] ** 2)

    log_scale, bias = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(np.clip(log_scale, -3, 3))), float(bias)


def _thresholds(group: TagGroup, logits: np.ndarray, truth: np.ndarray) -> tuple[float, ...]:
    p = group.probabilities(logits.astype(np.float32))
    if group.kind == "exclusive":
        right = truth.argmax(axis=1) == p.argmax(axis=1)
        return (_least(p.max(axis=1), right),) * len(group.tags)
    if not np.isin(truth, (0, 1)).all():
        return (DEFAULT_THRESHOLD,) * len(group.tags)
    return tuple(
        _least(column, t > 0) if t.sum() >= MIN_ROWS else DEFAULT_THRESHOLD
        for column, t in zip(p.T, truth.T, strict=True)
    )


def _least(p: np.ndarray, right: np.ndarray) -> float:
    """The least probability at and above which at least PRECISION of the answers are right."""
    order = np.argsort(-p)
    precision = np.cumsum(right[order]) / np.arange(1, len(p) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    enough = enough[enough >= min(MIN_ROWS, len(p)) // 2]  # not on the first few alone
    return float(np.floor(p[order][enough[-1]] * 1000) / 1000) if len(enough) else 0.9
