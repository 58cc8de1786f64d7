"""By how much a random split flatters: one probe on the model's frozen embedding, judged with and without grouping.

A model file cannot be trained again here, and its own figure on rows that it has seen says nothing. So the same small
head, with the same penalty, is fitted on the honest parts and on random parts of the same size: what differs between
the two figures is the songs and artists that the random parts share.
"""

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.splits import Split, folds_of, random_folds, random_split, split_of
from earmark.data.targets import Targets
from earmark.evaluation import metrics as m

PENALTY = 0.1  # on the squared weights, per row, of standardised embeddings; not tuned
REPEATS = 5  # random splits beside a published one


def naive_beside_honest(x: np.ndarray, manifest: Manifest, targets: Targets, seed: int = 0) -> dict:
    """Figures of a linear probe under both ways to split.

    Parameters
    ----------
    x : float [n_rows, dim], track embeddings

    Returns
    -------
    ``honest`` and ``random``: figures (accuracy, balanced_accuracy, macro_f1; or roc_auc, pr_auc, pearson_r, means
    over the columns), ``source``, ``n_train``, ``n_test`` (means over splits) and ``n_splits``; and ``probe``, which
    says what was fitted
    """
    honest, naive = _splits(manifest, targets, seed)
    return {
        "probe": f"linear head on the frozen embedding, penalty {PENALTY} a row",
        "honest": _judged(x, targets, honest),
        "random": _judged(x, targets, naive),
    }


def _splits(manifest: Manifest, targets: Targets, seed: int) -> tuple[list[Split], list[Split]]:
    """The published split and random ones of its size; else grouped folds and as many random ones."""
    if "split" in manifest.columns and any(manifest.column("split")):
        published = split_of(manifest, targets, seed)
        naive = [random_split(manifest, targets, seed + k, published) for k in range(REPEATS)]
        return [published], naive
    honest = folds_of(manifest, targets, seed=seed)
    return honest, random_folds(manifest, targets, len(honest), seed)


def _judged(x: np.ndarray, targets: Targets, splits: list[Split]) -> dict:
    """Means over the splits; the probe learns from train (and valid, where there is a test part to judge)."""
    parts = [(np.concatenate([s.train, s.valid]), s.test) if len(s.test) else (s.train, s.valid) for s in splits]
    judge = _judge_classes if targets.kind == "exclusive" else _judge_columns
    figures = [judge(x, targets, fit, held) for fit, held in parts]
    mean = {key: m.macro([figure[key] for figure in figures]) for key in figures[0]}
    return {key: value if np.isfinite(value) else None for key, value in mean.items()} | {
        "source": splits[0].source,
        "n_train": round(np.mean([len(fit) for fit, _ in parts])),
        "n_test": round(np.mean([len(held) for _, held in parts])),
        "n_splits": len(splits),
    }


def _judge_classes(x: np.ndarray, targets: Targets, fit: np.ndarray, held: np.ndarray) -> dict:
    from sklearn.linear_model import LogisticRegression

    z, z_held = _standardised(x, fit, held)
    head = LogisticRegression(C=1 / (PENALTY * len(fit)), max_iter=500).fit(z, targets.index[fit])
    matrix = m.confusion_matrix(targets.index[held], head.predict(z_held), len(targets.names))
    return dict(zip(m.ONE_CLASS, m.from_confusion(matrix), strict=True))


def _judge_columns(x: np.ndarray, targets: Targets, fit: np.ndarray, held: np.ndarray) -> dict:
    from sklearn.linear_model import Ridge

    z, z_held = _standardised(x, fit, held)
    p = Ridge(alpha=PENALTY * len(fit)).fit(z, targets.values[fit]).predict(z_held).reshape(len(held), -1)
    truth = targets.values[held]
    ranked = [m.Ranked(q, m.positives(t)[0]) for q, t in zip(p.T, truth.T, strict=True)]
    return {
        "roc_auc": m.macro([r.roc_auc() for r in ranked]),
        "pr_auc": m.macro([r.pr_auc() for r in ranked]),
        "pearson_r": m.macro([m.pearson_r(q, t) for q, t in zip(p.T, truth.T, strict=True)]),
    }


def _standardised(x: np.ndarray, fit: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By the mean and spread of the rows that are fitted on."""
    centre, spread = x[fit].mean(axis=0), np.maximum(x[fit].std(axis=0), 1e-6)
    return (x[fit] - centre) / spread, (x[held] - centre) / spread
