"""The figures of metrics.json by hand."""

import numpy as np
import pytest

from earmark.evaluation.figures import classification_figures, column_figures


def test_classes_judged_by_hand():
    p = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]])
    found = classification_figures(p, np.array([0, 1, 1, 1]), ["a", "b", "c"], ["1", "2", "3", "4"], n=50)

    assert (found["accuracy"], found["majority_rate"], found["n_groups"]) == (0.5, 0.75, 4)
    assert found["confusion"]["matrix"] == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert found["per_class"]["c"]["recall"] is None
    assert found["calibration"]["log_loss"] == pytest.approx(-np.log([0.8, 0.3, 0.7, 0.2]).mean())


def test_every_figure_lies_in_its_interval_the_majority_rate_of_even_classes_too(rng):
    truth = np.arange(80) % 4
    p = rng.dirichlet(np.ones(4), 80)
    found = classification_figures(p, truth, list("abcd"), [str(i) for i in range(80)], n=300)

    for name, (low, high) in found["intervals"].items():
        assert low < found[name] < high, name


def test_columns_judged_by_hand(rng):
    truth = rng.random((60, 2))
    p = np.column_stack([truth[:, 0], 1 - truth[:, 1]])
    found = column_figures(p, truth, ["up", "down"], [str(i) for i in range(60)], n=50)

    assert found["pearson_r"] == {"up": pytest.approx(1), "down": pytest.approx(-1), "macro": pytest.approx(0)}
    assert found["roc_auc"]["up"] == 1
    assert found["roc_auc"]["down"] == 0
    assert found["positive"]["up"]["rate"] == 0.5
