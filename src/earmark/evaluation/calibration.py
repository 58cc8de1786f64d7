"""Whether probabilities hold: the reliability diagram and the expected calibration error."""

from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Predictions sorted into bins by their probability.

    Attributes
    ----------
    edges : float64 [n_bins + 1], 0..1
    count : int64 [n_bins], predictions in each bin
    predicted : float64 [n_bins], their mean probability; NaN in an empty bin
    observed : float64 [n_bins], the share of them that was right; NaN in an empty bin
    """

    edges: np.ndarray
    count: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray

    @property
    def ece(self) -> float:
        """Expected calibration error, 0..1: mean of abs(predicted - observed), each bin weighted by its count."""
        full = self.count > 0
        return float((self.count[full] * np.abs(self.predicted - self.observed)[full]).sum() / self.count.sum())


def reliability(probability: np.ndarray, truth: np.ndarray, bins: int = BINS) -> Reliability:
    """Sort predictions into bins of equal width by their probability.

    Parameters
    ----------
    probability : float [n_predictions], 0..1
    truth : [n_predictions], 0..1: whether, or to what share, the prediction was right

    Source: Guo et al., "On calibration of modern neural networks" (2017).
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.ceil(np.asarray(probability, float) * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        predicted = np.bincount(place, probability, minlength=bins) / count
        observed = np.bincount(place, truth, minlength=bins) / count
    return Reliability(edges, count, predicted, observed)
