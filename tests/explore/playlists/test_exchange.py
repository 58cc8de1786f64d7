import numpy as np
import pytest

from earmark.explore.playlists.exchange import replace, swap
from earmark.explore.playlists.problem import Limit, Problem


def test_swaps_bring_items_to_their_places(rng):
    x = rng.random(30)
    places = np.abs(x[:, None] - np.sort(x)).astype(np.float32)
    problem = Problem(np.zeros((30, 30), np.float32), 30, places, fixed={3: 3})
    order = swap(problem, np.arange(30), rng)
    assert order[3] == 3
    assert problem.total(order) < 0.25 * problem.total(np.arange(30))


def test_swaps_part_tracks_of_an_artist(rng):
    problem = Problem(np.zeros((24, 24), np.float32), 24, artists=np.repeat(np.arange(6), 4), gap=3)
    assert problem.n_clashes(np.arange(24)) == 36
    assert problem.n_clashes(swap(problem, np.arange(24), rng)) <= 1  # no single swap helps any more


def test_a_waiting_item_takes_the_place_of_a_dearer_one_within_the_limits(rng):
    worth = np.array([5, 5, 0, 0, 0, 1], np.float32)
    steps = np.zeros((6, 6), np.float32)
    groups = np.array([0, 1, 2, 2, 2, 3])
    free = replace(Problem(steps, 2, worth=worth), np.array([0, 1]), rng)
    assert worth[free].sum() == 0
    held = replace(Problem(steps, 2, worth=worth, limits=(Limit(groups, 1),)), np.array([0, 1]), rng)
    assert sorted(worth[held]) == [0, 1]
    fixed = replace(Problem(steps, 2, worth=worth, fixed={0: 0}), np.array([0, 1]), rng)
    assert fixed[0] == 0
    assert worth[fixed[1]] == 0


def test_exchanges_keep_the_length(rng):
    seconds = np.array([100.0, 100.0, 1000.0, 110.0])
    problem = Problem(
        np.zeros((4, 4), np.float32), 2, worth=np.array([9, 9, 0, 1], np.float32), seconds=seconds, total_seconds=200
    )
    order = replace(problem, np.array([0, 1]), rng)
    assert 2 not in order
    assert 3 in order
    assert problem.seconds[order].sum() == pytest.approx(210)
