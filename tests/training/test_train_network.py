"""What lies between a network and its model file: the order of rows, calibration, figures, the id."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from datafiles import manifest_of
from earmark.data.splits import Split
from earmark.data.targets import read_targets
from earmark.errors import ModelError
from earmark.tagger.tagset import TagGroup
from earmark.training.batches import Clips
from earmark.training.export import with_frames
from earmark.training.networks import build_network
from earmark.training.outputs import RunOptions, describe_model
from earmark.training.recipe import read_recipe
from earmark.training.train_network import NetworkTask, complete_info, epoch_order, make_objective, train_network
from tinysets import FEATURES, bright_and_dark

SPLIT = Split(np.arange(16), np.arange(16, 24), np.zeros(0, np.int64), "grouped")
CHANGES = {"network.width": 4, "network.dim": 8, "train.epochs": 2, "train.batch": 8, "train.patience": 0}


def bright_task(balance: str = "none") -> NetworkTask:
    recipe = replace(read_recipe("fcn", CHANGES | {"data.balance": balance}), features=FEATURES)
    spectrograms, y = bright_and_dark()
    manifest = manifest_of(label=["dark", "bright"] * 12)
    targets = read_targets(manifest, ["label"])
    torch.manual_seed(0)
    network = build_network("fcn", 16, 2, recipe.options)
    info = with_frames(describe_model(recipe, manifest, TagGroup("label", targets.names, "exclusive")), network)
    objective = make_objective(recipe, targets, SPLIT)
    clips = Clips(spectrograms, y, FEATURES, 64, 1024, 64)
    return NetworkTask(recipe, manifest, targets, SPLIT, network, 16, objective, clips, info)


def test_training_reports_its_epochs_and_what_the_export_says(tmp_path):
    calls = []

    def export(network, info, path):
        path.write_text(info.id)
        return 0.25

    run = RunOptions(
        accelerator="cpu", progress=lambda what, done, total, note="": calls.append((what, done, total, note))
    )
    trained = train_network(bright_task(), tmp_path, run, export)
    assert trained.difference == 0.25
    assert trained.model.read_text().startswith("fcn-test-")
    assert list(trained.metrics) == ["valid"]
    training = [call for call in calls if call[0] == "training"]
    assert [done for _, done, _, _ in training] == [0, 0.5, 1, 1.5, 2]
    assert {total for _, _, total, _ in training} == {2}
    assert training[-1][3].startswith(f"train loss {trained.history[0]['train_loss']:.3f}, valid loss ")


def test_a_model_file_that_is_refused_ends_the_training(tmp_path):
    def export(network, info, path):
        raise ModelError(path, "differs from the network by 1", "Report this network.")

    with pytest.raises(ModelError, match="differs from the network"):
        train_network(bright_task(), tmp_path, RunOptions(accelerator="cpu"), export)


def test_balance_weighs_the_loss_or_draws_the_rows():
    assert bright_task("weights").objective.weights.tolist() == [1, 1]
    rows = epoch_order(bright_task("bright=30,*=2"))(np.random.default_rng(0))
    assert sorted(np.bincount(rows % 2)) == [2, 30]
    assert set(rows) <= set(SPLIT.train)


def test_another_network_has_another_id():
    task = bright_task()
    first = complete_info(task, task.network)
    with torch.no_grad():
        next(task.network.parameters()).add_(1)
    assert complete_info(task, task.network).id != first.id
    assert first.metrics["valid"]["n"] == 8
