"""A random split flatters where artists repeat, and this is measured."""

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.targets import Targets
from earmark.evaluation.random_split import compare_splits


def artists_not_genres(rng, split: bool) -> tuple[np.ndarray, Manifest, Targets]:
    """Embeddings that hold who plays and nothing of the class: 24 artists of 8 files, each of one class at random."""
    artist = np.repeat(np.arange(24), 8)
    voice = rng.normal(0, 1, (24, 32))
    x = voice[artist] + 0.2 * rng.normal(0, 1, (192, 32))
    index = np.tile([0, 1], 12)[artist]
    rows = [{"path": f"{i}.wav", "artist": f"a{a}"} for i, a in enumerate(artist)]
    if split:
        rows = [row | {"split": "train" if a < 16 else "valid"} for row, a in zip(rows, artist, strict=True)]
    targets = Targets("exclusive", ("x", "y"), np.eye(2, dtype=np.float32)[index], index)
    return x.astype(np.float32), Manifest(None, "made", rows), targets


def test_without_artists_in_both_parts_there_is_nothing_to_learn(rng):
    found = compare_splits(*artists_not_genres(rng, split=False))

    assert found["random"]["accuracy"] > 0.95
    assert found["honest"]["accuracy"] < 0.65
    assert found["honest"]["source"] == "grouped"
    assert found["honest"]["n_splits"] == found["random"]["n_splits"] == 5


def test_a_published_split_stands_beside_random_ones_of_its_size(rng):
    found = compare_splits(*artists_not_genres(rng, split=True))

    assert (found["honest"]["source"], found["random"]["source"]) == ("manifest split", "random")
    assert found["honest"]["n_test"] == found["random"]["n_test"] == 64
    assert found["random"]["accuracy"] > found["honest"]["accuracy"] + 0.2


def test_shares_are_judged_by_correlation(rng):
    x, manifest, _ = artists_not_genres(rng, split=False)
    values = np.column_stack([x[:, 0], x[:, 1]])
    found = compare_splits(x, manifest, Targets("value", ("a", "b"), values, np.zeros(0, np.int64)))

    assert found["honest"]["pearson_r"] > 0.85
