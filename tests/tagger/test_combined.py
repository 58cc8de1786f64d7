"""Two networks that correct each other: what is exact, what is heard where, and how sure the answer is."""

import json
from dataclasses import replace

import numpy as np
import pytest

from earmark.audio.features import log_mel
from earmark.errors import ModelError
from earmark.tagger.combined import audible, excerpt, spread_evenly, standard_error
from earmark.tagger.model import load_model, split_patches
from earmark.tagger.registry import bundled
from earmark.tagger.tags import rank_tags
from earmark.tagger.tagset import TagGroup, Tagset
from tiny_model import TAGSET, write_tiny_model

PATCH, SHORT = 192, 64


def write_combination(folder, patches=3, **of_default):
    """A combination of two tiny networks that disagree."""
    write_tiny_model(folder / "fast.onnx", seed=0, patch_frames=PATCH, min_frames=SHORT)
    write_tiny_model(folder / "accurate.onnx", seed=1, patch_frames=187, min_frames=187)
    info = json.loads(load_model(folder / "fast.onnx").info.to_json()) | of_default
    values = {"small": "fast.onnx", "accurate": "accurate.onnx", "patches": patches, "model": info}
    (folder / "default.json").write_text(json.dumps(values))
    return folder / "default.json"


@pytest.fixture
def model(tmp_path):
    return load_model(write_combination(tmp_path))


@pytest.fixture
def track(rng):
    """Ten patches that differ much, and an end that is too short for one."""
    return np.concatenate([rng.uniform(0, level, (PATCH, 96)) for level in range(1, 11)] + [np.ones((30, 96))]).astype(
        np.float32
    )


def means(activations, spans):
    """Mean logits of the steps within each span of frames."""
    frames = activations.times * 62.5
    return np.stack([activations.logits[(frames >= a) & (frames < b)].mean(axis=0) for a, b in spans])


def test_the_track_is_the_mean_of_its_steps_and_every_step_is_shifted_alike(model, track):
    found, small = model.run(track), model.small.run(track)

    np.testing.assert_allclose(found.track_logits(), found.logits.mean(axis=0), rtol=1e-6)
    for ours, theirs in ((found.logits, small.logits), (found.embedding, small.embedding)):
        shift = ours - theirs
        np.testing.assert_allclose(shift, np.broadcast_to(shift[0], shift.shape), atol=1e-5)
        assert np.abs(shift[0]).max() > 0.01
    np.testing.assert_array_equal(found.times, small.times)


