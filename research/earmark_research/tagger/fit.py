"""Train the starter network to give the embeddings of its teachers (function matching, Beyer et al. 2022)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from pytorch_optimizer import SOAP
from torch import nn

from earmark.files import whole_file
from earmark.progress import Progress, silent
from earmark_research.tagger.augment import equaliser, to_log, to_power
from earmark_research.tagger.corpus import Corpus
from earmark_research.tagger.network import StarterConfig, StarterNet, pad_to_steps
from earmark_research.tagger.teachers import EMBEDDING_PARTS

SAVE_EVERY = 250  # steps
MAX_GRADIENT = 5.0  # norm
MAX_ERROR = 50.0  # squared standard deviations: larger ones count as much, or a few would lead the first steps


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How the network is trained.

    Attributes
    ----------
    steps, batch : optimiser steps and patches per step
    lr, decay : peak learning rate and weight decay of SOAP (Vyas et al. 2024), which gets further than AdamW
    strength : of the equaliser that half of a batch goes through; the targets are those of the sound before it
    seed : of everything random
    """

    steps: int = 3000
    batch: int = 64
    lr: float = 1e-3
    decay: float = 0.01
    strength: float = 0.5
    seed: int = 0


@dataclass
class TrainingSet:
    """Patches with their teachers' embeddings, and the weight [n] by which each is drawn."""

    corpus: Corpus
    weight: np.ndarray


@dataclass(frozen=True)
class EmbeddingTargets:
    """The teachers' embeddings.

    Attributes
    ----------
    rows : float32 [n, dim], each dimension standardised
    mean, std : float32 [dim], of the raw embeddings
    """

    rows: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    @classmethod
    def of(cls, corpus: Corpus, cfg: StarterConfig) -> "EmbeddingTargets":
        """Those that the branches of a network learn, side by side."""
        parts = [corpus.embedding[:, EMBEDDING_PARTS[name]] for name in cfg.branches]
        X = torch.from_numpy(np.hstack(parts)).float()
        mean, std = X.mean(dim=0), X.std(dim=0) + 1e-3
        return cls((X - mean) / std, mean, std)

    def distance(self, embedding: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
        """Mean squared error of embeddings [len(rows), dim], in standard deviations."""
        target = self.rows[torch.from_numpy(rows)]
        return ((embedding - self.mean) / self.std - target).square().clamp(max=MAX_ERROR).mean()


def fit(
    data: TrainingSet, cfg: FitConfig, network: StarterNet, checkpoint: Path | None = None, progress: Progress = silent
) -> StarterNet:
    """Train `network` further, on as many threads as torch was given; resumes from `checkpoint`, to the same end."""
    targets = EmbeddingTargets.of(data.corpus, network.cfg)
    optimiser = SOAP(network.parameters(), lr=cfg.lr, weight_decay=cfg.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, cfg.lr, total_steps=cfg.steps, pct_start=0.05, cycle_momentum=False
    )
    state = {"network": network, "optimiser": optimiser, "schedule": schedule}
    start, mean_loss = resume(state, checkpoint), 0.0
    network.train()
    for step in range(start, cfg.steps):
        loss = batch_loss(data, targets, network, cfg, step)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), MAX_GRADIENT)
        optimiser.step()
        schedule.step()
        mean_loss += 0.02 * (float(loss.detach()) - mean_loss)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == cfg.steps:
            save(state, step + 1, checkpoint)
        progress("training", step + 1, cfg.steps, f"loss {mean_loss:.4f}")
    return network.eval()


def batch_loss(
    data: TrainingSet, targets: EmbeddingTargets, network: StarterNet, cfg: FitConfig, step: int
) -> torch.Tensor:
    """The loss, a scalar, of a batch that depends on seed and step alone."""
    rng = np.random.default_rng([cfg.seed, step])
    g = torch.Generator().manual_seed(int(rng.integers(2**31)))
    rows = draw_rows(rng, data.weight, cfg.batch)
    mel = torch.from_numpy(data.corpus.mel[rows].astype(np.float32))
    half = cfg.batch // 2
    mel[:half] = to_log(to_power(mel[:half]) * equaliser(half, mel.shape[2], g, cfg.strength))
    return targets.distance(network.embed(pad_to_steps(mel))[0].mean(dim=1), rows)


def draw_rows(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    """int [n], row numbers drawn with probabilities in proportion to `weight`."""
    cumulated = np.cumsum(weight, dtype=np.float64)
    return np.searchsorted(cumulated, rng.random(n) * cumulated[-1])


def save(state: dict, step: int, path: Path | None) -> None:
    """Write a checkpoint, whole or not at all."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as draft:
        torch.save({name: part.state_dict() for name, part in state.items()} | {"step": step}, draft)


def resume(state: dict, path: Path | None) -> int:
    """Load a checkpoint into `state`; returns the step to go on from, 0 without one."""
    if path is None or not path.is_file():
        return 0
    stored = torch.load(path, weights_only=True)
    for name, part in state.items():
        part.load_state_dict(stored[name])
    return stored["step"]
