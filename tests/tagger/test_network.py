"""The model file: what it holds, how a track is cut into patches, and which files are refused."""

import numpy as np
import onnx
import pytest

from earmark.audio.config import FeatureConfig
from earmark.errors import ModelError
from earmark.tagger.model import ModelInfo, load_model, split_patches
from tiny_model import FRAMES_A_STEP, TAGSET, write_tiny_model


@pytest.fixture
def model(tmp_path):
    return load_model(write_tiny_model(tmp_path / "tiny.onnx"))


def test_the_file_holds_all_that_is_needed(model):
    assert model.info == ModelInfo("tiny", "1", TAGSET)
    assert ModelInfo.from_json(model.info.to_json(), "x") == model.info


def test_steps_and_their_times(model, rng):
    S = rng.random((2500, 96)).astype(np.float32)  # two patches of 1024 frames and one of 452

    out = model.run(S)

    n = 64 + 64 + 452 // FRAMES_A_STEP
    assert out.logits.shape == (n, 5)
    assert out.embedding.shape == (n, 8)
    assert out.times.shape == (n,)
    np.testing.assert_allclose(out.times[:2], [8 * 0.016, 24 * 0.016], rtol=1e-5)
    assert out.times[64] == pytest.approx((1024 + 8) * 0.016)
    assert (np.diff(out.times) > 0).all()


def test_a_track_is_the_mean_of_its_steps_and_its_patches_are_independent(model, rng):
    S = rng.random((1024 * 11, 96)).astype(np.float32)  # more patches than run at once

    whole = model.run(S)
    parts = [model.run(S[i : i + 1024]).logits for i in range(0, len(S), 1024)]

    np.testing.assert_allclose(whole.logits, np.concatenate(parts), atol=1e-4)
    np.testing.assert_allclose(whole.track_logits(), whole.logits.mean(axis=0))


def test_a_short_track_is_repeated_and_a_short_end_left_out():
    S = np.arange(10, dtype=np.float32)[:, None]

    assert [len(p) for p in split_patches(S, 4, 2)] == [4, 4, 2]
    assert [len(p) for p in split_patches(S, 4, 3)] == [4, 4]
    assert split_patches(S, 16, 12)[0][:, 0].tolist() == [*range(10), 0, 1]


def without_metadata(path):
    model = onnx.load(str(path))
    del model.metadata_props[:]
    onnx.save(model, str(path))


def with_metadata(path, text):
    model = onnx.load(str(path))
    model.metadata_props[0].value = text
    onnx.save(model, str(path))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda path: path.unlink(), "no such model file"),
        (lambda path: path.write_bytes(b"nonsense"), "not a readable ONNX file"),
        (without_metadata, "without 'earmark' metadata"),
        (lambda path: with_metadata(path, "{"), "its metadata cannot be read"),
        (lambda path: with_metadata(path, '{"format": 99}'), "made by a newer earmark"),
        (lambda path: write_tiny_model(path, features=FeatureConfig(n_mels=64)), "96 bands and 5 logits"),
        (lambda path: write_tiny_model(path, min_frames=2000), "min_frames 2000, patch_frames 1024"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused(tmp_path, damage, problem):
    path = write_tiny_model(tmp_path / "m.onnx")
    damage(path)

    with pytest.raises(ModelError, match=problem):
        load_model(path)
