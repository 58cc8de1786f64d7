"""Energy against listeners' ratings: correlation of both measures with Emotify.

    python benchmarks/energy.py --data ../shared/data/emotify

Prints Pearson's r with power + joyful activation + tension - calmness - tenderness - sadness: of the tagger's energy on
fold 3, which the bundled model was not trained on; of the spectral activity on the same clips and, for each genre and
all clips, with weights fitted on the other folds; and the constants of `earmark.descriptors.energy`.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.descriptors.energy import TAG, measure_seconds
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import DEFAULT, model_path

RIDGE = 10.0
HELD_OUT = 3  # the fold that the bundled model was not trained on


def measure_clip(path: Path, model: Model) -> np.ndarray:
    """Mean rise, mean brightness and the tagger's energy of one clip: float64 [3]."""
    S = log_mel(load_audio(path).y, DEFAULT_FEATURES)
    rise, bright, _ = measure_seconds(S, DEFAULT_FEATURES.frame_rate)
    return np.array([rise.mean(), bright.mean(), model.run(S).tag(TAG)])


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's r of two arrays [n]."""
    return float(np.corrcoef(a, b)[0, 1])


def fit(X: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights [2] of a ridge regression of target [n] on standardised X [n, 2]."""
    return np.linalg.solve(X.T @ X + RIDGE * np.eye(X.shape[1]), X.T @ (target - target.mean()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    table = pd.read_csv(folder / "tracks.csv")
    target = table.power + table.joyful_activation + table.tension - table.calmness - table.tenderness - table.sadness
    target = target.to_numpy()
    model = load_model(model_path(DEFAULT))
    measured = np.array([measure_clip(folder / path, model) for path in table.path])
    X, tagged = measured[:, :2], measured[:, 2]
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    held_out = np.zeros(len(table))
    for fold in table.fold.unique():
        inside = (table.fold == fold).to_numpy()
        held_out[inside] = Z[inside] @ fit(Z[~inside], target[~inside])
    for genre, rows in [*table.groupby("genre").groups.items(), ("all", table.index)]:
        print(f"activity, {genre:12s} {len(rows):4d} clips  r = {correlation(held_out[rows], target[rows]):.3f}")
    rows = np.flatnonzero(table.fold == HELD_OUT)
    for name, values in (("activity", held_out), ("tagger", tagged)):
        print(f"{name}, fold {HELD_OUT} {len(rows):4d} clips  r = {correlation(values[rows], target[rows]):.3f}")
    weights = fit(Z, target)
    print("means", X.mean(axis=0), "stds", X.std(axis=0), "weights", weights, "spread", (Z @ weights).std())


if __name__ == "__main__":
    main()
