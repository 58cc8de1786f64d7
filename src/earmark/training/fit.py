"""The training loop: one network, one objective, PyTorch Lightning around it.

Everything random is a function of the seed and the number of the epoch, so a run that is interrupted and resumed from
its last checkpoint ends with the same weights as one that was not.
"""

import logging
import math
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from torch import nn

from earmark.errors import ConfigError, DataError
from earmark.progress import Progress, silent
from earmark.training import curves
from earmark.training.batches import EpochBatches, Examples, predict
from earmark.training.checkpoint import BEST, KEY, LAST, load_checkpoint, read_checkpoint
from earmark.training.objective import Objective

STAGE = "training"


@dataclass(frozen=True)
class FitSettings:
    """How long and how fast a network learns.

    Attributes
    ----------
    epochs : at most
    batch : rows of a batch
    rate : learning rate
    optimiser, weight_decay : of PyTorch, see `OPTIMISERS`
    patience : epochs without a better loss on the valid part before training stops; 0 trains all epochs and keeps the
        last weights, otherwise the best ones are kept
    schedule : ``constant``, or ``cosine`` from `rate` down to a hundredth of it
    clip : largest norm of a gradient, 0 for none
    seed : decides the initial weights, the order of rows, crops, augmentation and dropout
    """

    epochs: int = 50
    batch: int = 32
    rate: float = 1e-3
    optimiser: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam"
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    patience: int = 0
    clip: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch", 2), ("patience", 0), ("weight_decay", 0), ("clip", 0)):
            if getattr(self, name) < least:
                raise ConfigError(f"train.{name}", f"{getattr(self, name)} is too small", f"Give at least {least}.")
        if not 0 < self.rate < math.inf:
            raise ConfigError("train.rate", f"{self.rate} is not a learning rate", "Give a small positive number.")
        for name, known in (("optimiser", tuple(OPTIMISERS)), ("schedule", ("constant", "cosine"))):
            if getattr(self, name) not in known:
                raise ConfigError(f"train.{name}", f"unknown: {getattr(self, name)!r}", f"Give {' or '.join(known)}.")


OPTIMISERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}


class Learner(pl.LightningModule):
    """A network while it learns, as `pytorch_lightning.LightningModule`.

    Attributes
    ----------
    history : one row an epoch: its losses, the figure of merit on the valid part, and seconds
    """

    def __init__(
        self,
        network: nn.Module,
        objective: Objective,
        settings: FitSettings,
        examples: Examples,
        valid: np.ndarray,
        header: dict,
    ) -> None:
        super().__init__()
        self.network, self.objective, self.settings = network, objective, settings
        self.examples, self.valid, self.header = examples, np.asarray(valid), header
        self.history: list[dict] = []
        self._losses: list[float] = []
        self._began = 0.0

    def configure_optimizers(self):
        """The optimiser of the settings, with its schedule."""
        s = self.settings
        optimiser = OPTIMISERS[s.optimiser](self.network.parameters(), lr=s.rate, weight_decay=s.weight_decay)
        if s.schedule == "constant":
            return optimiser
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, s.epochs, eta_min=s.rate / 100)
        return [optimiser], [schedule]

    def on_train_epoch_start(self) -> None:
        """Seed what is random in the network."""
        torch.manual_seed(self.settings.seed * 100_003 + self.current_epoch)  # dropout, the same after a resume
        self._losses, self._began = [], time.perf_counter()

    def training_step(self, batch, _) -> torch.Tensor:
        """The loss of one batch, with the penalty of a network that has one."""
        inputs, y = batch
        logits, _embedding = self.network(*inputs)
        loss = self.objective.loss(logits, y, self.network.pools)
        self._losses.append(float(loss.detach()))
        penalty = getattr(self.network, "penalty", None)
        return loss if penalty is None else loss + penalty()

    def on_train_epoch_end(self) -> None:
        """Add the epoch to `history`; raises DataError where its loss is no number."""
        row = {"epoch": self.current_epoch, "train_loss": float(np.mean(self._losses))}
        if not math.isfinite(row["train_loss"]):
            raise DataError("training", f"the loss became {row['train_loss']}", "Lower `train.rate` in the recipe.")
        row |= self._valid_figures() | {"seconds": round(time.perf_counter() - self._began, 3)}
        self.history.append(row)
        self.log_dict({k: v for k, v in row.items() if k not in ("epoch", "seconds")})  # for EarlyStopping

    def _valid_figures(self) -> dict:
        """Loss and figure of merit on the valid part, whole tracks as the runtime sees them."""
        if not len(self.valid):
            return {}
        logits, _ = predict(self.network, self.examples, self.valid)
        y = self.examples.y[self.valid]
        loss = self.objective.loss(torch.from_numpy(logits)[:, None], torch.from_numpy(y))
        name, value = self.objective.merit(logits, y)
        return {"valid_loss": float(loss), f"valid_{name}": value}

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Put the header and the history into the checkpoint."""
        checkpoint[KEY] = self.header
        checkpoint["history"] = self.history

    def on_load_checkpoint(self, checkpoint: dict) -> None:
        """Take the history out of the checkpoint."""
        self.history = list(checkpoint["history"])


class CurveWriter(pl.Callback):
    """Writes metrics.csv after every epoch and curves.png at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_save_checkpoint(self, trainer, learner, checkpoint) -> None:
        """Write metrics.csv."""
        if trainer.is_global_zero:
            curves.write_csv(learner.history, self.folder / "metrics.csv")

    def on_fit_end(self, trainer, learner) -> None:
        """Write both."""
        if trainer.is_global_zero:
            curves.write_csv(learner.history, self.folder / "metrics.csv")
            curves.draw(learner.history, self.folder / "curves.png")


