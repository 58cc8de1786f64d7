"""Training a network, whatever its inputs are: batches, objective, loop, calibration, figures, model file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from torch import nn

from earmark.data.manifest import Manifest
from earmark.data.splits import Split
from earmark.data.targets import Targets
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import Tagset
from earmark.training.batches import Examples, predict
from earmark.training.calibrate import calibrate, restore_scale
from earmark.training.checkpoint import checkpoint_header
from earmark.training.fit import fit
from earmark.training.objective import Objective
from earmark.training.outputs import (
    MODEL_FILE,
    RunOptions,
    Trained,
    figures,
    model_id,
    prepare_folder,
    run_settings,
)
from earmark.training.recipe import Recipe
from earmark.training.sampling import class_weights, draw_rows, parse_balance, positive_weights

Export = Callable[[nn.Module, ModelInfo, Path], float]


@dataclass(frozen=True)
class NetworkTask:
    """A network and all that it is to learn from.

    Attributes
    ----------
    network : not trained yet
    n_inputs : what it was built with, see `earmark.training.networks.build_network`
    examples : inputs and standardised targets of every row of `manifest`
    info : metadata of the model file, without what only training can tell
    """

    recipe: Recipe
    manifest: Manifest
    targets: Targets
    split: Split
    network: nn.Module
    n_inputs: int
    objective: Objective
    examples: Examples
    info: ModelInfo

    def header(self) -> dict:
        """The header of its checkpoints."""
        n_tags, settings = len(self.targets.names), run_settings(self.recipe, self.split)
        return checkpoint_header(self.recipe.network, self.n_inputs, n_tags, self.recipe.options, self.info, settings)


def train_network(task: NetworkTask, out: Path, run: RunOptions, export: Export) -> Trained:
    """Train, or go on with the training that `out` holds, and write the model file.

    Parameters
    ----------
    export : writes the model file and gives its largest difference from the network, as
        `earmark.training.export.export_onnx`

    Raises
    ------
    DataError : `out` holds another training, or the loss is no number any more
    ModelError : the model file differs from the network
    """
    header = task.header()
    prepare_folder(out, task.recipe, task.manifest, task.split, run, header)
    network, history = fit(
        task.network, task.objective, task.examples, epoch_order(task), task.split.valid, task.recipe.train, out,
        header, run.accelerator, run.progress,
    )  # fmt: skip
    info = complete_info(task, network)
    difference = export(network, info, out / MODEL_FILE)
    return Trained(out / MODEL_FILE, info.metrics, task.split, history, difference)


def make_objective(recipe: Recipe, targets: Targets, split: Split) -> Objective:
    """Loss and figure of merit for the targets, with weights of classes where the recipe balances by them."""
    weights = None
    if parse_balance(recipe.balance).method == "weights":
        weigh = positive_weights if targets.kind == "independent" else class_weights
        weights = weigh(targets, split.train)
    return Objective.of(targets.kind, targets.values[split.train], weights)


def epoch_order(task: NetworkTask) -> Callable[[np.random.Generator], np.ndarray]:
    """Draws the training rows of an epoch, int64, balanced as the recipe asks."""
    balance = parse_balance(task.recipe.balance)
    return lambda rng: draw_rows(task.targets, task.split.train, balance, int(rng.integers(2**31)))


def complete_info(task: NetworkTask, network: nn.Module) -> ModelInfo:
    """The task's metadata with what training tells: calibration from the valid part, figures, an id of its own."""
    group, metrics = task.info.tagset.groups[0], {}
    for part, rows in task.split.parts().items():
        if part == "train" or not len(rows):
            continue
        logits, _ = predict(network, task.examples, rows)
        metrics[part] = figures(task.objective, logits, task.examples.y[rows])
        if part == "valid" and group.kind != "value":
            group = calibrate(group, logits, task.targets.values[rows])
    tagset = Tagset((restore_scale(group, task.objective),))
    weights = b"".join(value.numpy().tobytes() for value in network.state_dict().values())
    return replace(task.info, id=model_id(task.recipe, task.manifest, weights), tagset=tagset, metrics=metrics)
