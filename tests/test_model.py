import numpy as np
import onnx
import pytest

from earmark.audio.config import FeatureConfig
from earmark.errors import ModelError
from earmark.tagger.model import Activations, ModelInfo, load_model, split_patches
from earmark.tagger.tags import rank_tags
from earmark.tagger.tagset import TagGroup, Tagset
from tiny_model import FRAMES_A_STEP, TAGSET, write_tiny_model


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