def test_the_shift_is_the_mean_difference_at_the_chosen_patches(model, track):
    found, small = model.run(track), model.small.run(track)

    chosen = [1, 5, 8]  # the middles of three thirds of ten patches
    heard = [model.accurate.run(track[PATCH * i + 3 : PATCH * i + 190]).track_logits() for i in chosen]
    wrong = np.stack(heard) - means(small, [(PATCH * i, PATCH * (i + 1)) for i in chosen])
    np.testing.assert_allclose(found.logits[0] - small.logits[0], wrong.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(found.margin, wrong.std(axis=0, ddof=1) * np.sqrt((1 - 3 / 10) / 3), rtol=1e-3)


def test_the_same_sound_gives_the_same_answer(model, track):
    first, second = model.run(track), model.run(track)
    np.testing.assert_array_equal(first.logits, second.logits)
    np.testing.assert_array_equal(first.margin, second.margin)


@pytest.mark.parametrize("frames", [40, 120, 187, 192, 500])
def test_a_short_track_is_heard_in_full(model, rng, frames):
    S = rng.uniform(0, 3, (frames, 96)).astype(np.float32)
    found = model.run(S)

    assert found.margin is None
    patches = split_patches(S, PATCH, SHORT)
    middles = np.cumsum([0] + [len(p) for p in patches[:-1]]) + [len(p) // 2 for p in patches]
    heard = [model.accurate.run(excerpt(S, middle, 187)).track_logits() for middle in middles]
    steps = [len(p) // 16 for p in patches]
    if len(set(steps)) == 1:
        np.testing.assert_allclose(found.track_logits(), np.mean(heard, axis=0), atol=1e-4)


def test_silence_is_not_chosen(tmp_path, rng):
    model = load_model(write_combination(tmp_path, patches=2))
    loud, silent = rng.uniform(0, 5, (2 * PATCH, 96)).astype(np.float32), np.zeros((8 * PATCH, 96), np.float32)
    whole = np.concatenate([silent, loud])

    found, small = model.run(whole), model.small.run(whole)
    assert found.margin is None  # both patches that are not silent were heard
    heard = [model.accurate.run(whole[PATCH * i + 3 : PATCH * i + 190]).track_logits() for i in (8, 9)]
    wrong = np.stack(heard) - means(small, [(PATCH * i, PATCH * (i + 1)) for i in (8, 9)])
    np.testing.assert_allclose(found.logits[0] - small.logits[0], wrong.mean(axis=0), atol=1e-4)
    assert np.isfinite(model.run(silent).logits).all()


def test_an_uncertain_correction_makes_a_tag_unsure(model, track):
    found = model.run(track)
    p = TAGSET.probabilities(found.track_logits())
    lower = TAGSET.probabilities(found.track_logits() - found.margin)[3]
    between = Tagset((TAGSET.groups[0], TagGroup("mood", ("sad", "happy"), threshold=(float(lower + p[3]) / 2, 0.0))))

    def sad(tagset, margin):
        activations = replace(found, margin=margin)
        return next(hit.sure for hit in rank_tags(tagset, activations)["mood"] if hit.tag == "sad")

    assert p[3] > lower
    assert sad(between, None)
    assert not sad(between, found.margin)


def test_places_are_spread_evenly():
    assert spread_evenly(10, 3).tolist() == [1, 5, 8]
    assert spread_evenly(3, 8).tolist() == [0, 1, 2]
    assert spread_evenly(60, 8).tolist() == [3, 11, 18, 26, 33, 41, 48, 56]


def test_an_excerpt_lies_within_the_track():
    S = np.arange(10)[:, None]
    assert excerpt(S, 0, 4)[:, 0].tolist() == [0, 1, 2, 3]
    assert excerpt(S, 5, 4)[:, 0].tolist() == [3, 4, 5, 6]
    assert excerpt(S, 9, 4)[:, 0].tolist() == [6, 7, 8, 9]
    assert excerpt(S[:3], 1, 7)[:, 0].tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_the_error_of_a_mean_falls_to_nothing_where_all_was_heard(rng):
    rows = rng.normal(size=(8, 2))
    assert (standard_error(rows, 8) == 0).all()
    np.testing.assert_allclose(standard_error(rows, 10**9), rows.std(axis=0, ddof=1) / np.sqrt(8), rtol=1e-6)


def test_all_is_taken_where_all_is_silent():
    assert audible([np.zeros((4, 2)), np.zeros((4, 2))]).tolist() == [0, 1]
    assert audible([np.zeros((4, 2)), np.ones((4, 2))]).tolist() == [1]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda path: path.write_text("{"), "not a readable combination"),
        (lambda path: path.write_text("{}"), "not a readable combination"),
        (lambda path: path.unlink(), "not a readable combination"),
        (lambda path: (path.parent / "accurate.onnx").unlink(), "no such model file"),
        (lambda path: write_tiny_model(path.parent / "fast.onnx", id="else"), "has not the tags and the space"),
    ],
)
def test_a_combination_that_breaks_the_contract_is_refused(tmp_path, damage, problem):
    path = write_combination(tmp_path)
    damage(path)
    with pytest.raises(ModelError, match=problem):
        load_model(path)


def test_the_bundled_profiles_have_the_same_tags_and_one_space():
    profiles = [load_model(bundled(name)) for name in ("default", "fast", "accurate")]
    S = np.random.default_rng(0).uniform(0, 3, (2000, 96)).astype(np.float32)

    assert len({tuple(p.tagset.names()) for p in profiles}) == 1
    assert len({p.info.id for p in profiles}) == 1
    assert len({p.info.version for p in profiles}) == 3
    vectors = [p.run(S).track_embedding() for p in profiles]
    assert len({v.shape for v in vectors}) == 1
    cosine = vectors[0] @ vectors[2] / np.linalg.norm(vectors[0]) / np.linalg.norm(vectors[2])
    assert cosine > 0.9


@pytest.mark.parametrize("name", ["default", "fast", "accurate"])
@pytest.mark.parametrize("sound", ["silence", "noise", "sine"])
def test_what_is_no_music_is_not_called_music(name, sound):
    seconds = np.arange(20 * 16_000) / 16_000
    y = {
        "silence": np.zeros(len(seconds)),
        "noise": np.random.default_rng(0).normal(size=len(seconds)) * 0.1,
        "sine": np.sin(2 * np.pi * 440 * seconds),
    }[sound]
    model = load_model(bundled(name))
    tags = rank_tags(model.tagset, model.run(log_mel(y.astype(np.float32))))
    assert not any(hit.sure for hits in tags.values() for hit in hits)
