"""Losses and figures of merit with known answers."""

import numpy as np
import pytest
import torch

from earmark.training.objective import Objective

ONE_HOT = np.eye(2, dtype=np.float32)


def loss(objective, logits, y, pools="logits") -> float:
    return float(objective.loss(torch.tensor(logits, dtype=torch.float32), torch.tensor(y, dtype=torch.float32), pools))


def test_exclusive_loss_is_the_cross_entropy_of_the_mean_logit():
    objective = Objective.of("exclusive", ONE_HOT)
    logits = [[[3.0, 0.0], [0.0, 1.0]]]  # two steps with the mean (1.5, 0.5)
    assert loss(objective, logits, [[1, 0]]) == pytest.approx(np.log(1 + np.exp(-1)))


def test_each_step_may_have_a_loss_of_its_own():
    objective = Objective.of("exclusive", ONE_HOT)
    logits, y = [[[3.0, 0.0], [0.0, 1.0]]], [[1, 0]]
    single = [loss(objective, [[step]], y) for step in logits[0]]
    assert loss(objective, logits, y, "each") == pytest.approx(np.mean(single))


def test_a_class_weighs_as_much_as_it_is_told():
    plain = Objective.of("exclusive", ONE_HOT)
    weighted = Objective.of("exclusive", ONE_HOT, np.array([5.0, 1.0]))
    logits = [[[1.0, 0.0]]]
    assert loss(weighted, logits, [[1, 0]]) == pytest.approx(5 * loss(plain, logits, [[1, 0]]))
    assert loss(weighted, logits, [[0, 1]]) == pytest.approx(loss(plain, logits, [[0, 1]]))


def test_values_are_standardised_by_the_training_rows_and_a_constant_column_is_not_divided_by_zero():
    values = np.array([[100.0, 7.0], [140.0, 7.0]], np.float32)
    objective = Objective.of("value", values)
    np.testing.assert_allclose(objective.standardise(values)[:, 0], [-1, 1])
    assert np.isfinite(objective.standardise(values)).all()
    assert Objective.of("independent", values).standardise(values).tolist() == values.tolist()


def test_figures_of_merit():
    truth = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], np.float32)
    logits = np.array([[2, 1], [0, 1], [0, 3], [1, 2]], np.float32)
    assert Objective.of("exclusive", truth).merit(logits, truth) == ("accuracy", 0.75)
    name, value = Objective.of("independent", truth).merit(logits, truth)
    # first tag: positives 2, 0 against 0, 1 win 2, tie 1 of 4 pairs; second: positives 1, 2 against 1, 3
    assert (name, value) == ("roc_auc", pytest.approx((2.5 / 4 + 1.5 / 4) / 2))
    name, value = Objective.of("value", truth).merit(2 * truth + 1, truth * 0.5)
    assert (name, value) == ("pearson_r", pytest.approx(1.0))


def test_a_figure_that_is_not_defined_is_nan():
    everywhere = np.ones((3, 1), np.float32)
    name, value = Objective.of("independent", everywhere).merit(np.arange(3.0)[:, None], everywhere)
    assert name == "roc_auc"
    assert np.isnan(value)
