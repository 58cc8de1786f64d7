import numpy as np
import pytest

from earmark.explore.parts.tagged import columns_of, logits_of, nearness
from likeness import TAGSET


def test_logits_within_bounds():
    found = logits_of({"a": np.array([0.5, 0, 1, np.nan], np.float32)})[:, 0]
    assert found[0] == 0
    assert found[1] == pytest.approx(np.log(0.002 / 0.998), abs=1e-4)
    assert found[2] == pytest.approx(-found[1], abs=1e-4)
    assert np.isnan(found[3])


def test_the_columns_of_groups():
    assert columns_of(TAGSET, ("voice", "instrument")) == ["instrument_piano", "instrument_drums", "voice_vocals"]


def test_nearness_falls_with_the_distance():
    found = nearness(np.array([1.0, 0.0]), np.array([[1.0, 0.0], [2.0, 1.0], [4.0, 0.0]]))
    assert found == pytest.approx([1, 0.5, 1 / (1 + np.sqrt(4.5))], abs=1e-6)
