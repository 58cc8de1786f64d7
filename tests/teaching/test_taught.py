import json

import numpy as np
import pytest

from earmark.errors import ConfigError
from earmark.teaching.taught import NONE, Example, Taught, check_name

IDS = [f"{i:020x}" for i in range(200)]


@pytest.fixture
def vectors(rng):
    """Embeddings of 200 tracks: the first hundred lie apart from the others."""
    x = rng.standard_normal((200, 12))
    x[:100, 0] += 7
    return x.astype(np.float16)


def taught(yes, no, **fields):
    examples = {IDS[i]: Example("campfire") for i in yes} | {IDS[i]: Example(NONE) for i in no}
    return Taught("campfire", ("campfire",), **fields).with_examples(examples)


def artist(track_id):
    return ""


def test_a_head_names_what_sounds_like_the_examples(vectors):
    found = taught(range(20), range(100, 120)).fitted(IDS, vectors, artist, "m")
    p = found.probabilities(vectors)[:, 0]
    named = [found.named(i, [value]) for i, value in zip(IDS, p, strict=True)]
    assert sum(name == "campfire" for name in named[:100]) > 85
    assert sum(name == "campfire" for name in named[100:]) < 15
    assert found.estimate.auc[0] > 0.95
    assert found.model_id == "m"


def test_the_users_word_comes_before_the_head(vectors):
    examples = {IDS[150]: Example("campfire"), IDS[3]: Example(NONE)}
    found = taught(range(4, 24), range(100, 120)).with_examples(examples).fitted(IDS, vectors, artist, "m")
    p = found.probabilities(vectors)
    assert found.named(IDS[150], p[150]) == "campfire"
    assert found.named(IDS[3], p[3]) is None


def test_without_counter_examples_tracks_are_drawn_always_the_same(vectors):
    one, other = (taught(range(10), []).fitted(IDS, vectors, artist, "m") for _ in range(2))
    assert one.drawn == 30
    assert np.array_equal(one.head.weights, other.head.weights)
    p = one.probabilities(vectors)
    assert np.median(p[:100]) > np.median(p[100:]) + 0.2


def test_too_few_examples_name_nothing_but_themselves(vectors):
    found = taught(range(3), range(100, 103)).fitted(IDS, vectors, artist, "m")
    assert found.estimate.verdict == "too few to say"
    named = [i for i, p in zip(IDS, found.probabilities(vectors), strict=True) if found.named(i, p)]
    assert named == IDS[:3]


def test_one_class_alone_is_not_fitted(vectors):
    found = taught([], range(5)).fitted(IDS, vectors, artist, "m")
    assert found.head is None
    assert found.probabilities(vectors) is None
    assert found.named(IDS[9], [None]) is None


def test_one_tag_of_a_group_holds(vectors):
    examples = {IDS[i]: Example("kitchen" if i < 100 else "stage") for i in (*range(15), *range(100, 115))}
    found = Taught("scene", (), is_group=True).with_examples(examples).fitted(IDS, vectors, artist, "m")
    assert found.tags == ("kitchen", "stage")
    p = found.probabilities(vectors)
    assert np.allclose(p.sum(axis=1), 1, atol=1e-5)
    assert found.named(IDS[50], p[50]) == "kitchen"
    assert found.named(IDS[150], p[150]) == "stage"
    assert found.shown_group == "scene"
    rest = found.without_tag("stage")
    assert rest.tags == ("kitchen",)
    assert len(rest.examples) == 15


def test_an_example_is_taken_back_and_the_version_counts():
    one = taught([1, 2], [3])
    assert one.version == 1
    other = one.with_examples({IDS[1]: None, IDS[3]: Example("campfire")})
    assert set(other.examples) == {IDS[2], IDS[3]}
    assert other.version == 2


def test_it_is_kept_as_json(vectors):
    found = taught(range(20), range(100, 120)).fitted(IDS, vectors, artist, "m")
    again = Taught.from_dict(json.loads(json.dumps(found.to_dict())))
    assert np.array_equal(again.head.weights, found.head.weights)
    assert np.array_equal(again.head.bias, found.head.bias)
    assert again.estimate == found.estimate
    assert again.to_dict() == found.to_dict()


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a;b", "x" * 65, "a\nb", "a|b"])
def test_some_names_are_none(name):
    with pytest.raises(ConfigError, match="no name of a tag"):
        check_name(name)
    assert check_name(" Lagerfeuer 夜 ") == "Lagerfeuer 夜"
