"""The whole way from folders of audio to the model files: cache, stages, packaging."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

from earmark.progress import Progress, silent
from earmark.tagger.interop.musicnn import Weights
from earmark.tagger.model import ModelInfo
from earmark_research.tagger.build import cache_folder, cache_mixes, cache_synthetic
from earmark_research.tagger.network import StarterNet
from earmark_research.tagger.package import package_accurate, package_student
from earmark_research.tagger.plan import Rows, is_held, swap_held_folds
from earmark_research.tagger.predicted_teacher import with_predicted_teacher
from earmark_research.tagger.recipe import Recipe
from earmark_research.tagger.stages import Trained, train_stages
from earmark_research.tagger.teachers import Teachers

ACCURATE = "accurate_head.npz"


def fill_cache(
    cache: Path, recipe: Recipe, folders: Mapping[str, Path | None], teachers: Teachers, rows: Rows,
    progress: Progress = silent,
) -> list[tuple[str, str]]:  # fmt: skip
    """Decode, cut and run the teachers, source by source; resumable.

    `folders` are those of audio, by their names in the recipe. Returns (file, why) of those that could not be used.
    """
    failures = []
    for folder in recipe.folders:
        if root := folders.get(folder.name):
            out = cache / folder.name
            failures += cache_folder(root, out, teachers, folder.patches, folder.at_least, progress)
    for part in recipe.synthetic:
        cache_synthetic(cache / part.name, teachers, part.n, part.seed)
    held = functools.partial(is_held, rows=rows, plan=recipe.plan)
    for mix in recipe.mixes:
        cache_mixes(cache / mix.name, mix.over, mix.under, held, teachers, mix.blocks, mix.mastered)
    return failures


def train_all(
    cache: Path, recipe: Recipe, weights: Mapping[str, Weights], rows: Rows, out: Path, progress: Progress = silent
) -> Iterator[tuple[Path, ModelInfo]]:
    """Train every stage and write its model file to the folder `out`, then the head of the accurate profile.

    Stages that use Emotify are trained twice, by plans that hold other folds: each fold is held by one of the two.
    """
    plans = (recipe.plan, swap_held_folds(recipe.plan, rows))
    networks: dict[str, StarterNet] = {}  # by label: stages that both plans share are trained once
    results, counterparts = (
        list(train_stages(cache, rows, plan, recipe.stages, recipe.network, weights, out, networks, progress))
        for plan in plans
    )
    for trained, counterpart in zip(results, counterparts, strict=True):
        for network, out_of_fold in pair_up(trained, counterpart, cache, rows):
            path = out / f"{network.label}.onnx"
            yield path, package_student(network, out_of_fold, cache, rows, recipe.version, path)
    path = out / ACCURATE
    yield path, package_accurate(cache, rows, recipe.plan, recipe.version, path)


def pair_up(trained: Trained, counterpart: Trained, cache: Path, rows: Rows) -> list[tuple[Trained, Trained]]:
    """Each network to package, with the one for tracks that it was trained on itself; both with a predicted teacher.

    The two are one where the stage does not depend on which folds are held.
    """
    same = trained.label == counterpart.label
    trained = with_predicted_teacher(trained, cache, rows)
    if same:
        return [(trained, trained)]
    counterpart = with_predicted_teacher(counterpart, cache, rows)
    return [(trained, counterpart), (counterpart, trained)]
