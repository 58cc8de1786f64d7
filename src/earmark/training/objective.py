"""What is learned: the loss and the figure of merit for exclusive classes, independent tags and values."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from earmark.tagset import Kind

Z_FLOOR = 1e-6  # a column that never changes has no scale of its own


@dataclass(frozen=True)
class Objective:
    """One kind of target, with the scale of values.

    Attributes
    ----------
    kind : as `earmark.tagset.TagGroup.kind`
    centre, spread : float32 [n], the mean and standard deviation of the training targets for ``value``, else 0 and 1.
        A network learns (y - centre) / spread; the model file's calibration puts its output back on the scale.
    """

    kind: Kind
    centre: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, kind: Kind, values: np.ndarray) -> "Objective":
        """The objective for training targets float32 [n_rows, n]."""
        if kind != "value":
            return cls(kind, np.zeros(values.shape[1], np.float32), np.ones(values.shape[1], np.float32))
        return cls(kind, values.mean(axis=0), np.maximum(values.std(axis=0), Z_FLOOR))

    def standardise(self, values: np.ndarray) -> np.ndarray:
        return ((values - self.centre) / self.spread).astype(np.float32)

    def loss(self, logits: torch.Tensor, y: torch.Tensor, pools: str = "logits") -> torch.Tensor:
        """Mean loss of a batch.

        Parameters
        ----------
        logits : [batch, steps, n]
        y : [batch, n]; one-hot or soft for ``exclusive``, 0..1 for ``independent``, standardised for ``value``
        pools : ``logits`` averages logits over steps; ``distribution`` the steps' softmax, for ``exclusive`` only;
            ``each`` gives every step a loss of its own
        """
        if pools == "each":
            n = logits.shape[1]
            return sum(self.loss(logits[:, k : k + 1], y) for k in range(n)) / n
        if self.kind == "exclusive" and pools == "distribution":
            log_mean = torch.logsumexp(torch.log_softmax(logits, -1), dim=1) - np.log(logits.shape[1])
            return -(y * log_mean).sum(dim=-1).mean()
        track = logits.mean(dim=1)  # (B, n)
        if self.kind == "exclusive":
            return F.cross_entropy(track, y)
        if self.kind == "independent":
            return F.binary_cross_entropy_with_logits(track, y)
        return F.mse_loss(track, y)

    def merit(self, track_logits: np.ndarray, y: np.ndarray) -> tuple[str, float]:
        """Name and value of the figure that training shows: greater is better; NaN where nothing can be said."""
        if self.kind == "exclusive":
            return "accuracy", float((track_logits.argmax(-1) == y.argmax(-1)).mean())
        if self.kind == "independent" and np.isin(y, (0, 1)).all():
            return "roc_auc", _mean(_auc(p, t) for p, t in zip(track_logits.T, y.T, strict=True))
        return "pearson_r", _mean(_pearson(p, t) for p, t in zip(track_logits.T, y.T, strict=True))


def _mean(values) -> float:
    found = [value for value in values if np.isfinite(value)]
    return float(np.mean(found)) if found else float("nan")


def _auc(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve by ranks, ties shared."""
    from scipy.stats import rankdata

    positive = truth > 0.5
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    return float((rankdata(prediction)[positive].sum() - n * (n + 1) / 2) / (n * m))


def _pearson(prediction: np.ndarray, truth: np.ndarray) -> float:
    if np.ptp(prediction) == 0 or np.ptp(truth) == 0:
        return float("nan")
    return float(np.corrcoef(prediction, truth)[0, 1])
