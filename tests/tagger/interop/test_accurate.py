"""The accurate model: three networks and a head in one file."""

import numpy as np
import pytest

from earmark.tagger.interop.accurate import Head, accurate_model, bundled_head, save_head
from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.pull import NETWORKS
from earmark.tagger.tagset import TagGroup, Tagset
from musicnn_networks import random_weights


@pytest.fixture
def mel(rng):
    return rng.uniform(0, 4, (2, 187, 96)).astype(np.float32)


def test_the_accurate_model_answers_every_three_seconds(tmp_path, mel, rng):
    weights = {name: random_weights(name, rng) for name in NETWORKS}
    dim = 16 + 5 + 5
    info = ModelInfo("a", "1", Tagset((TagGroup("genre", ("x", "y")),)), patch_frames=187, min_frames=187)
    head = Head(np.zeros(dim, np.float32), np.ones(dim, np.float32), rng.normal(size=(dim, 2)).astype(np.float32),
                np.zeros(2, np.float32), info)  # fmt: skip
    (tmp_path / "a.onnx").write_bytes(accurate_model(weights, head).SerializeToString())
    model = load_model(tmp_path / "a.onnx")

    second, both = model.run(mel[1]), model.run(np.concatenate(mel))
    np.testing.assert_allclose(both.logits[1:], second.logits, atol=1e-5)
    np.testing.assert_allclose(both.embedding @ head.weight, both.logits, atol=1e-4)
    assert both.times == pytest.approx([1.5 * 187 / 187.5, 4.5 * 187 / 187.5])


def test_the_head_of_the_package_survives_its_file(tmp_path):
    head = bundled_head()
    assert head.weight.shape == (656, len(head.info.tagset))
    save_head(tmp_path / "head.npz", head)
    with np.load(tmp_path / "head.npz") as stored:
        np.testing.assert_array_equal(stored["weight"].astype(np.float32), head.weight)  # half precision already
        assert ModelInfo.from_json(str(stored["info"]), "x") == head.info
