"""Loss and figure of merit for exclusive classes, independent tags and values."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from earmark.tagger.tagset import Kind

Z_FLOOR = 1e-6  # a column that never changes has no scale of its own


@dataclass(frozen=True)
class Objective:
    """One kind of target, with the scale of values and the weights of classes.

    Attributes
    ----------
    kind : as `earmark.tagger.tagset.TagGroup.kind`
    centre, spread : float32 [n], the mean and standard deviation of the training targets for ``value``, else 0 and 1.
        A network learns (y - centre) / spread; the model file's calibration puts its output back on the scale.
    weights : float32 [n]; how much a class, or the presence of a tag, weighs in the loss of training
    """

    kind: Kind
    centre: np.ndarray
    spread: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, kind: Kind, values: np.ndarray, weights: np.ndarray | None = None) -> "Objective":
        """The objective for training targets float32 [n_rows, n]; every class weighs 1 without `weights`."""
        zeros, ones = np.zeros(values.shape[1], np.float32), np.ones(values.shape[1], np.float32)
        weights = ones if weights is None else weights.astype(np.float32)
        if kind != "value":
            return cls(kind, zeros, ones, weights)
        return cls(kind, values.mean(axis=0), np.maximum(values.std(axis=0), Z_FLOOR), weights)

    def standardise(self, values: np.ndarray) -> np.ndarray:
        """Targets [n_rows, n] on the scale that a network learns, float32; unchanged but for ``value``."""
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
        weights = torch.from_numpy(self.weights).to(logits.device)
        track = logits.mean(dim=1)  # (B, n)
        if self.kind == "value":
            return F.mse_loss(track, y)
        if self.kind == "independent":
            return F.binary_cross_entropy_with_logits(track, y, pos_weight=weights)
        if pools == "distribution":
            track = torch.logsumexp(torch.log_softmax(logits, -1), dim=1)  # log of the sum of distributions
        return -(weights * y * torch.log_softmax(track, dim=-1)).sum(dim=-1).mean()

    def merit(self, track_logits: np.ndarray, y: np.ndarray) -> tuple[str, float]:
        """Name and value of the figure of merit: greater is better, NaN where it is not defined.

        Parameters
        ----------
        track_logits : float32 [n_rows, n]
        y : float32 [n_rows, n], standardised targets

        Returns
        -------
        ``accuracy`` of exclusive classes, ``roc_auc`` of tags that hold or not, ``pearson_r`` of shares and values
        """
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
