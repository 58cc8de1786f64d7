"""Figures of merit against scikit-learn and by hand, their intervals, and calibration."""

import numpy as np
import pytest
from sklearn import metrics as sk

from earmark.evaluation.calibration import reliability
from earmark.evaluation.figures import judge_classes, judge_columns
from earmark.evaluation.intervals import intervals, resamples
from earmark.evaluation.metrics import Ranked, confusion_matrix, from_confusion, pearson_r, per_class, positives


@pytest.mark.parametrize("digits", [1, 6])
def test_areas_agree_with_scikit_learn_with_weights_and_ties(rng, digits):
    p = np.round(rng.random(300), digits)
    yes = rng.random(300) < p
    w = rng.integers(0, 4, 300)
    ranked = Ranked(p, yes)

    assert ranked.roc_auc(w) == pytest.approx(sk.roc_auc_score(yes, p, sample_weight=w))
    assert ranked.pr_auc(w) == pytest.approx(sk.average_precision_score(yes, p, sample_weight=w))
    assert ranked.roc_auc() == pytest.approx(sk.roc_auc_score(yes, p))


def test_an_area_without_both_kinds_of_rows_is_undefined():
    assert np.isnan(Ranked(np.array([0.1, 0.9]), np.array([True, True])).roc_auc())
    assert np.isnan(Ranked(np.array([0.1, 0.9]), np.array([False, False])).pr_auc())


def test_one_class_figures_agree_with_scikit_learn(rng):
    truth, guess = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    accuracy, balanced, f1 = from_confusion(confusion_matrix(truth, guess, 4))

    assert accuracy == pytest.approx(sk.accuracy_score(truth, guess))
    assert balanced == pytest.approx(sk.balanced_accuracy_score(truth, guess))
    assert f1 == pytest.approx(sk.f1_score(truth, guess, average="macro"))


def test_a_class_that_is_only_answered_costs_recall_but_adds_no_f1_of_zero():
    matrix = confusion_matrix(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1]), 3)

    assert from_confusion(matrix) == pytest.approx([0.75, 0.75, (2 / 3 + 1) / 2])
    assert per_class(matrix)[2] == {"n": 0, "precision": 0.0, "recall": None, "f1": None}


def test_correlation_with_weights_is_that_of_repeated_rows(rng):
    x, y = rng.random(40), rng.random(40)
    w = rng.integers(0, 3, 40)

    repeated = np.corrcoef(np.repeat(x, w), np.repeat(y, w))[0, 1]
    assert pearson_r(x, y, w) == pytest.approx(repeated)
    assert np.isnan(pearson_r(np.ones(5), np.arange(5)))


def test_shares_are_cut_at_their_median_and_flags_are_not():
    yes, above = positives(np.array([0.1, 0.2, 0.3, 0.4]))
    assert (yes.tolist(), above) == ([False, False, True, True], pytest.approx(0.25))
    yes, above = positives(np.array([0, 0, 0, 1]))
    assert (yes.tolist(), above) == ([False, False, False, True], 0.5)


def test_an_interval_is_as_wide_as_the_binomial_says():
    right = np.repeat([1.0, 0.0], [70, 30])
    ends = intervals(lambda w: np.array([(w * right).sum() / w.sum()]), [str(i) for i in range(100)], n=2000)

    spread = 1.96 * np.sqrt(0.7 * 0.3 / 100)
    assert ends[0] == pytest.approx([0.7 - spread, 0.7 + spread], abs=0.015)


def test_copies_of_a_song_are_no_further_evidence():
    right = np.tile(np.repeat([1.0, 0.0], [7, 3]), 10)
    song = [str(i) for i in np.tile(np.arange(10), 10)]
    ends = intervals(lambda w: np.array([(w * right).sum() / w.sum()]), song)

    assert np.ptp(ends[0]) > 0.5  # ten songs, not a hundred: 0.57 by the binomial, 0.18 without groups


def test_a_group_is_drawn_as_a_whole():
    for weights in resamples(["a", "a", "b", "c", "c"], n=20):
        assert weights[0] == weights[1]
        assert weights[3] == weights[4]
        assert weights[0] + weights[2] + weights[3] == 3


def test_a_figure_that_is_seldom_defined_has_no_interval():
    assert np.isnan(intervals(lambda w: np.array([np.nan if w[0] < 3 else 1.0]), list("abcd"), n=200)).all()


def test_calibration_error_by_hand():
    said = np.repeat([0.9, 0.55], 100)
    right = np.concatenate([np.arange(100) < 60, np.arange(100) < 55])

    found = reliability(said, right)
    assert found.ece == pytest.approx((0.3 + 0.0) / 2)
    assert (found.count[5], found.count[8]) == (100, 100)
    assert found.held[8] == pytest.approx(0.6)


def test_probabilities_of_zero_and_one_fall_into_the_outer_bins():
    found = reliability(np.array([0.0, 1.0]), np.array([0, 1]))
    assert (found.count[0], found.count[-1], found.ece) == (1, 1, 0.0)


def test_classes_judged_by_hand():
    p = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]])
    found = judge_classes(p, np.array([0, 1, 1, 1]), ["a", "b", "c"], ["1", "2", "3", "4"], n=50)

    assert (found["accuracy"], found["majority_rate"], found["n_groups"]) == (0.5, 0.75, 4)
    assert found["confusion"]["matrix"] == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert found["per_class"]["c"]["recall"] is None
    assert found["calibration"]["log_loss"] == pytest.approx(-np.log([0.8, 0.3, 0.7, 0.2]).mean())


def test_every_figure_lies_in_its_interval_the_majority_rate_of_even_classes_too(rng):
    truth = np.arange(80) % 4
    p = rng.dirichlet(np.ones(4), 80)
    found = judge_classes(p, truth, list("abcd"), [str(i) for i in range(80)], n=300)

    for name, (low, high) in found["intervals"].items():
        assert low < found[name] < high, name


def test_columns_judged_by_hand(rng):
    truth = rng.random((60, 2))
    p = np.column_stack([truth[:, 0], 1 - truth[:, 1]])
    found = judge_columns(p, truth, ["up", "down"], [str(i) for i in range(60)], n=50)

    assert found["pearson_r"] == {"up": pytest.approx(1), "down": pytest.approx(-1), "macro": pytest.approx(0)}
    assert found["roc_auc"]["up"] == 1
    assert found["roc_auc"]["down"] == 0
    assert found["positive"]["up"]["rate"] == 0.5
