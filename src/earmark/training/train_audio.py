"""Training a network on spectrograms."""

from pathlib import Path

import torch

from earmark.data.manifest import Manifest
from earmark.data.splits import Split, split_of
from earmark.data.targets import Targets
from earmark.errors import ConfigError
from earmark.tagger.tagset import TagGroup
from earmark.training.batches import Clips
from earmark.training.export import export_onnx, with_frames
from earmark.training.networks import build_network
from earmark.training.outputs import RunOptions, Trained, cached_spectrograms, check_split, describe_model
from earmark.training.recipe import Recipe
from earmark.training.train_network import NetworkTask, make_objective, train_network


def train_audio(
    recipe: Recipe, manifest: Manifest, targets: Targets, group: TagGroup, out: Path, run: RunOptions,
    split: Split | None = None,
) -> Trained:  # fmt: skip
    """Train an audio network.

    Parameters
    ----------
    group : name and tags of the model's answer
    split : replaces the manifest's own or the grouped one

    Raises
    ------
    ConfigError : examples are shorter than the network needs, or another setting is impossible
    DataError : unreadable files, a class without a training row, another training in `out`, a loss that is no number
    """
    split = split or split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    torch.manual_seed(recipe.train.seed)
    n_mels = recipe.features.n_mels
    network = build_network(recipe.network, n_mels, len(targets.names), recipe.options)
    crop_frames = _crop_frames(recipe, network)
    cache = cached_spectrograms(manifest, recipe.features, run)
    objective = make_objective(recipe, targets, split)
    clips = Clips(
        cache, objective.standardise(targets.values), recipe.features, crop_frames, network.patch_frames,
        network.min_frames, recipe.augment,
    )  # fmt: skip
    info = with_frames(describe_model(recipe, manifest, group), network)
    task = NetworkTask(recipe, manifest, targets, split, network, n_mels, objective, clips, info)
    return train_network(task, out, run, export_onnx)


def _crop_frames(recipe: Recipe, network: torch.nn.Module) -> int:
    """Length of a training example in frames; raises ConfigError where the network needs more."""
    frames = round(recipe.crop_seconds * recipe.features.frame_rate)
    if frames < network.min_frames:
        least = network.min_frames / recipe.features.frame_rate
        raise ConfigError("data.crop_seconds", f"{recipe.crop_seconds} s is too short", f"Give at least {least:.2f} s.")
    return frames
