"""Class balance: which training rows an epoch sees, and what each class weighs in the loss.

Everything here takes the rows of the training part and gives back rows of it: drawing before a split is made would put
copies of training songs into the other parts.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from earmark.data.targets import Targets
from earmark.errors import ConfigError, DataError

Method = Literal["none", "over", "under", "weights", "draws"]
OTHERS = "*"  # in draws: every class that is not named


@dataclass(frozen=True)
class Balance:
    """How classes are balanced.

    Attributes
    ----------
    method : ``none``; ``over`` every class as large as the largest; ``under`` as small as the smallest; ``weights``
        the rows as they are, rare classes weigh more in the loss; ``draws`` a fixed number of rows of each class, with
        replacement
    draws : rows by class name; ``*`` for every class that is not named
    """

    method: Method = "none"
    draws: dict[str, int] = field(default_factory=dict)


def parse_balance(text: str) -> Balance:
    """Read a recipe's ``balance``: a method's name, or draws such as ``Rock=4000,*=1000``.

    Raises ConfigError for anything else.
    """
    if text in ("none", "over", "under", "weights"):
        return Balance(text)
    draws = {}
    for part in text.split(","):
        name, equals, number = part.rpartition("=")
        if not equals or not number.strip().isdigit():
            raise ConfigError(f"balance {text!r}", "not understood",
                            "Write none, over, under, weights, or draws such as Rock=4000,*=1000.")  # fmt: skip
        draws[name.strip()] = int(number)
    return Balance("draws", draws)


def draw_rows(targets: Targets, train: np.ndarray, balance: Balance, seed: int) -> np.ndarray:
    """The rows of one epoch, int64 [n_rows], shuffled, all of them from `train`; another seed gives another draw.

    Raises DataError where balance is asked for targets without classes, ConfigError where it names no class of theirs.
    """
    rng = np.random.default_rng(seed)
    if balance.method in ("none", "weights"):
        return rng.permutation(train)
    index = _classes(targets)[train]
    if balance.method == "draws":
        rows = _drawn(targets, train, index, balance.draws, rng)
    else:
        rows = _resampled(train, index, balance.method, seed)
    return rng.permutation(rows)


def class_weights(targets: Targets, train: np.ndarray) -> np.ndarray:
    """Loss weight of each class, float32 [n_classes]: inverse to its size, 1.0 on average over the training rows.

    A class without a training row weighs 0.
    """
    counts = np.bincount(_classes(targets)[train], minlength=len(targets.names))
    weights = np.zeros(len(counts), np.float32)
    present = counts > 0
    weights[present] = len(train) / (present.sum() * counts[present])
    return weights


def positive_weights(targets: Targets, train: np.ndarray, limit: float = 20.0) -> np.ndarray:
    """For independent targets: how much a positive weighs against a negative, float32 [n_tags], at most `limit`."""
    share = targets.values[train].mean(axis=0)
    return np.clip((1 - share) / np.maximum(share, 1e-9), 1 / limit, limit).astype(np.float32)


def _classes(targets: Targets) -> np.ndarray:
    if targets.kind != "exclusive":
        raise DataError("balance", f"{targets.kind} targets have no classes to balance", "Use balance = none.")
    return targets.index


def _drawn(
    targets: Targets, train: np.ndarray, index: np.ndarray, draws: dict[str, int], rng: np.random.Generator
) -> np.ndarray:
    unknown = sorted(set(draws) - set(targets.names) - {OTHERS})
    if unknown:
        raise ConfigError(f"balance {unknown}", "no such class", f"There are {', '.join(targets.names)}.")
    parts = []
    for k in np.unique(index):
        n = draws.get(targets.names[k], draws.get(OTHERS))
        rows = train[index == k]
        parts.append(rows if n is None else rng.choice(rows, n, replace=True))
    return np.concatenate(parts)


def _resampled(train: np.ndarray, index: np.ndarray, method: Method, seed: int) -> np.ndarray:
    from imblearn.over_sampling import RandomOverSampler
    from imblearn.under_sampling import RandomUnderSampler

    sampler = (RandomOverSampler if method == "over" else RandomUnderSampler)(random_state=seed)
    sampler.fit_resample(train[:, None], index)
    return train[sampler.sample_indices_]
