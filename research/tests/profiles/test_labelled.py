"""Estimates for parts of tracks."""

import numpy as np
import pytest

from earmark_research.profiles import labelled
from earmark_research.profiles.hear import Heard
from earmark_research.profiles.labelled import Maps
from earmark_research.profiles.space import Linear


@pytest.fixture
def track(rng):
    n = 12
    small, accurate = rng.normal(size=(n, 4)), rng.normal(size=(n, 4))
    return Heard("x", n * 192, np.full(n, 6), np.ones(n), small, np.zeros((n, 2)), accurate, rng.normal(size=(n, 150)))


@pytest.fixture
def maps(rng):
    return Maps(*(Linear(rng.normal(size=(4, 3)), rng.normal(size=3)) for _ in range(2)))


def test_at_all_places_the_combination_is_the_accurate_estimate(track, maps):
    accurate = labelled.accurate(track, maps)
    np.testing.assert_allclose(labelled.combination(12)(track, maps), accurate)
    few = [np.abs(labelled.combination(k)(track, maps) - accurate).max() for k in (0 + 1, 11)]
    assert few[1] < few[0]


def test_parts_lie_in_the_middle_and_the_last_is_the_whole(track):
    found = labelled.parts(track)
    assert [len(part.level) for part in found] == [1, 2, 5, 10, 12]
    np.testing.assert_array_equal(found[0].small, track.small[5:6])
    assert found[0].frames == 192
    assert labelled.seconds(found[-1]) == pytest.approx(12 * 192 / 62.5)
