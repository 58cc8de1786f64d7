import itertools

import numpy as np
import pytest

from earmark.explore.playlists.ordering import solve
from earmark.explore.playlists.problem import Limit, Problem


def points(rng, n):
    xy = rng.random((n, 2))
    return np.linalg.norm(xy[:, None] - xy, axis=2).astype(np.float32)


def best_of_all(problem: Problem) -> float:
    orders = itertools.permutations(range(problem.n_items), problem.n_slots)
    fitting = (np.array(o) for o in orders if all(o[slot] == item for slot, item in problem.fixed.items()))
    return min(problem.total(order) for order in fitting)


@pytest.mark.parametrize("kind", ["plain", "gap", "fixed", "places", "pool"])
def test_small_problems_are_solved_exactly(rng, kind):
    artists = rng.integers(0, 3, 7)
    extra = {
        "plain": {}, "gap": {"artists": artists, "gap": 2}, "fixed": {"fixed": {2: 5, 6: 0}},
        "places": {"places": rng.random((7, 7)).astype(np.float32)},
        "pool": {"worth": rng.random(7).astype(np.float32)},
    }[kind]  # fmt: skip
    problem = Problem(points(rng, 7), 4 if kind == "pool" else 7, **extra)
    order = solve(problem, seed=1)
    assert len(set(order.tolist())) == problem.n_slots
    assert problem.total(order) == pytest.approx(best_of_all(problem), abs=1e-4)


def test_one_seed_one_order_and_another_seed_another_one(rng):
    problem = Problem(np.zeros((40, 40), np.float32), 20)
    assert solve(problem, 5).tolist() == solve(problem, 5).tolist()
    assert solve(problem, 5).tolist() != solve(problem, 6).tolist()


def test_five_hundred_points_are_walked_nearly_as_short_as_can_be(rng):
    """A tour of random points in a square of side 1 is .7124 sqrt(n) long in the limit (Johnson & McGeoch 1996)."""
    problem = Problem(points(rng, 500), 500)
    assert problem.total(solve(problem)) < 1.07 * 0.7124 * np.sqrt(500)


def test_limits_hold_where_places_and_worth_pull(rng):
    groups = np.repeat(np.arange(10), 5)
    places = np.abs(rng.random(50)[:, None] - np.linspace(0, 1, 20)).astype(np.float32)
    worth = (groups / 10).astype(np.float32)
    problem = Problem(np.zeros((50, 50), np.float32), 20, places, worth=worth, limits=(Limit(groups, 2),))
    assert np.bincount(groups[solve(problem)]).max() == 2


def test_nothing_and_one_item():
    assert solve(Problem(np.zeros((0, 0), np.float32), 0)).tolist() == []
    assert solve(Problem(np.zeros((1, 1), np.float32), 1)).tolist() == [0]
    assert sorted(solve(Problem(np.zeros((2, 2), np.float32), 2)).tolist()) == [0, 1]
