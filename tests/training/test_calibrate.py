"""Calibration finds what was done to the logits."""

import numpy as np
import pytest

from earmark.tagger.tagset import TagGroup
from earmark.training.calibrate import calibrate


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
