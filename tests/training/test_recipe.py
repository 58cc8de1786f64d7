"""Recipes: every packaged one is understood and written back; wrong ones are refused."""

import pytest

from earmark.errors import ConfigError
from earmark.training.networks import build_network
from earmark.training.recipe import parse_changes, read_recipe, recipe_names, to_toml

OWN = [name for name in recipe_names() if name != "starter"]


@pytest.mark.parametrize("name", OWN)
def test_a_packaged_recipe_builds_its_network_and_is_written_back_whole(name, tmp_path):
    recipe = read_recipe(name)
    if recipe.family != "probe":
        build_network(recipe.network, 128, 10, recipe.options)
    (tmp_path / f"{name}.toml").write_text(to_toml(recipe))
    assert read_recipe(tmp_path / f"{name}.toml") == recipe


def test_the_recipes_of_the_systems_are_here():
    assert {"deepsound-crnn", "deepsound-cnn", "msd-dense", "msd-cnn", "msd-lstm", "msd-best", "msd-popularity",
            "short-chunk", "fcn", "probe"} <= set(OWN)  # fmt: skip


@pytest.mark.parametrize(("text", "match"), [
    ("[network]\nname = 'fnc'", "no network 'fnc'. There are probe, deepsound_cnn"),
    ("name = 'fcn'", r"no \[network\] with a name"),
    ("[network]\nname = 'fcn'\n[train]\nepoch = 3", "unknown settings epoch. There are epochs"),
    ("[network]\nname = 'fcn'\n[train]\nepochs = 'many'", "epochs = 'many' is not int"),
    ("[network]\nname = 'fcn'\n[train]\nepochs = 0", "train.epochs: 0 is too small"),
    ("[network]\nname = 'fcn'\n[train]\noptimiser = 'lion'", "unknown: 'lion'. Give adam or"),
    ("[network]\nname = 'fcn'\n[data]\nbalance = 'Rock'", "not understood"),
    ("[network]\nname = 'fcn'\n[augment]\nmixup = -1", "augment.mixup: a negative number"),
    ("[network\n", "not TOML"),
])  # fmt: skip
def test_a_wrong_recipe_is_refused(text, match, tmp_path):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError, match=match):
        read_recipe(tmp_path / "mine.toml")


def test_an_unknown_recipe_lists_the_packaged_ones():
    with pytest.raises(ConfigError, match="There are .*deepsound-cnn.*, or give a TOML file"):
        read_recipe("deepsoud")


def test_changes_are_toml_and_bare_words_are_text():
    texts = ["train.epochs=5", "train.rate = 1e-3", "data.balance=over", "probe.strengths=[1.0, 0.1]"]
    assert parse_changes(texts) == {
        "train.epochs": 5, "train.rate": 1e-3, "data.balance": "over", "probe.strengths": [1.0, 0.1],
    }  # fmt: skip
    with pytest.raises(ConfigError, match="--set train.epochs: no value"):
        parse_changes(["train.epochs"])


@pytest.mark.parametrize("change", [{"probe.folds": 1}, {"probe.strengths": [0.0]}, {"series.use": "both ears"}])
def test_an_impossible_setting_is_a_config_error(change):
    with pytest.raises(ConfigError, match="impossible|Give both or audio"):
        read_recipe("probe", change)
