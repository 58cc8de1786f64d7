"""Balance is made inside the training part and nowhere else."""

import numpy as np
import pytest

from datafiles import manifest_of
from earmark.data.targets import read_targets
from earmark.errors import ConfigError, DataError
from earmark.training.sampling import Balance, class_weights, draw_rows, parse_balance, positive_weights

GENRE = ["Rock"] * 50 + ["Jazz"] * 10 + ["Folk"] * 5
TRAIN = np.r_[0:40, 50:58, 60:64]  # Rock 40, Jazz 8, Folk 4


@pytest.fixture
def targets():
    return read_targets(manifest_of(genre=GENRE), ["genre"])


def drawn(targets, text, seed=0):
    rows = draw_rows(targets, TRAIN, parse_balance(text), seed)
    assert set(rows) <= set(TRAIN)
    return {name: int((targets.index[rows] == k).sum()) for k, name in enumerate(targets.names)}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("none", {"Folk": 4, "Jazz": 8, "Rock": 40}),
        ("weights", {"Folk": 4, "Jazz": 8, "Rock": 40}),
        ("over", {"Folk": 40, "Jazz": 40, "Rock": 40}),
        ("under", {"Folk": 4, "Jazz": 4, "Rock": 4}),
        ("Rock=4000,*=1000", {"Folk": 1000, "Jazz": 1000, "Rock": 4000}),
        ("Jazz=20", {"Folk": 4, "Jazz": 20, "Rock": 40}),
    ],
)
def test_each_method_draws_its_counts_from_training_rows_only(targets, text, counts):
    assert drawn(targets, text) == counts


def test_seeds_decide_the_draw(targets):
    balance = parse_balance("Rock=30,*=10")
    a, b, again = (draw_rows(targets, TRAIN, balance, seed).tolist() for seed in (0, 1, 0))
    assert a == again
    assert a != b
    assert a != sorted(a)


def test_weights_are_inverse_to_size_and_one_on_average(targets):
    weights = class_weights(targets, TRAIN)
    np.testing.assert_allclose(weights * [4, 8, 40], 52 / 3, rtol=1e-6)
    assert weights[targets.index[TRAIN]].mean() == pytest.approx(1)
    assert class_weights(targets, TRAIN[:40]).tolist() == [0, 0, 1]


def test_rare_tags_weigh_more_up_to_a_limit():
    targets = read_targets(manifest_of(a=[1, 0, 0, 0], b=[1, 1, 0, 0], c=[0, 0, 0, 1]), ["a", "b", "c"])
    np.testing.assert_allclose(positive_weights(targets, np.arange(4)), [3, 1, 3])
    assert positive_weights(targets, np.arange(3))[2] == 20


@pytest.mark.parametrize("text", ["both", "Rock=many", "Rock=1000,"])
def test_a_setting_that_is_not_understood_is_refused(text):
    with pytest.raises(ConfigError, match=r"Write none, over, under, weights, or draws such as Rock=4000"):
        parse_balance(text)


def test_unknown_classes_and_targets_without_classes_are_refused(targets):
    with pytest.raises(ConfigError, match="no such class. There are Folk, Jazz, Rock"):
        draw_rows(targets, TRAIN, parse_balance("Pop=5"), 0)
    tags = read_targets(manifest_of(a=[1, 0], b=[0, 1]), ["a", "b"])
    with pytest.raises(DataError, match="no classes to balance"):
        draw_rows(tags, np.arange(2), Balance("over"), 0)
