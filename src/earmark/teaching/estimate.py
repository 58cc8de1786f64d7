"""What a head on a user's examples is worth on tracks that it has not seen, and how sure that is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

ENOUGH, ENOUGH_ARTISTS = 5, 3  # examples and artists of each class, below which nothing can be said
RESAMPLES = 500
TAIL = 2.5  # percent outside an interval at each end,
Z = 1.96  # and that many standard deviations of a normal distribution


@dataclass(frozen=True)
class Estimate:
    """Figures of a cross-validation that divides no artist; each with the ends of its 95 % interval.

    Attributes
    ----------
    n_examples : class -> its number
    n_artists : that the examples are by
    auc : area under the ROC curve, mean of the tags; None where there are too few examples to say
    balanced_accuracy : mean over the classes of the share that is told right; chance is 1 / number of classes
    accuracy, majority_rate : share told right, and what naming the commonest class would reach
    """

    n_examples: dict[str, int]
    n_artists: int
    auc: tuple[float, float, float] | None = None
    balanced_accuracy: tuple[float, float, float] | None = None
    accuracy: float | None = None
    majority_rate: float | None = None

    @property
    def verdict(self) -> str:
        """``too few to say``, ``no better than chance, as far as these examples tell``, or nothing to add."""
        if self.auc is None:
            return "too few to say"
        return "" if self.auc[1] > 0.5 else "not told apart from chance: give more examples"

    def to_dict(self) -> dict:
        """For JSON; ``enough`` is false where it is too few to say."""
        return asdict(self) | {"enough": self.auc is not None, "verdict": self.verdict}


def estimate(logits: np.ndarray, labels: np.ndarray, groups: Sequence[str], names: Sequence[str]) -> Estimate:
    """The figures of held-out logits, float [n, n_classes] as `earmark.teaching.fit.held_out_logits` makes them.

    names : of the classes; "" is none of the tags, and has no curve of its own
    """
    counts = dict(zip(names, np.bincount(labels, minlength=len(names)).tolist(), strict=True))
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    n_artists = int(group.max()) + 1
    artists = [len(np.unique(group[labels == k])) for k in range(len(names))]
    known = np.isfinite(logits).all(axis=1)
    if min(counts.values()) < ENOUGH or min(artists) < ENOUGH_ARTISTS or not known.all():
        return Estimate(counts, n_artists)
    told = [k for k, name in enumerate(names) if name]
    p, guess = scipy.special.softmax(logits, axis=1)[:, told], logits.argmax(axis=1)

    def figures(rows: np.ndarray) -> tuple[float, float]:
        truth = labels[rows]
        aucs = [area(p[rows, i], truth == k) for i, k in enumerate(told)]
        right = [np.mean(guess[rows][truth == k] == k) if (truth == k).any() else np.nan for k in range(len(names))]
        return float(np.mean(aucs)), float(np.mean(right))

    auc, balanced = figures(np.arange(len(labels)))
    ends = [_wider(*pair, n_artists) for pair in zip((auc, balanced), _ends(figures, group), strict=True)]
    return Estimate(
        counts, n_artists, (auc, *ends[0]), (balanced, *ends[1]), float(np.mean(guess == labels)),
        max(counts.values()) / len(labels),
    )  # fmt: skip


def area(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve: the share of pairs in the right order, ties by half; NaN where a side is empty."""
    n_yes, n_no = int(truth.sum()), int((~truth).sum())
    if not n_yes or not n_no:
        return float("nan")
    from scipy.stats import rankdata  # imported late: it takes longer than a search

    return float((rankdata(scores)[truth].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def _wider(share: float, ends: tuple[float, float], n: int) -> tuple[float, float]:
    """An interval made no narrower than Wilson's of a share in n: a few examples without a mistake prove little."""
    middle, half = share + Z**2 / (2 * n), Z * (share * (1 - share) / n + Z**2 / (4 * n**2)) ** 0.5
    low, high = ((middle + sign * half) / (1 + Z**2 / n) for sign in (-1, 1))
    return min(ends[0], low), max(ends[1], high)


def _ends(figures, group: np.ndarray) -> list[tuple[float, float]]:
    """The ends of each figure's interval: whole artists are drawn with replacement."""
    rows_of = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
    rng, drawn = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        picks = rng.integers(len(rows_of), size=len(rows_of))
        drawn.append(figures(np.concatenate([rows_of[pick] for pick in picks])))
    return [tuple(map(float, np.nanpercentile(column, [TAIL, 100 - TAIL]))) for column in np.array(drawn).T]
