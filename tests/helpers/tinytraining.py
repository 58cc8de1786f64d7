"""Trainings that take a second."""

import numpy as np
import torch

from earmark.progress import silent
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.augment import Augmentation
from earmark.training.batches import Clips, shuffle_rows
from earmark.training.checkpoint import checkpoint_header
from earmark.training.fit import fit
from earmark.training.networks import build_network
from earmark.training.objective import Objective
from tinysets import FEATURES, bright_and_dark

OPTIONS = {"width": 4, "dim": 8, "context": 1, "dropout": 0.2}
TRAIN, VALID = np.arange(0, 16), np.arange(16, 24)
AUGMENTED = Augmentation(gain_db=3, time_masks=1, band_masks=1, band_width=2, mixup=0.2)
TINY = {
    "deepsound-cnn": {"network.width": 8}, "deepsound-crnn": {"network.width": 8, "network.units": 8},
    "fcn": {"network.width": 4, "network.dim": 8}, "short-chunk": {"network.width": 4},
}  # fmt: skip
SHORT = {"train.epochs": 2, "train.batch": 4, "train.patience": 0}


def fit_tiny(folder, settings, train_rows=TRAIN, valid=VALID, examples=None, kind="exclusive", progress=silent):
    """Fit a small `fcn` to bright and dark noise, or to `examples`: the network, its history, and the examples."""
    if examples is None:
        spectrograms, y = bright_and_dark()
        examples = Clips(spectrograms, y, FEATURES, 64, 1024, 64, AUGMENTED)
    torch.manual_seed(settings.seed)
    n = examples.y.shape[1]
    network = build_network("fcn", 16, n, OPTIONS)
    info = ModelInfo("t", "1", Tagset((TagGroup("g", tuple(f"t{k}" for k in range(n)), kind),)), FEATURES)
    header = checkpoint_header("fcn", 16, n, OPTIONS, info, {"rate": settings.rate, "seed": settings.seed})
    objective = Objective.of(kind, examples.y[train_rows])
    order = shuffle_rows(train_rows)
    network, history = fit(network, objective, examples, order, valid, settings, folder, header, "cpu", progress)
    return network, history, examples
