"""`earmark train` as it is typed."""

import json

from commandline import invoke
from datafiles import write_labelled_set
from earmark.cli import train
from earmark.tagger.model import load_model
from earmark.training.recipe import read_recipe


def test_the_command_trains_and_says_where(tmp_path, monkeypatch):
    labelled = write_labelled_set(tmp_path / "set")
    monkeypatch.setenv("EARMARK_CACHE", str(labelled.parent / "cache"))
    arguments = ["train", "fcn", "--data", str(labelled), "--target", "genre", "--out", str(tmp_path / "out"), "--set",
                 "train.epochs=1", "--set", "network.width=4", "--set", "train.patience=0", "--seed", "3"]  # fmt: skip
    result = invoke(train, *arguments)
    assert result.exit_code == 0, result.output
    assert f"model: {tmp_path / 'out' / 'model.onnx'}" in result.output
    assert read_recipe(tmp_path / "out" / "recipe.toml").train.seed == 3
    assert json.loads(json.dumps(load_model(tmp_path / "out" / "model.onnx").info.metrics))["test"]["n"] > 0
