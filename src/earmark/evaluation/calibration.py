"""Do probabilities mean what they say? The reliability diagram and the expected calibration error."""

from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Answers sorted into bins by the probability that they were given with.

    Attributes
    ----------
    edges : float64 [n_bins + 1]
    count : int64 [n_bins], answers in each bin
    said : float64 [n_bins], their mean probability; NaN in an empty bin
    held : float64 [n_bins], the share of them that was right; NaN in an empty bin
    """

    edges: np.ndarray
    count: np.ndarray
    said: np.ndarray
    held: np.ndarray

    @property
    def ece(self) -> float:
        """Expected calibration error: the mean distance between said and held, each bin by its answers."""
        full = self.count > 0
        return float((self.count[full] * np.abs(self.said - self.held)[full]).sum() / self.count.sum())


def reliability(probability: np.ndarray, truth: np.ndarray, bins: int = BINS) -> Reliability:
    """Bin answers by probability.

    Parameters
    ----------
    probability : float [n_answers], 0..1
    truth : [n_answers], 0..1: whether, or to what share, the answer was right

    Source: Guo et al., "On calibration of modern neural networks" (2017); bins of equal width.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.ceil(np.asarray(probability, float) * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        said = np.bincount(place, probability, minlength=bins) / count
        held = np.bincount(place, truth, minlength=bins) / count
    return Reliability(edges, count, said, held)
