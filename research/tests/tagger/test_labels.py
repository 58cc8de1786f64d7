"""Targets from labels and from teachers, row by row."""

import numpy as np
import pytest

from earmark_research.tagger import labels, tags
from earmark_research.tagger.corpus import Corpus


@pytest.fixture
def targets() -> labels.Targets:
    paths = ["gtzan/a", "emotify/b", "emotify/held", "music/c", "nonmusic/d", "music/silent"]
    mel = np.ones((6, 187, 96), np.float16)
    mel[5] = 0
    probabilities = np.full((6, 150), 0.01, np.float32)
    probabilities[3, 100 + tags.MTT.index("piano")] = 0.9
    corpus = Corpus(mel, probabilities, np.zeros((6, 656), np.float16), np.arange(6), paths)
    felt = {name: "0.2" for name in tags.FEELINGS} | {"genre": "rock", "n_raters": "5"}
    rows = {"gtzan/a": {"genre": "jazz"}, "emotify/b": felt, "emotify/held": felt}
    return labels.make_targets(corpus, rows, trained=np.array([True, True, False, True, True, True]))


def test_only_labels_that_may_be_used_are(targets):
    assert targets.genre[0].argmax() == tags.GENRES.index("jazz")
    assert targets.genre[1].argmax() == tags.GENRES.index("rock")
    assert np.isnan(targets.genre[2:]).all()
    assert targets.weight.tolist() == pytest.approx([0, 0.2, 0, 0, 0, 0])
    assert np.isnan(targets.mood[0]).all()
    assert targets.mood[1] == pytest.approx(0.2)


def test_each_data_set_offers_its_own_genres(targets):
    assert targets.offered[0].sum() == 10
    assert targets.offered[1].sum() == 4
    assert targets.offered[3].all()


def test_noise_and_silence_are_no_music(targets):
    assert targets.music.tolist() == [1, 1, 1, 1, 0, 0]


def test_teachers_give_the_derived_tags(targets):
    piano = [tag.name for tag in tags.DERIVED].index("piano")
    assert targets.derived[3, piano] == pytest.approx(0.9)
    assert targets.derived[0, piano] == pytest.approx(0.01)


def test_rows_are_taken_and_joined(targets):
    both = targets.take(np.array([3])).join(targets.take(np.array([4, 0])))
    assert both.music.tolist() == [1, 0, 1]
