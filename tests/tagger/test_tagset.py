"""Logits -> probabilities, group by group, by hand."""

import numpy as np
import pytest

from earmark.errors import ModelError
from earmark.tagger.tagset import TagGroup, Tagset
from tiny_model import TAGSET


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def test_probabilities_by_kind_of_group():
    tagset = Tagset(
        (
            TagGroup("genre", ("a", "b"), "exclusive", scale=(2.0, 1.0), bias=(0.0, 0.5)),
            TagGroup("mood", ("c", "d"), scale=(1.0, 3.0), bias=(0.0, -1.0)),
            TagGroup("scalars", ("energy",), "value", scale=(10.0,), bias=(5.0,)),
        )
    )
    logits = np.array([1.0, 2.0, 0.0, 0.5, 0.25], np.float32)

    p = tagset.probabilities(logits)

    np.testing.assert_allclose(p[:2], softmax(np.array([2.0, 2.5])), rtol=1e-5)
    np.testing.assert_allclose(p[2:4], [0.5, 1 / (1 + np.exp(-0.5))], rtol=1e-5)
    assert p[4] == pytest.approx(7.5)
    np.testing.assert_allclose(tagset.probabilities(np.stack([logits, logits]))[1], p)


def test_a_share_stays_within_0_and_1():
    group = TagGroup("scale", ("low", "middle", "high"), "share")

    np.testing.assert_allclose(group.probabilities(np.array([-0.5, 0.25, 1.5])), [0, 0.25, 1])


def test_extreme_logits_do_not_overflow():
    p = TAGSET.probabilities(np.array([1e4, -1e4, 0, 1e4, -1e4], np.float32))

    np.testing.assert_allclose(p, [1, 0, 0, 1, 0], atol=1e-6)


def test_the_tagset_survives_its_dict():
    assert Tagset.from_dict(TAGSET.to_dict()) == TAGSET


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: TagGroup("g", ("a", "a")), "distinct"),
        (lambda: TagGroup("g", ()), "at least one"),
        (lambda: TagGroup("g", ("a", "b"), scale=(1.0,)), "1 scale values for 2 tags"),
        (lambda: TagGroup("g", ("a",), "fuzzy"), "unknown kind"),
        (lambda: Tagset(()), "at least one"),
        (lambda: Tagset.from_dict({"groups": [{"nam": "x"}]}), "not understood"),
        (lambda: TAGSET.probabilities(np.zeros(3)), "3 columns for 5 tags"),
        (lambda: TAGSET.group("era"), "The model has genre, mood"),
    ],
)
def test_a_wrong_tagset_is_refused(make, problem):
    with pytest.raises(ModelError, match=problem):
        make()
