"""Train the starter network to answer what its teachers answer (function matching, Beyer et al. 2022)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from pytorch_optimizer import SOAP
from torch import nn

from earmark_research.tagger.augment import equaliser, to_log, to_power
from earmark_research.tagger.corpus import EMBEDDING_PARTS, Corpus
from earmark_research.tagger.network import StarterConfig, StarterNet, whole_outputs

SAVE_EVERY = 250  # steps
FAR_OFF = 50.0  # squared standard deviations: an answer further off counts as much, or a few would lead the first steps


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How the network is trained.

    Attributes
    ----------
    steps, batch : optimiser steps and patches per step
    lr, decay : peak learning rate and weight decay of SOAP (Vyas et al. 2024), which gets further than AdamW
    strength : of the equaliser that half of a batch goes through; its teachers heard the sound before it
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
    """Patches with their teachers' embeddings, and how often each is drawn [n]."""

    corpus: Corpus
    weight: np.ndarray


@dataclass(frozen=True)
class Wanted:
    """What is to be answered: embeddings [n, dim], each dimension standardised."""

    rows: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    @classmethod
    def of(cls, corpus: Corpus, cfg: StarterConfig) -> "Wanted":
        """The embeddings that a network of these sizes learns to answer, side by side."""
        parts = [corpus.embedding[:, EMBEDDING_PARTS[name]] for name in cfg.listeners]
        X = torch.from_numpy(np.hstack(parts)).float()
        mean, std = X.mean(dim=0), X.std(dim=0) + 1e-3
        return cls((X - mean) / std, mean, std)

    def distance(self, embedding: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
        """Mean squared error of embeddings [len(rows), dim], in standard deviations."""
        wanted = self.rows[torch.from_numpy(rows)]
        return ((embedding - self.mean) / self.std - wanted).square().clamp(max=FAR_OFF).mean()


def fit(
    data: TrainingSet, cfg: FitConfig, network: StarterNet, checkpoint: Path | None = None,
    on_step: Callable[[int], None] = lambda step: None,
) -> StarterNet:  # fmt: skip
    """Train `network` further, on as many threads as torch was given; resumes from `checkpoint`, to the same end."""
    wanted = Wanted.of(data.corpus, network.cfg)
    optimiser = SOAP(network.parameters(), lr=cfg.lr, weight_decay=cfg.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, cfg.lr, total_steps=cfg.steps, pct_start=0.05, cycle_momentum=False
    )
    state = {"network": network, "optimiser": optimiser, "schedule": schedule}
    start = resume(state, checkpoint)
    began, mean_loss = time.monotonic(), 0.0
    network.train()
    for step in range(start, cfg.steps):
        loss = one_step(data, wanted, network, cfg, step)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        mean_loss += 0.02 * (float(loss.detach()) - mean_loss)
        on_step(step)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == cfg.steps:
            print(f"step {step + 1}/{cfg.steps} loss {mean_loss:.4f} {time.monotonic() - began:.0f} s", flush=True)
            save(state, step + 1, checkpoint)
    return network.eval()


def one_step(data: TrainingSet, wanted: Wanted, network: StarterNet, cfg: FitConfig, step: int) -> torch.Tensor:
    """Draw a batch that depends on seed and step alone, and return its loss."""
    rng = np.random.default_rng([cfg.seed, step])
    g = torch.Generator().manual_seed(int(rng.integers(2**31)))
    rows = draw(rng, data.weight, cfg.batch)
    mel = torch.from_numpy(data.corpus.mel[rows].astype(np.float32))
    half = cfg.batch // 2
    mel[:half] = to_log(to_power(mel[:half]) * equaliser(half, mel.shape[2], g, cfg.strength))
    return wanted.distance(network.embed(whole_outputs(mel))[0].mean(dim=1), rows)


def draw(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    """n rows, each with probability in proportion to its weight."""
    cumulated = np.cumsum(weight, dtype=np.float64)
    return np.searchsorted(cumulated, rng.random(n) * cumulated[-1])


def save(state: dict, step: int, path: Path | None) -> None:
    """Write a checkpoint, whole or not at all."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    torch.save({name: part.state_dict() for name, part in state.items()} | {"step": step}, draft)
    draft.replace(path)


def resume(state: dict, path: Path | None) -> int:
    """Load a checkpoint into `state`; returns the step to go on from, 0 without one."""
    if path is None or not path.is_file():
        return 0
    stored = torch.load(path, weights_only=True)
    for name, part in state.items():
        part.load_state_dict(stored[name])
    return stored["step"]
