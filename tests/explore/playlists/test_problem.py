import numpy as np
import pytest

from earmark.explore.playlists.problem import CLASH, Problem

STEPS = np.array([[0, 1, 2], [1, 0, 4], [2, 4, 0]], np.float32)


def test_the_total_counts_steps_places_and_items():
    places = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8]], np.float32)
    problem = Problem(STEPS, 3, places, worth=np.array([0.1, 0.2, 0.3], np.float32))
    assert problem.total(np.array([1, 0, 2])) == pytest.approx((1 + 2) + (3 + 1 + 8) + 0.6)
    assert Problem(STEPS, 2).total(np.array([2, 1])) == 4


def test_artists_that_stand_too_near_are_counted_once_a_pair():
    problem = Problem(np.zeros((6, 6), np.float32), 6, artists=np.array([0, 0, 0, -1, -1, 1]), gap=2)
    assert problem.n_clashes(np.array([0, 3, 1, 5, 4, 2])) == 1
    assert problem.n_clashes(np.array([0, 1, 2, 3, 4, 5])) == 3
    assert problem.n_clashes(np.array([0, 3, 4, 1, 5, 2])) == 1
    assert problem.n_clashes(np.array([3, 4, 0, 5, 1, 2])) == 2
    assert problem.total(np.array([0, 1, 2, 3, 4, 5])) == 3 * CLASH


def test_steps_side_by_side_hold_the_clash():
    problem = Problem(STEPS, 3, artists=np.array([7, -1, 7]), gap=1)
    assert problem.side_by_side(np.array([0, 2]))[0, 1] == 2 + CLASH
    assert problem.side_by_side(np.array([0, 1]))[0, 1] == 1
