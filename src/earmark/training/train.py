"""One training from a recipe and a manifest to a folder that the runtime can use: what `earmark train` runs."""

from pathlib import Path

import torch

from earmark.data.manifest import Manifest
from earmark.data.read import read_manifest
from earmark.data.splits import Split, split_of
from earmark.data.targets import Targets, read_targets
from earmark.errors import ConfigError, DataError
from earmark.tagger.tagset import TagGroup
from earmark.training.batches import Clips
from earmark.training.checkpoint import passport
from earmark.training.export import export_onnx, with_frames
from earmark.training.fit import fit
from earmark.training.networks import build_network
from earmark.training.outputs import (
    MODEL_FILE,
    RunOptions,
    Trained,
    begin,
    check_split,
    features_of,
    finished,
    info_of,
    objective_of,
    order_of,
    settings_of,
)
from earmark.training.recipe import Recipe
from earmark.training.train_probe import train_probe
from earmark.training.train_series import train_series


def train(
    recipe: Recipe, data: str | Path, columns: list[str], out: str | Path, run: RunOptions, kind: str | None = None
) -> Trained:
    """Train from a manifest; continues where `out` holds an interrupted training of the same kind.

    Raises
    ------
    DataError : whatever is wrong with manifest, targets, recipe or folder, before any training begins
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise DataError(out, "is a file", "Give a folder to write to.")
    if recipe.family == "series":
        if len(columns) != 1:
            raise DataError(",".join(columns), "the Million Song networks learn one column", "Give one --target.")
        return train_series(recipe, data, columns[0], out, run)
    manifest = read_manifest(data)
    targets = read_targets(manifest, columns, kind)
    group = TagGroup(columns[0] if len(columns) == 1 and targets.kind == "exclusive" else "tags", targets.names,
                     targets.kind)  # fmt: skip
    if recipe.family == "probe":
        return train_probe(recipe, manifest, targets, group, out, run)
    return train_network(recipe, manifest, targets, group, out, run)


def train_network(
    recipe: Recipe, manifest: Manifest, targets: Targets, group: TagGroup, out: Path, run: RunOptions,
    split: Split | None = None,
) -> Trained:  # fmt: skip
    """Train an audio network; `split` replaces the manifest's own or the grouped one."""
    split = split or split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    torch.manual_seed(recipe.train.seed)
    n_mels = recipe.features.n_mels
    network = build_network(recipe.network, n_mels, len(targets.names), recipe.options)
    cache = features_of(manifest, recipe.features, run)
    objective = objective_of(recipe, targets, split)
    clips = Clips(
        cache, objective.standardise(targets.values), recipe.features, _crop_frames(recipe, network),
        network.patch_frames, network.min_frames, recipe.augment,
    )  # fmt: skip
    info = with_frames(info_of(recipe, manifest, group), network)
    carried = passport(recipe.network, n_mels, len(targets.names), recipe.options, info, settings_of(recipe, split))
    begin(out, recipe, manifest, split, run, carried)
    network, history = fit(
        network, objective, clips, order_of(recipe, targets, split), split.valid, recipe.train, out, carried,
        run.accelerator, run.progress,
    )  # fmt: skip
    info = finished(info, recipe, manifest, network, objective, clips, targets, split)
    difference = export_onnx(network, info, out / MODEL_FILE)
    run.log(f"model file and network agree to {difference:.1e}")
    return Trained(out / MODEL_FILE, info.metrics, split, history)


def _crop_frames(recipe: Recipe, network: torch.nn.Module) -> int:
    frames = round(recipe.crop_seconds * recipe.features.frame_rate)
    if frames < network.min_frames:
        least = network.min_frames / recipe.features.frame_rate
        raise ConfigError("data.crop_seconds", f"{recipe.crop_seconds} s is too short", f"Give at least {least:.2f} s.")
    return frames
