"""The recipe of the bundled model."""

import tomllib

from earmark_research.tagger.network import BranchConfig
from earmark_research.tagger.plan import LABELLED
from earmark_research.tagger.recipe import RECIPE, Recipe


def test_the_recipe_leaves_out_what_the_cache_has_not(tmp_path):
    for source in ("emotify", "music"):
        (tmp_path / source).mkdir()
    recipe = Recipe.read(RECIPE, tmp_path)

    assert recipe.version
    assert [(stage.name, stage.sources) for stage in recipe.stages] == [
        ("free", ("music",)),
        ("free-longer", ("music",)),
        ("everything", ("emotify", "music")),
    ]
    assert recipe.plan.sources == ("music", "emotify")
    assert recipe.plan.held_folds == ("3",)
    assert recipe.network.branches["MSD_musicnn"] == BranchConfig((23, 14, 3, 7, 17), 20)


def test_the_free_stages_are_free():
    """No research recording, mixed or not, in what the recipe calls free."""
    stages = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["stage"]
    for name in ("free", "free-longer"):
        (free,) = (stage for stage in stages if stage["name"] == name)
        assert not set(free["draw"]) & {*LABELLED, "mixed_gtzan"}


def test_every_source_that_a_stage_draws_from_is_in_the_cache(tmp_path):
    recipe = Recipe.read(RECIPE, tmp_path)
    names = {part.name for part in (*recipe.folders, *recipe.synthetic, *recipe.mixes)}
    for stage in tomllib.loads(RECIPE.read_text(encoding="utf-8"))["stage"]:
        assert set(stage["draw"]) <= names
        assert abs(sum(stage["draw"].values()) - 1) < 1e-9
    assert all({*mix.over, *mix.under} <= names for mix in recipe.mixes)
