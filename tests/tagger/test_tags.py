"""Activations -> tags."""

import numpy as np
import pytest

from earmark.tagger.model import Activations
from earmark.tagger.tags import activations_over_time, rank, rank_tags, tags_dict
from earmark.tagger.tagset import TagGroup, Tagset
from tiny_model import TAGSET


def test_what_is_no_music_has_no_genre():
    tagset = Tagset(
        (TagGroup("genre", ("jazz", "rock"), "exclusive"), TagGroup("content", ("music",), threshold=(0.7,)))
    )

    def sure(music: float) -> list[bool]:
        logits = np.array([[3.0, 0.0, music]], np.float32)
        tags = rank_tags(tagset, Activations(np.zeros(1), logits, np.zeros((1, 2))))
        return [hit.sure for hits in tags.values() for hit in hits]

    assert sure(5.0) == [True, True, True]
    assert sure(0.0) == [False, False, False]


def test_tags_are_ranked_and_compared_with_their_thresholds():
    group = TagGroup("mood", ("sad", "happy", "calm"), threshold=(0.5, 0.5, 0.9))
    hits = rank(group, np.array([0.2, 0.5, 0.8]))

    assert [(hit.tag, hit.sure) for hit in hits] == [("calm", False), ("happy", True), ("sad", False)]
    assert tags_dict({"mood": hits[:1]}) == {"mood": [{"tag": "calm", "probability": 0.8, "sure": False}]}


def test_a_track_is_ranked_by_the_mean_of_its_logits():
    logits = np.array([[0, 0, 0, 4.0, 0], [0, 0, 0, -2.0, 0]], np.float32)
    tags = rank_tags(TAGSET, Activations(np.arange(2), logits, np.zeros((2, 8))))

    assert tags["mood"][0].tag == "sad"
    assert tags["mood"][0].probability == pytest.approx(1 / (1 + np.exp(-1)))


def test_each_tag_has_a_probability_at_every_step():
    logits = np.array([[0, 0, 0, 0, 0], [0, 0, 0, 2.0, 0]], np.float32)
    found = activations_over_time(TAGSET, Activations(np.array([0.128, 0.384]), logits, np.zeros((2, 8))))

    assert found["times"] == [0.13, 0.38]
    assert list(found["tags"]) == ["genre/jazz", "genre/rock", "genre/pop", "mood/sad", "mood/happy"]
    assert found["tags"]["mood/sad"] == [0.5, 0.8808]
    assert found["tags"]["genre/pop"] == [0.3333, 0.3333]
