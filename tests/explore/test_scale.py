import numpy as np

from earmark.explore.scale import NO_SCALE, UNKNOWN, scale_of


def test_a_share_is_that_of_the_pairs_that_are_less_alike():
    drawn = np.random.default_rng(0).normal(0, 0.2, 20_000)
    scale = scale_of(drawn)
    asked = np.linspace(-0.6, 0.7, 50)
    truth = (drawn[:, None] < asked).mean(axis=0)
    assert np.abs(scale.share(asked) - truth).max() < 0.004
    assert np.abs(scale.share_nearly(asked.astype(np.float32)) - truth).max() < 0.005
    assert scale.share(np.array([1.0])) == 1


def test_what_is_alike_beyond_all_pairs_still_has_an_order():
    scale = scale_of(np.random.default_rng(0).uniform(0, 0.5, 1000))
    assert np.all(np.diff(scale.share(np.array([0.499, 0.6, 0.8, 1.0]))) > 0)


def test_equal_values_count_by_half():
    scale = scale_of(np.array([0.1] * 50 + [0.6] * 30 + [0.9] * 20))
    assert np.allclose(scale.share(np.array([0.1, 0.6, 0.9])), [0.25, 0.65, 0.9])


def test_without_pairs_nobody_can_tell():
    for scale in (scale_of(np.zeros(0)), scale_of(np.array([np.nan])), NO_SCALE):
        assert np.allclose(scale.share(np.array([-1, 0.3, 1])), UNKNOWN)


def test_what_is_not_known_is_half_where_all_are_ranked():
    scale = scale_of(np.linspace(0, 1, 100))
    assert scale.share_nearly(np.array([np.nan, 1], np.float32)).tolist() == [UNKNOWN, 1]
    assert np.isnan(scale.share(np.array([np.nan]))).all()
