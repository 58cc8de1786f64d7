"""Splits that divide nothing they must not divide."""

from dataclasses import replace

import numpy as np
import pytest

from datafiles import manifest_of
from earmark.data.splits import folds_of, inner_valid, random_folds, random_split, split_of
from earmark.data.targets import read_targets
from earmark.errors import DataError


def many(n_artists: int = 40, n_songs: int = 3, **columns):
    """Artists with songs of two files each, four classes, one class an artist."""
    artist = np.repeat(np.arange(n_artists), n_songs * 2)
    song = np.repeat(np.arange(n_artists * n_songs), 2)
    genre = np.array(list("abcd"))[artist % 4]
    manifest = manifest_of(artist=[f"artist {a}" for a in artist], song=[f"s{s}" for s in song], genre=genre, **columns)
    return manifest, read_targets(manifest, ["genre"])


def share_nothing(manifest, split) -> bool:
    groups = np.array(manifest.groups())
    owned = [set(groups[rows]) for rows in split.parts().values()]
    return not (owned[0] & owned[1] or owned[0] & owned[2] or owned[1] & owned[2])


@pytest.mark.parametrize("seed", range(5))
def test_a_grouped_split_divides_no_artist_and_keeps_the_classes(seed):
    manifest, targets = many()
    split = split_of(manifest, targets, seed)
    assert split.source == "grouped"
    assert sorted(np.concatenate(list(split.parts().values()))) == list(range(len(manifest)))
    assert share_nothing(manifest, split)
    for rows in split.parts().values():
        assert set(targets.index[rows]) == {0, 1, 2, 3}
    assert 0.15 <= len(split.test) / len(manifest) <= 0.25


def test_seeds_differ_and_repeat():
    manifest, targets = many()
    a, b, again = (split_of(manifest, targets, seed).test.tolist() for seed in (0, 1, 0))
    assert a == again
    assert a != b


def test_folds_test_each_row_once_and_divide_no_artist():
    manifest, targets = many()
    folds = folds_of(manifest, targets, n=5, seed=3)
    assert len(folds) == 5
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(manifest)))
    assert all(share_nothing(manifest, fold) for fold in folds)


@pytest.mark.filterwarnings("error")
def test_a_class_with_fewer_rows_than_folds_is_no_reason_to_warn():
    manifest, _ = many()
    rows = [row | {"genre": "rare"} if i in (0, 2) else row for i, row in enumerate(manifest.rows)]
    rare = replace(manifest, rows=rows)
    folds = folds_of(rare, read_targets(rare, ["genre"]), n=5)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(rare)))


def test_the_manifests_split_wins():
    part = ["train"] * 120 + ["validation"] * 60 + ["Test"] * 50 + [""] * 10
    manifest, targets = many(split=part)
    split = split_of(manifest, targets)
    assert split.source == "manifest split"
    assert [len(rows) for rows in split.parts().values()] == [120, 60, 50]
    assert split.test.tolist() == list(range(180, 230))


def test_a_manifest_without_a_valid_part_gets_one_out_of_training():
    manifest, targets = many(split=["train"] * 180 + ["test"] * 60)
    split = split_of(manifest, targets)
    assert split.test.tolist() == list(range(180, 240))
    assert set(split.train) | set(split.valid) == set(range(180))
    assert len(split.valid)
    assert share_nothing(manifest, split)


def test_published_folds_are_kept_in_number_order():
    fold = np.arange(240) // 6 % 12
    manifest, targets = many(fold=fold)
    folds = folds_of(manifest, targets, n=3)
    assert [set(fold[split.test]) for split in folds] == [{k} for k in range(12)]
    assert all(share_nothing(manifest, split) for split in folds)
    assert split_of(manifest, targets).source == "manifest fold"


def test_the_random_split_divides_artists_and_keeps_sizes_and_classes():
    manifest, targets = many()
    honest = split_of(manifest, targets)
    naive = random_split(manifest, targets, seed=1, like=honest)
    assert [len(rows) for rows in naive.parts().values()] == [len(rows) for rows in honest.parts().values()]
    assert sorted(np.concatenate(list(naive.parts().values()))) == list(range(len(manifest)))
    assert not share_nothing(manifest, naive)
    assert np.ptp(np.bincount(targets.index[naive.test])) <= 2


def test_random_folds_are_disjoint_and_complete():
    manifest, targets = many(n_artists=8)
    folds = random_folds(manifest, targets, n=4)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(manifest)))
    for fold in folds:
        assert not set(fold.train) & set(fold.valid)
        assert not set(fold.train) & set(fold.test)
        assert not set(fold.valid) & set(fold.test)


def test_tags_and_values_are_split_too(rng):
    manifest, _ = many(t1=rng.integers(0, 2, 240), t2=(rng.random(240) < 0.1).astype(int), v=rng.normal(size=240))
    for columns in (["t1", "t2"], ["v"]):
        targets = read_targets(manifest, columns)
        split = split_of(manifest, targets)
        assert share_nothing(manifest, split)
        assert abs(targets.values[split.test].mean() - targets.values.mean()) < 0.25


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"split": ["train", "trian", "test"]}, r"unknown parts: 'trian' in row 3 \(1.wav\)"),
        ({"split": ["valid", "test", "test"]}, "no row is `train`"),
        ({"fold": ["0", "", "1"]}, r"blank in row 3"),
        ({"fold": ["0", "0", "0"]}, "one fold only"),
        ({"artist": ["same", "same", "Same"]}, "3 rows of one song or artist cannot be divided"),
    ],
)
def test_a_split_that_cannot_be_is_refused(columns, message):
    with pytest.raises(DataError, match=message):
        split_of(manifest_of(**columns))


def test_few_groups_still_make_folds():
    manifest = manifest_of(artist=["a", "a", "b", "b", "c"], genre=["x", "y", "x", "y", "x"])
    folds = folds_of(manifest, None, n=5)
    assert len(folds) == 3
    assert all(share_nothing(manifest, fold) for fold in folds)


def test_inner_valid_stays_inside_its_rows():
    manifest, targets = many()
    rows = np.arange(0, 120)
    fit, valid = inner_valid(manifest, targets, rows)
    assert sorted([*fit, *valid]) == rows.tolist()