class ProgressReport(pl.Callback):
    """Calls a `Progress` after every batch with the stage ``training``; done and total are epochs."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self._note = progress, ""

    def on_train_start(self, trainer, learner) -> None:
        """Report the epochs that an earlier run has done."""
        done = learner.current_epoch
        self.progress(STAGE, done, trainer.max_epochs, f"goes on after epoch {done}" if done else "")

    def on_train_batch_end(self, trainer, learner, outputs, batch, k) -> None:
        """Report batch `k` of the current epoch."""
        if trainer.is_global_zero:
            done = learner.current_epoch + (k + 1) / trainer.num_training_batches
            self.progress(STAGE, done, trainer.max_epochs, self._note)

    def on_train_epoch_start(self, trainer, learner) -> None:
        """Take the figures of the last epoch for the note of this one."""
        row = learner.history[-1] if learner.history else {}
        shown = (
            f"{key.replace('_', ' ')} {value:.3f}" for key, value in row.items() if key not in ("epoch", "seconds")
        )
        self._note = ", ".join(shown)


def fit(
    network: nn.Module,
    objective: Objective,
    examples: Examples,
    order,
    valid: np.ndarray,
    settings: FitSettings,
    folder: Path,
    header: dict,
    accelerator: str = "auto",
    progress: Progress = silent,
) -> tuple[nn.Module, list[dict]]:
    """Train, or go on with the training that `folder` holds.

    Parameters
    ----------
    examples : rows with inputs and targets ``y``
    order : the training rows of an epoch, drawn with a generator; see `earmark.training.batches.EpochBatches`
    valid : row numbers for early stopping and curves; may be empty where ``settings.patience`` is 0
    folder : gets last.ckpt, best.ckpt (with patience), metrics.csv, curves.png
    header : of the checkpoints, from `earmark.training.checkpoint.checkpoint_header`
    accelerator : ``auto``, ``cpu`` or ``gpu``, as Lightning's
    progress : is called with the stage ``training``; done and total are epochs

    Returns
    -------
    The network with its best weights (its last ones without patience), and one dict an epoch

    Raises
    ------
    ConfigError : early stopping without a valid part
    DataError : the folder holds another training, or the loss is no number any more
    """
    if settings.patience and not len(valid):
        raise ConfigError("train.patience", "early stopping without a valid part", "Set it to 0 or give a valid part.")
    folder.mkdir(parents=True, exist_ok=True)
    resume = find_checkpoint(folder, header)
    learner = Learner(network, objective, settings, examples, valid, header)
    with _quiet_lightning():
        trainer = _trainer(settings, folder, accelerator, progress)
    batches = EpochBatches(
        examples, order, settings.batch, settings.seed, epoch=lambda: learner.current_epoch,
        share=lambda: (trainer.global_rank, trainer.world_size),
    )  # fmt: skip
    with _quiet_lightning():
        trainer.fit(learner, train_dataloaders=batches, ckpt_path=resume, weights_only=True if resume else None)
    if not trainer.is_global_zero:  # the other processes of several GPUs have done their part
        raise SystemExit(0)
    kept = folder / (BEST if settings.patience else LAST)
    return load_checkpoint(kept)[0], learner.history


def find_checkpoint(folder: Path, header: dict) -> Path | None:
    """The last checkpoint in `folder`, None where there is none; raises DataError where its header is another."""
    last = folder / LAST
    if not last.exists():
        return None
    if read_checkpoint(last)[KEY] != header:
        raise DataError(folder, "holds a training with other settings or data", "Give another --out, or delete it.")
    return last


def _trainer(settings: FitSettings, folder: Path, accelerator: str, progress: Progress) -> pl.Trainer:
    on_gpu = accelerator in ("auto", "gpu") and torch.cuda.is_available()
    keep = {"save_on_train_epoch_end": True, "dirpath": folder, "enable_version_counter": False}
    callbacks = [CurveWriter(folder), ProgressReport(progress), ModelCheckpoint(filename="last", **keep)]
    if settings.patience:
        callbacks += [
            ModelCheckpoint(filename="best", monitor="valid_loss", mode="min", **keep),
            EarlyStopping("valid_loss", patience=settings.patience, check_on_train_epoch_end=True),
        ]
    return pl.Trainer(
        accelerator=accelerator, devices="auto" if on_gpu else 1, precision="16-mixed" if on_gpu else "32-true",
        deterministic="warn" if on_gpu else True, max_epochs=settings.epochs, callbacks=callbacks, logger=False,
        gradient_clip_val=settings.clip or None, enable_progress_bar=False, enable_model_summary=False,
        num_sanity_val_steps=0, default_root_dir=folder, use_distributed_sampler=False,
    )  # fmt: skip


class _quiet_lightning(warnings.catch_warnings):
    """Lightning's advice (data loader workers, tips) kept off the terminal; its errors are not."""

    def __enter__(self):
        super().__enter__()
        warnings.simplefilter("ignore")
        for name in ("pytorch_lightning", "lightning.pytorch", "pytorch_lightning.utilities.rank_zero"):
            logging.getLogger(name).setLevel(logging.ERROR)
