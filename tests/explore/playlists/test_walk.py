import numpy as np
import pytest

from earmark.explore.playlists.problem import Problem
from earmark.explore.playlists.walk import Walk


def points(rng, n):
    xy = rng.random((n, 2))
    return np.linalg.norm(xy[:, None] - xy, axis=2).astype(np.float32)


@pytest.mark.parametrize("gap", [0, 3])
def test_what_is_counted_along_the_way_is_the_total(rng, gap):
    problem = Problem(points(rng, 60), 60, artists=rng.integers(0, 15, 60), gap=gap)
    walk = Walk(problem, rng.permutation(60))
    before = walk.total
    walk.descend()
    for _ in range(50):
        walk.kick(rng)
    assert sorted(walk.order) == list(range(60))
    assert walk.total == pytest.approx(problem.total(walk.order), abs=1e-3)
    assert walk.total < 0.5 * before


def test_a_line_of_points_is_walked_from_end_to_end(rng):
    x = rng.permutation(40).astype(np.float32)
    problem = Problem(np.abs(x[:, None] - x), 40)
    walk = Walk(problem, np.arange(40))
    walk.descend()
    for _ in range(200):
        walk.kick(rng)
    assert walk.total == 39


def test_locked_slots_keep_their_items(rng):
    problem = Problem(points(rng, 50), 50, fixed={0: 4, 20: 7, 21: 9, 49: 0})
    order = [4, *(i for i in range(50) if i not in (4, 7, 9, 0))]
    order = np.array([*order[:20], 7, 9, *order[20:], 0])
    walk = Walk(problem, order)
    walk.descend()
    for _ in range(200):
        walk.kick(rng)
    assert [walk.order[slot] for slot in (0, 20, 21, 49)] == [4, 7, 9, 0]
    assert walk.total < 0.6 * problem.total(order)
