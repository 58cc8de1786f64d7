"""Metrics against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn import metrics as sk

from earmark.evaluation.metrics import Ranking, confusion_matrix, from_confusion, pearson_r, per_class, positives


@pytest.mark.parametrize("digits", [1, 6])
def test_areas_agree_with_scikit_learn_with_weights_and_ties(rng, digits):
    p = np.round(rng.random(300), digits)
    yes = rng.random(300) < p
    w = rng.integers(0, 4, 300)
    ranked = Ranking(p, yes)

    assert ranked.roc_auc(w) == pytest.approx(sk.roc_auc_score(yes, p, sample_weight=w))
    assert ranked.pr_auc(w) == pytest.approx(sk.average_precision_score(yes, p, sample_weight=w))
    assert ranked.roc_auc() == pytest.approx(sk.roc_auc_score(yes, p))


def test_an_area_without_both_kinds_of_rows_is_undefined():
    assert np.isnan(Ranking(np.array([0.1, 0.9]), np.array([True, True])).roc_auc())
    assert np.isnan(Ranking(np.array([0.1, 0.9]), np.array([False, False])).pr_auc())


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
