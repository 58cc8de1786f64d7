"""Energy against listeners' ratings: correlation with Emotify, weights fitted on the other folds.

    python benchmarks/energy.py --data ../shared/data/emotify

Prints, for each genre and for all clips, Pearson's r between the held-out prediction and
power + joyful activation + tension - calmness - tenderness - sadness, and the constants of
`earmark.descriptors.energy`.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.descriptors.energy import measure_seconds

RIDGE = 10.0


def measure_clip(path: Path) -> np.ndarray:
    """Mean rise and brightness of one clip: float64 [2]."""
    S = log_mel(load_audio(path).y, DEFAULT_FEATURES)
    rise, bright, _ = measure_seconds(S, DEFAULT_FEATURES.frame_rate)
    return np.array([rise.mean(), bright.mean()])


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
    X = np.array([measure_clip(folder / path) for path in table.path])
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    held_out = np.zeros(len(table))
    for fold in table.fold.unique():
        inside = (table.fold == fold).to_numpy()
        held_out[inside] = Z[inside] @ fit(Z[~inside], target[~inside])
    for genre, rows in [*table.groupby("genre").groups.items(), ("all", table.index)]:
        print(f"{genre:12s} {len(rows):4d} clips  r = {np.corrcoef(held_out[rows], target[rows])[0, 1]:.3f}")
    weights = fit(Z, target)
    print("means", X.mean(axis=0), "stds", X.std(axis=0), "weights", weights, "spread", (Z @ weights).std())


if __name__ == "__main__":
    main()
