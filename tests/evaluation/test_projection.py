"""Two-dimensional pictures of embeddings."""

import numpy as np

from earmark.evaluation.projection import pca, tsne


def test_the_first_component_is_the_line_that_the_points_lie_on():
    t = np.linspace(-1, 1, 50)
    xy, share = pca(np.column_stack([t, 2 * t, -t]))

    assert share[0] > 0.999
    assert abs(np.corrcoef(xy[:, 0], t)[0, 1]) > 0.999


def test_one_dimension_is_padded_to_two():
    xy, share = pca(np.arange(5.0)[:, None])
    assert xy.shape == (5, 2)
    assert share.tolist() == [1, 0]


def test_neighbours_stay_neighbours(rng):
    x = np.concatenate([rng.normal(0, 0.2, (20, 6)) + 3, rng.normal(0, 0.2, (20, 6)) * [1, -1, 1, -1, 1, -1] - 3])
    xy = tsne(x)

    near = np.linalg.norm(xy[:, None] - xy[None], axis=-1) + 1e9 * np.eye(40)
    assert ((near.argmin(axis=1) < 20) == (np.arange(40) < 20)).all()


def test_a_handful_of_rows_gets_no_tsne():
    assert tsne(np.zeros((5, 3))) is None
