"""The map and the space, on embeddings made up."""

import numpy as np
import pytest

from earmark_research.profiles.space import Linear, fit_map, fit_space


@pytest.fixture
def accurate(rng):
    return rng.normal(size=(500, 30)) * np.linspace(3, 0.01, 30)


def test_linear_maps_are_joined(rng):
    a, b = Linear(rng.normal(size=(4, 3)), rng.normal(size=3)), Linear(rng.normal(size=(3, 2)), rng.normal(size=2))
    x = rng.normal(size=(5, 4))
    np.testing.assert_allclose(a.then(b)(x), b(a(x)))


def test_the_space_keeps_what_is_strong_and_no_dimension_is_weak(accurate):
    vectors = fit_space(accurate, 20)(accurate)
    np.testing.assert_allclose(
        vectors @ vectors.T, accurate @ accurate.T, atol=0.1 * np.abs(accurate @ accurate.T).max()
    )
    assert vectors.std(axis=0).max() < 5 * vectors.std(axis=0).min()


def test_the_map_stays_the_identity_where_nothing_is_wrong_and_mends_what_is(accurate, rng):
    same = fit_map(accurate, accurate)
    np.testing.assert_allclose(same.weight, np.eye(30), atol=1e-9)
    shifted = fit_map(accurate, accurate + 2.0)
    np.testing.assert_allclose(shifted(accurate), accurate + 2.0, atol=1e-6)
