"""Where in a track a question is heard best."""

from dataclasses import dataclass

import numpy as np

LONGEST = 10.0  # seconds of a passage
SHARE = 0.25  # of a track that is shorter than four such


@dataclass(frozen=True)
class Fitting:
    """The stretch of a track that fits best: seconds; and how much better it fits than the whole.

    lift : in the same units as the product of an embedding with the direction asked for
    """

    start: float
    end: float
    lift: float

    def to_dict(self) -> dict:
        """One of ``passages``."""
        return {"start": round(self.start, 2), "end": round(self.end, 2), "lift": round(self.lift, 3)}


def best_passage(times: np.ndarray, embedding: np.ndarray, vector: np.ndarray, seconds: float) -> Fitting:
    """The passage whose mean product with a direction is highest.

    Parameters
    ----------
    times, embedding : float [steps], centres in seconds, and [steps, dim], of the track over time
    vector : float [dim], the direction
    seconds : that were heard of the track
    """
    values = embedding @ vector
    length = min(LONGEST, max(seconds * SHARE, seconds / len(values)))
    n = min(len(values), max(1, round(len(values) * length / seconds)))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means = (sums[n:] - sums[:-n]) / n
    first = int(means.argmax())
    edges = np.concatenate([[0.0], (times[1:] + times[:-1]) / 2, [seconds]])
    return Fitting(float(edges[first]), float(edges[first + n]), float(means[first] - values.mean()))
