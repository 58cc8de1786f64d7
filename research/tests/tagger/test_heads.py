"""A linear head learns what labels and teachers agree on, always the same."""

import numpy as np
import pytest

from earmark_research.tagger import tags
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.labels import Targets
from earmark_research.tagger.losses import DERIVED_PART, N_TAGS


@pytest.fixture
def labelled(rng) -> tuple[np.ndarray, Targets]:
    """Embeddings of which the first dimension is how sure the teachers are of every derived tag."""
    n = 200
    X = rng.normal(3, 2, (n, 20)).astype(np.float32)
    derived = np.repeat((X[:, :1] > 3).astype(np.float32), len(tags.DERIVED), axis=1)
    unknown = [np.full((n, size), np.nan, np.float32) for size in (11, 9, 3)]
    targets = Targets(
        unknown[0], np.ones((n, 11), bool), unknown[1], np.zeros(n, np.float32), unknown[2], derived,
        np.ones(n, np.float32),
    )  # fmt: skip
    return X, targets


def test_a_head_on_raw_embeddings_is_right_and_the_same_again(labelled):
    X, targets = labelled
    weight, bias = fit_head(X, targets, decay=0.01, steps=200)
    again, _ = fit_head(X, targets, decay=0.01, steps=200)
    assert weight.shape == (20, N_TAGS)
    z = (X @ weight + bias)[:, DERIVED_PART]
    assert ((z > 0) == (targets.derived > 0.5)).mean() > 0.9
    np.testing.assert_array_equal(weight, again)


def test_decay_draws_weights_to_nothing(labelled):
    X, targets = labelled
    free, drawn = (np.abs(fit_head(X, targets, decay, steps=80)[0]).sum() for decay in (0.0, 30.0))
    assert drawn < 0.3 * free
