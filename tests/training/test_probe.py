"""A head on a frozen embedding: right on data of known answer, and a model file that needs nothing else."""

import numpy as np
import pytest

from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.probe import Head, ProbeSettings, embed_tracks, export_probe, fit_probe
from tiny_model import write_tiny_model


def problem(kind: str, n: int = 90, dim: int = 6, noise: float = 0.3, seed: int = 0):
    """Embeddings whose first columns hold the answer, in five folds."""
    rng = np.random.default_rng(seed)
    x = 3 * rng.standard_normal((n, 1, dim)).astype(np.float32) + 5
    z = x[:, 0, :3] - 5 + noise * rng.standard_normal((n, 3)).astype(np.float32)
    values = {"exclusive": np.eye(3)[z.argmax(1)], "independent": z > 0, "value": 40 * z + 100}[kind]
    folds = [(np.flatnonzero(np.arange(n) % 5 != k), np.flatnonzero(np.arange(n) % 5 == k)) for k in range(5)]
    return x, values.astype(np.float32), TagGroup("g", ("a", "b", "c"), kind), folds


@pytest.mark.parametrize(("kind", "hidden", "least"), [
    ("exclusive", 0, 0.9), ("independent", 0, 0.97), ("value", 0, 0.97), ("exclusive", 8, 0.85), ("value", 8, 0.9),
])  # fmt: skip
def test_each_kind_of_target_is_learned(kind, hidden, least):
    x, values, group, folds = problem(kind)
    result = fit_probe(x, values, group, ProbeSettings(hidden=hidden), folds)
    assert result.merit[1] > least
    fresh, truth, _, _ = problem(kind, seed=9)
    p = result.group.probabilities(result.head(fresh).mean(axis=1))
    if kind == "value":  # on the scale of the targets, not standardised
        assert np.abs(p - truth).mean() < 0.4 * truth.std()
    else:
        assert ((p > 0.5) == (truth > 0.5)).mean() > 0.85


def test_noise_asks_for_a_strong_penalty_and_plenty_of_signal_for_a_weak_one():
    x, values, group, folds = problem("exclusive", noise=0.0, n=300)
    clear = fit_probe(x, values, group, ProbeSettings(), folds)
    values = np.random.default_rng(1).permutation(values)
    nothing = fit_probe(x, values, group, ProbeSettings(), folds)
    assert nothing.strength > 30 * clear.strength
    assert nothing.merit[1] < 0.45


def test_the_held_out_figure_is_of_rows_that_were_not_fitted():
    """More columns than rows and no signal: a figure of the fitted rows would be 1."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 1, 80)).astype(np.float32)
    values = np.eye(2, dtype=np.float32)[np.arange(40) % 2]
    folds = [(np.arange(40)[np.arange(40) // 8 != k], np.arange(40)[np.arange(40) // 8 == k]) for k in range(5)]
    result = fit_probe(x, values, TagGroup("g", ("a", "b"), "exclusive"), ProbeSettings(strengths=(0.001,)), folds)
    assert result.merit[1] < 0.75
    assert (result.head(x)[:, 0].argmax(1) == np.arange(40) % 2).all()


@pytest.mark.parametrize("layers", [1, 2])
def test_the_file_is_backbone_and_head_in_one(layers, tmp_path, rng):
    backbone = write_tiny_model(tmp_path / "backbone.onnx")
    sizes = [(8, 4)] if layers == 1 else [(8, 5), (5, 4)]
    head = Head(tuple((rng.standard_normal(s).astype(np.float32), rng.random(s[1]).astype(np.float32)) for s in sizes))
    info = ModelInfo("mine", "1", Tagset((TagGroup("own", tuple("wxyz"), "exclusive"),)))
    export_probe(backbone, head, info, tmp_path / "model.onnx")

    S = (4 * rng.random((3000, 96))).astype(np.float32)
    before, after = load_model(backbone).run(S), load_model(tmp_path / "model.onnx").run(S)
    np.testing.assert_array_equal(after.embedding, before.embedding)
    np.testing.assert_allclose(after.logits, head(before.embedding), atol=1e-4)


def test_a_track_in_parts_has_the_mean_of_its_parts(tmp_path, rng):
    model = load_model(write_tiny_model(tmp_path / "m.onnx"))
    S = (4 * rng.random((1024, 96))).astype(np.float32)
    parts, whole = embed_tracks(model, [S], 8), embed_tracks(model, [S], 1)
    assert parts.shape == (1, 8, 8)
    np.testing.assert_allclose(parts.mean(axis=1), whole[:, 0], atol=1e-5)
