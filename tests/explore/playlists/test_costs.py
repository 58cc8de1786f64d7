import itertools

import numpy as np
import pytest

from earmark.descriptors.key.names import camelot, key_name, key_number
from earmark.explore.playlists import costs
from earmark.explore.playlists.pool import Pool

KEYS = [key_number("A", "minor"), key_number("C", "major"), key_number("E", "minor"), key_number("B", "minor"), -1]


def pool(keys, bpm, vectors=None):
    names = [None if k < 0 else " ".join(key_name(k)) for k in keys]
    rows = [
        {"track_id": str(i), "key": k, "tempo": t, "energy": None}
        for i, (k, t) in enumerate(zip(names, bpm, strict=True))
    ]
    return Pool(rows, np.zeros(len(rows)), np.eye(len(rows), dtype=np.float32) if vectors is None else vectors)


def test_keys_that_are_neighbours_on_the_wheel_mix():
    found = costs.mixes(np.array(KEYS), np.full(5, 120.0))
    assert found[0].tolist() == [True, True, True, False, False]  # 8A with 8A, 8B, 9A; not 10A, not an unknown key
    assert found[3].tolist() == [False, False, True, True, False]
    assert (found == found.T).all()
    for a in range(24):
        codes = {camelot(*key_name(b)) for b in range(24) if costs.mixes(np.array([a, b]), np.full(2, 99.0))[0, 1]}
        n, ring = int(camelot(*key_name(a))[:-1]), camelot(*key_name(a))[-1]
        other = "B" if ring == "A" else "A"
        assert codes == {f"{n}{ring}", f"{n}{other}", f"{n % 12 + 1}{ring}", f"{(n - 2) % 12 + 1}{ring}"}


def test_tempi_mix_within_a_range_of_the_slower_one():
    bpm = np.array([100.0, 106.0, 106.1, np.nan, 94.4])
    found = costs.mixes(np.zeros(5, int), bpm)
    assert found[0].tolist() == [True, True, False, False, True]
    assert costs.mixes(np.zeros(5, int), bpm, 0.01)[0].tolist() == [True, False, False, False, False]


def test_harmonic_cost_is_above_one_where_two_do_not_mix():
    some = pool(KEYS, [120, 121, 122, 123, 120])
    cost = costs.harmonic(some, 0.06)
    mixing = costs.mixes(some.keys, some.numbers("tempo"))
    assert (cost[mixing] < 0.1).all()
    assert (cost[~mixing] >= 1).all()
    assert cost[0, 3] < cost[0, 4]  # two hours on the wheel are less bad than an unknown key


def test_the_ramp_is_a_line_of_octaves():
    places = costs.ramp(np.array([60.0, 120.0, np.nan]), 3, 60, 240)
    np.testing.assert_allclose(places, [[0, 1, 3], [1, 0, 1], [1, 1, 1]], atol=1e-6)
    np.testing.assert_allclose(costs.ramp(np.array([100.0, 50.0]), 2, None, None), [[1, 0], [0, 1]], atol=1e-6)
    assert (costs.ramp(np.array([np.nan]), 2, 60, 90) == 1).all()


def test_the_arc_goes_through_its_points():
    places = costs.arc(np.array([0.5, np.nan]), 3, ((0, 0.5), (0.5, 1.0), (1, 0.0)))
    np.testing.assert_allclose(places, [[0, 0.375, 0.375], [1, 1, 1]], atol=1e-6)


def test_the_share_of_neighbours_that_mix():
    assert costs.compatible_share(np.array(KEYS), np.full(5, 120.0)) == 2 / 4
    assert costs.compatible_share(np.array([0]), np.array([1.0])) is None


def test_unlike_is_half_of_one_less_the_cosine():
    vectors = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    np.testing.assert_allclose(costs.unlike(pool([0, 0, 0], [1, 1, 1], vectors))[0], [0, 0.5, 1])


def test_no_order_has_more_neighbours_that_mix_than_the_bound():
    rng = np.random.default_rng(5)
    for _ in range(20):
        keys, bpm = rng.integers(-1, 24, 6), rng.choice([100.0, 103.0, 120.0, 124.0], 6)
        mixing = costs.mixes(keys, bpm)
        best = max(mixing[list(o[:-1]), list(o[1:])].mean() for o in itertools.permutations(range(6)))
        assert costs.compatible_at_most(keys, bpm) >= best - 1e-9
    assert costs.compatible_at_most(np.full(4, 3), np.full(4, 120.0)) == 1
    assert costs.compatible_at_most(np.array([0, 1, 0, 1]), np.full(4, 120.0)) == pytest.approx(2 / 3)
    assert costs.compatible_at_most(np.array([0]), np.array([1.0])) is None
