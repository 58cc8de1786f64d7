import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from earmark.explore.layout import kept_neighbours, lay_out, nearest, place, principal, unit


@pytest.fixture
def heaps(rng):
    """Unit vectors of 300 tracks in six heaps, and which heap each is in."""
    heap = np.arange(300) % 6
    return unit(4 * rng.standard_normal((6, 24))[heap] + rng.standard_normal((300, 24))), heap


def test_heaps_stay_together_and_neighbours_are_kept(heaps):
    x, heap = heaps
    told = []
    xy = lay_out(x, lambda *words: told.append(words[1:3]))
    assert (xy.shape, xy.dtype) == ((300, 2), np.float32)
    rows, _ = nearest(xy, xy, 6)
    assert np.mean(heap[rows[:, 1:]] == heap[:, None]) > 0.97
    kept, chance = kept_neighbours(x, xy)
    assert kept > 5 * chance
    assert told[-1] == (750, 750)
    assert np.allclose(xy.max(axis=0) + xy.min(axis=0), 0, atol=1e-3)


def test_the_same_vectors_make_the_same_map(heaps):
    x, _ = heaps
    assert np.allclose(lay_out(x[:60]), lay_out(x[:60]))


def test_a_new_track_comes_beside_its_like_and_moves_nothing(heaps):
    x, heap = heaps
    xy = lay_out(x[:240]) + np.float32([100, -50])
    before = xy.copy()
    new = place(x[:240], xy, x[240:])
    assert np.array_equal(xy, before)
    rows, _ = nearest(xy, new, 5)
    assert np.mean(heap[rows] == heap[240:, None]) > 0.95


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_few_tracks_have_places_too(rng, n):
    x = unit(rng.standard_normal((n, 8)))
    xy = lay_out(x)
    assert xy.shape == (n, 2)
    assert np.isfinite(xy).all()
    assert place(x, xy, x[:1]).shape == (1, 2)


def test_components_and_neighbours_are_those_of_scikit_learn(rng):
    x = rng.standard_normal((80, 10)).astype(np.float32) * np.linspace(3, 0.2, 10, dtype=np.float32)
    ours, theirs = principal(x, 4), PCA(4).fit_transform(x)
    assert np.allclose(np.abs(ours), np.abs(theirs), atol=1e-3)
    rows, distances = nearest(x, x[:9], 5)
    expected, known = NearestNeighbors(n_neighbors=5).fit(x).kneighbors(x[:9])
    assert np.array_equal(rows, known)
    assert np.allclose(distances, expected, atol=5e-3)


def test_what_is_kept_is_all_on_a_true_map_and_chance_on_a_random_one(rng):
    x = np.pad(rng.standard_normal((400, 2)), ((0, 0), (0, 3))).astype(np.float32)
    assert kept_neighbours(x, x[:, :2]) == (1.0, 10 / 399)
    assert kept_neighbours(x, rng.standard_normal((400, 2)))[0] < 0.06
    assert kept_neighbours(x[:1], x[:1, :2]) == (0.0, 0.0)
