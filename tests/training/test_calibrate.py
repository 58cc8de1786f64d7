"""Calibration finds what was done to the logits."""

import numpy as np
import pytest

from earmark.tagger.tagset import TagGroup
from earmark.training.calibrate import MIN_ROWS, calibrate, restore_scale
from earmark.training.objective import Objective


def test_a_temperature_undoes_exaggeration(rng):
    truth = rng.integers(0, 3, 4000)
    honest = rng.standard_normal((4000, 3)) * 1.0
    honest[np.arange(4000), truth] += 1.0  # for unit noise these logits are the true log-odds
    group = TagGroup("g", ("a", "b", "c"), "exclusive")
    fitted = calibrate(group, (5 * honest).astype(np.float32), np.eye(3, dtype=np.float32)[truth])
    assert fitted.scale == pytest.approx((0.2,) * 3, rel=0.1)
    p = fitted.probabilities((5 * honest).astype(np.float32))
    sure = p.max(1) >= fitted.threshold[0]
    assert (p.argmax(1) == truth)[sure].mean() == pytest.approx(0.7, abs=0.02)


def test_platt_lines_restore_the_base_rate(rng):
    z = rng.standard_normal((3000, 2))
    truth = (rng.random((3000, 2)) < 1 / (1 + np.exp(-(2 * z - 1)))).astype(np.float32)
    fitted = calibrate(TagGroup("g", ("a", "b")), z.astype(np.float32), truth)
    assert fitted.scale == pytest.approx((2.0, 2.0), abs=0.25)
    assert fitted.bias == pytest.approx((-1.0, -1.0), abs=0.25)


def test_few_rows_and_values_are_left_as_they_are():
    group = TagGroup("g", ("a", "b"), "exclusive")
    logits = np.ones((MIN_ROWS - 1, 2), np.float32)
    assert calibrate(group, logits, np.eye(2, dtype=np.float32)[np.zeros(MIN_ROWS - 1, int)]) == group
    values = TagGroup("v", ("bpm",), "value")
    assert calibrate(values, np.ones((50, 1), np.float32), np.ones((50, 1), np.float32)) == values


def test_values_come_back_on_their_scale():
    truth = np.array([[90.0], [110.0], [150.0]], np.float32)
    objective = Objective.of("value", truth)
    group = restore_scale(TagGroup("v", ("bpm",), "value"), objective)
    np.testing.assert_allclose(group.probabilities(objective.standardise(truth)), truth, rtol=1e-5)
