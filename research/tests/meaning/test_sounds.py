"""Embeddings and logits -> directions."""

import numpy as np
import pytest

from earmark.explore.meaning.concepts import concepts
from earmark_research.meaning.sounds import Reference, fit_space, reference_files

TAGS = sorted({tag for concept in concepts().values() for tag in concept.tags})


@pytest.fixture
def linear(rng):
    """300 tracks whose logits are linear in their embedding, and the true directions."""
    embedding, truth = rng.normal(size=(300, 24)) + 3, rng.normal(size=(24, len(TAGS)))
    return Reference(embedding, embedding @ truth), truth


def test_directions_are_those_of_the_logits_and_of_unit_variance(linear):
    reference, truth = linear
    space = fit_space(reference, TAGS)

    unit = truth / np.linalg.norm(truth, axis=0)
    found = space.tag_directions / np.linalg.norm(space.tag_directions, axis=0)
    assert np.all((unit * found).sum(axis=0) > 0.999)
    products = (reference.embedding - space.mean) @ space.concept_directions
    assert products.std(axis=0) == pytest.approx(1)


def test_a_concept_of_several_tags_lies_between_them(linear):
    reference, _ = linear
    space = fit_space(reference, TAGS)

    sad = space.concept_directions[:, list(concepts()).index("mood/sadness")]
    assert sad @ space.tag_directions[:, TAGS.index("mood/sad")] > 0
    assert sad @ space.tag_directions[:, TAGS.index("scale/valence")] < 0


def test_only_the_train_split_is_heard(tmp_path):
    (tmp_path / "tracks.csv").write_text("path,split\na.ogg,train\nb.ogg,valid\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("path\nc.ogg\n", encoding="utf-8")
    names = [path.name for path in reference_files([tmp_path / "tracks.csv", tmp_path / "other.csv"])]
    assert names == ["a.ogg", "c.ogg"]
