"""Stages go on from one another, and draw from their sources by their shares."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from earmark_research.tagger import corpus, fit, stages
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet
from earmark_research.tagger.recipe import RECIPE, Recipe
from earmark_research.tagger.stages import Stage


def test_a_stage_goes_on_from_the_one_it_names_and_leaves_it_as_it_was(tmp_path, monkeypatch):
    for source in ("music", "emotify"):
        (tmp_path / source).mkdir()
    recipe = Recipe.read(RECIPE, tmp_path)
    small = StarterNet(1, StarterConfig({"A": BranchConfig((1,) * 5, 1)}))
    nothing = fit.TrainingSet(corpus.Corpus(np.zeros((1, 187, 96)), None, None, None, None), None)

    def one_more(data, cfg, network, checkpoint, progress):
        network.head.bias.data += 1
        return network

    monkeypatch.setattr(stages, "training_set", lambda *args: nothing)
    monkeypatch.setattr(stages, "initialise_network", lambda *args: small)
    monkeypatch.setattr(stages, "fit", one_more)
    networks = {}
    settings = (recipe.stages, recipe.network, {}, tmp_path, networks)
    trained = list(stages.train_stages(tmp_path, {}, recipe.plan, *settings))

    assert [stage.label for stage in trained] == list(networks) == ["free", "free-longer", "everything-without-3"]
    first, longer, everything = (network.head.bias.detach() for network in networks.values())
    torch.testing.assert_close(longer, first + 1)
    torch.testing.assert_close(everything, first + 1)

    counterparts = list(stages.train_stages(tmp_path, {}, replace(recipe.plan, held_folds=("0",)), *settings))
    assert [a.network is b.network for a, b in zip(trained, counterparts, strict=True)] == [True, True, False]


def test_sources_are_drawn_by_their_shares():
    data = corpus.Corpus(
        *(np.zeros(6) for _ in range(3)), track=np.array([0, 0, 0, 0, 1, 2]), paths=["a/x", "b/y", "c/z"]
    )
    weight = stages.draw_weights(data, Stage("s", ("a", "b"), (0.25, 0.75), fit.FitConfig()))
    assert weight.tolist() == pytest.approx([0.0625] * 4 + [0.75, 0])


def test_held_tracks_are_in_no_training_set(tmp_path, teachers):
    rows = {"emotify/a": {"fold": "0"}, "emotify/b": {"fold": "3"}}
    (tmp_path / "emotify").mkdir()
    for name in "ab":
        corpus.store(tmp_path / "emotify" / f"{name}.npz", name, np.ones((2, 187, 96), np.float32), teachers)
    recipe = Recipe.read(RECIPE, tmp_path)
    data = stages.training_set(tmp_path, rows, recipe.plan, recipe.stages[-1])
    assert [data.corpus.paths[i] for i in data.corpus.track] == ["emotify/a"] * 2
    assert recipe.stages[-1].uses_labelled()
    assert not recipe.stages[0].uses_labelled()
