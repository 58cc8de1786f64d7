"""Reliability by hand."""

import numpy as np
import pytest

from earmark.evaluation.calibration import reliability


def test_calibration_error_by_hand():
    said = np.repeat([0.9, 0.55], 100)
    right = np.concatenate([np.arange(100) < 60, np.arange(100) < 55])

    found = reliability(said, right)
    assert found.ece == pytest.approx((0.3 + 0.0) / 2)
    assert (found.count[5], found.count[8]) == (100, 100)
    assert found.observed[8] == pytest.approx(0.6)


def test_probabilities_of_zero_and_one_fall_into_the_outer_bins():
    found = reliability(np.array([0.0, 1.0]), np.array([0, 1]))
    assert (found.count[0], found.count[-1], found.ece) == (1, 1, 0.0)
