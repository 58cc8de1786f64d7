"""By how much a random split flatters: one probe on the model's frozen embedding, under two ways to split.

A model file cannot be trained again here, and its own figure on rows that it was trained on tells nothing. So the same
linear head, with the same penalty, is fitted once on parts that share no song or artist, and once on random parts of
the same size. The two figures differ by what the shared songs and artists of the random parts add.
"""

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.splits import Split, folds_of, random_folds, random_split, split_of
from earmark.data.targets import Targets
from earmark.evaluation.figures import COLUMN_FIGURES
from earmark.evaluation.metrics import (
    CONFUSION_FIGURES,
    Ranking,
    confusion_matrix,
    from_confusion,
    macro,
    pearson_r,
    positives,
)

PENALTY = 0.1  # on the squared weights, per row, of standardised embeddings; not tuned
REPEATS = 5  # random splits beside a published one


def compare_splits(x: np.ndarray, manifest: Manifest, targets: Targets, seed: int = 0) -> dict:
    """Figures of a linear probe under both ways to split.

    Parameters
    ----------
    x : float [n_rows, dim], track embeddings
    manifest, targets : of the same rows

    Returns
    -------
    ``honest`` and ``random``: figures (accuracy, balanced_accuracy, macro_f1; or roc_auc, pr_auc, pearson_r, means
    over the columns), ``source``, ``n_train``, ``n_test`` (means over splits) and ``n_splits``; and ``probe``, which
    tells what was fitted

    Raises
    ------
    DataError : the manifest cannot be split
    """
    published, random = _splits(manifest, targets, seed)
    return {
        "probe": f"linear head on the frozen embedding, penalty {PENALTY} a row",
        "honest": _mean_figures(x, targets, published),
        "random": _mean_figures(x, targets, random),
    }


def _splits(manifest: Manifest, targets: Targets, seed: int) -> tuple[list[Split], list[Split]]:
    """The published split and random ones of its size; else grouped folds and as many random ones."""
    if "split" in manifest.columns and any(manifest.column("split")):
        published = split_of(manifest, targets, seed)
        return [published], [random_split(manifest, targets, seed + k, published) for k in range(REPEATS)]
    grouped = folds_of(manifest, targets, seed=seed)
    return grouped, random_folds(manifest, targets, len(grouped), seed)


def _mean_figures(x: np.ndarray, targets: Targets, splits: list[Split]) -> dict:
    """Means over the splits; the probe is fitted on train (and on valid, where there is a test part to measure on)."""
    parts = [(np.concatenate([s.train, s.valid]), s.test) if len(s.test) else (s.train, s.valid) for s in splits]
    figures_of = _classification_figures if targets.kind == "exclusive" else _column_figures
    figures = [figures_of(*_standardise(x, fit, held), targets, fit, held) for fit, held in parts]
    mean = {key: macro([figure[key] for figure in figures]) for key in figures[0]}
    return {key: value if np.isfinite(value) else None for key, value in mean.items()} | {
        "source": splits[0].source,
        "n_train": round(np.mean([len(fit) for fit, _ in parts])),
        "n_test": round(np.mean([len(held) for _, held in parts])),
        "n_splits": len(splits),
    }


def _standardise(x: np.ndarray, fit: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows `fit` and rows `held` of `x`, by the mean and spread of the former."""
    centre, spread = x[fit].mean(axis=0), np.maximum(x[fit].std(axis=0), 1e-6)
    return (x[fit] - centre) / spread, (x[held] - centre) / spread


def _classification_figures(z, z_held, targets: Targets, fit: np.ndarray, held: np.ndarray) -> dict:
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=1 / (PENALTY * len(fit)), max_iter=500).fit(z, targets.index[fit])
    matrix = confusion_matrix(targets.index[held], head.predict(z_held), len(targets.names))
    return dict(zip(CONFUSION_FIGURES, from_confusion(matrix), strict=True))


def _column_figures(z, z_held, targets: Targets, fit: np.ndarray, held: np.ndarray) -> dict:
    from sklearn.linear_model import Ridge

    head = Ridge(alpha=PENALTY * len(fit)).fit(z, targets.values[fit])
    p, truth = head.predict(z_held).reshape(len(held), -1), targets.values[held]
    rankings = [Ranking(q, positives(t)[0]) for q, t in zip(p.T, truth.T, strict=True)]
    table = (
        [r.roc_auc() for r in rankings],
        [r.pr_auc() for r in rankings],
        [pearson_r(q, t) for q, t in zip(p.T, truth.T, strict=True)],
    )
    return dict(zip(COLUMN_FIGURES, map(macro, table), strict=True))
