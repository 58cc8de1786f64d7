"""A head that reads the embedding of a bundled model."""

from dataclasses import replace

import numpy as np
import pytest

from earmark.errors import ModelError
from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.registry import bundled
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.probe import Head, export_probe

TAGSET = Tagset((TagGroup("label", ("a", "b"), "exclusive"),))


@pytest.fixture(scope="module")
def backbone():
    return load_model(bundled("default"))


def write_head(path, model, rng, **info):
    """A head of random weights on the default profile; returns its weights and bias."""
    dim = 192
    weight, bias = rng.normal(size=(dim, 2)).astype(np.float32), rng.normal(size=2).astype(np.float32)
    values = {"backbone": "default", "backbone_version": model.info.version} | info
    made = replace(ModelInfo("mine", "1", TAGSET, patch_frames=192, min_frames=64), **values)
    export_probe(bundled("default"), Head(((weight, bias),)), made, path)
    return weight, bias


def test_it_answers_from_the_embedding_of_its_backbone(tmp_path, backbone, rng):
    weight, bias = write_head(tmp_path / "mine.onnx", backbone, rng)
    model, S = load_model(tmp_path / "mine.onnx"), rng.uniform(0, 3, (3000, 96)).astype(np.float32)

    found, below = model.run(S), backbone.run(S)
    np.testing.assert_array_equal(found.embedding, below.embedding)
    np.testing.assert_allclose(found.logits, below.embedding @ weight + bias, atol=1e-3)
    np.testing.assert_allclose(found.track_logits(), below.track_embedding() @ weight + bias, atol=1e-3)
    assert model.tagset == TAGSET
    assert (tmp_path / "mine.onnx").stat().st_size < 10_000


@pytest.mark.parametrize(
    ("info", "problem"),
    [
        ({"backbone": "gone"}, "reads the embedding of 'gone', which is not in this earmark"),
        ({"backbone_version": "0"}, "reads the embedding of version 0 of 'default'"),
        ({"tagset": Tagset((TagGroup("label", ("a", "b", "c")),))}, "2 logits for 3 tags"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(tmp_path, backbone, rng, info, problem):
    write_head(tmp_path / "mine.onnx", backbone, rng, **info)
    with pytest.raises(ModelError, match=problem):
        load_model(tmp_path / "mine.onnx")
