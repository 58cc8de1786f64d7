"""Audio networks from a manifest to a model file that the runtime takes."""

import numpy as np
import pytest

from earmark.errors import ConfigError
from earmark.tagger.model import load_model
from earmark.training.outputs import RunOptions
from earmark.training.recipe import read_recipe
from earmark.training.train import train
from tinytraining import SHORT, TINY


@pytest.mark.parametrize("name", TINY)
def test_an_audio_recipe_gives_a_model_that_the_runtime_takes(name, labelled, tmp_path):
    recipe = read_recipe(name, TINY[name] | SHORT)
    trained = train(recipe, labelled, ["genre"], tmp_path / "out", RunOptions(cache=labelled.parent / "cache"))

    model = load_model(trained.model)
    assert model.info.features == recipe.features
    run = model.run(np.random.default_rng(0).random((700, recipe.features.n_mels)).astype(np.float32))
    assert model.tagset.probabilities(run.track_logits()).sum() == pytest.approx(1, abs=1e-5)
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"model.onnx", "last.ckpt", "metrics.csv", "curves.png", "recipe.toml", "split.csv"}
    rows = [line.split(",") for line in (tmp_path / "out" / "split.csv").read_text().splitlines()[1:]]
    part_of_song = {}
    for path, part in rows:
        part_of_song.setdefault(int(path.removesuffix(".wav")) // 2, set()).add(part)
    assert all(len(parts) == 1 for parts in part_of_song.values())  # no song in two parts


def test_several_targets_and_values_give_groups_of_their_kind(labelled, tmp_path):
    recipe, options = read_recipe("fcn", TINY["fcn"] | SHORT), RunOptions(cache=labelled.parent / "cache")
    tags = load_model(train(recipe, labelled, ["calm"], tmp_path / "tags", options).model).tagset.groups[0]
    assert (tags.kind, tags.tags) == ("independent", ("calm",))
    value = load_model(train(recipe, labelled, ["bpm"], tmp_path / "value", options).model).tagset.groups[0]
    assert value.kind == "value"
    assert value.bias[0] == pytest.approx(90 + 3 * 11.5, abs=15)  # the training part's mean, in beats a minute


def test_a_crop_that_is_too_short_for_the_network_is_refused(labelled, tmp_path):
    recipe = read_recipe("fcn", {"data.crop_seconds": 0.5})
    with pytest.raises(ConfigError, match="0.5 s is too short. Give at least 1.02 s"):
        train(recipe, labelled, ["genre"], tmp_path / "out", RunOptions(cache=labelled.parent / "cache"))
