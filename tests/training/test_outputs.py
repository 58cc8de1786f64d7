"""The folder that a training leaves, and what is checked before one begins."""

import numpy as np
import pytest

from datafiles import manifest_of
from earmark.data.splits import Split
from earmark.data.targets import read_targets
from earmark.errors import DataError
from earmark.tagger.tagset import TagGroup
from earmark.training.objective import Objective
from earmark.training.outputs import (
    RunOptions,
    check_split,
    describe_model,
    figures,
    model_id,
    prepare_folder,
    run_settings,
)
from earmark.training.recipe import read_recipe

MANIFEST = manifest_of(genre=["a", "b", "a", "b", "a"])
SPLIT = Split(np.array([0, 1]), np.array([2]), np.array([3]), "grouped")


def test_the_folder_has_every_setting_and_the_part_of_every_row(tmp_path):
    calls = []
    run = RunOptions(progress=lambda *call: calls.append(call))
    prepare_folder(tmp_path / "out", read_recipe("fcn"), MANIFEST, SPLIT, run)
    assert read_recipe(tmp_path / "out" / "recipe.toml").train == read_recipe("fcn").train
    assert (tmp_path / "out" / "split.csv").read_text().splitlines() == [
        "path,part", "0.wav,train", "1.wav,train", "2.wav,valid", "3.wav,test", "4.wav,",
    ]  # fmt: skip
    assert calls == [("split", 4, 5, "grouped: 2 train, 1 valid, 1 test")]


def test_a_class_without_a_training_row_is_refused():
    targets = read_targets(MANIFEST, ["genre"])
    check_split(targets, SPLIT)
    with pytest.raises(DataError, match=r"no row of b is in the training part \(grouped\)"):
        check_split(targets, Split(np.array([0, 2]), np.array([1]), np.array([3]), "grouped"))


def test_figures_stand_beside_the_most_frequent_class():
    y = np.eye(2, dtype=np.float32)[[0, 0, 0, 1]]
    logits = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    assert figures(Objective.of("exclusive", y), logits, y) == {"n": 4, "accuracy": 0.75, "majority_rate": 0.75}
    one = np.ones((2, 1), np.float32)
    assert figures(Objective.of("independent", one), one, one) == {"n": 2, "roc_auc": None}


def test_the_model_names_its_data_and_that_of_its_backbone():
    recipe, group = read_recipe("fcn"), TagGroup("genre", ("a", "b"), "exclusive")
    backbone = describe_model(recipe, manifest_of(genre=["x"]), TagGroup("old", ("x",)))
    info = describe_model(recipe, MANIFEST, group, backbone)
    assert [data["targets"] for data in info.training_data] == [["x"], ["a", "b"]]
    assert info.training_data[1]["rows"] == 5


def test_ids_and_settings_tell_trainings_apart():
    recipe = read_recipe("fcn")
    assert (
        model_id(recipe, MANIFEST, b"one") == model_id(recipe, MANIFEST, b"one") != model_id(recipe, MANIFEST, b"two")
    )
    other = Split(SPLIT.train, SPLIT.test, SPLIT.valid, "grouped")
    assert run_settings(recipe, SPLIT) != run_settings(recipe, other)
    assert run_settings(recipe, SPLIT) != run_settings(read_recipe("fcn", {"train.rate": 0.5}), SPLIT)
