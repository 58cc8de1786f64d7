"""Train the starter network: labels, the teachers' tags and embeddings, and the accurate profile's answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from earmark.training.starter.augment import augment
from earmark.training.starter.corpus import Corpus
from earmark.training.starter.heads import as_batch
from earmark.training.starter.labels import Targets
from earmark.training.starter.losses import N_TAGS, PARTS, label_loss
from earmark.training.starter.network import StarterConfig, StarterNet


@dataclass(frozen=True, slots=True)
class FitConfig:
    """How the network is trained.

    Attributes
    ----------
    steps, batch : optimiser steps and patches per step
    lr, decay : peak learning rate and weight decay of AdamW
    labels, imitate, head : weights of the three losses: labels and tags; teachers' embeddings; the accurate head
    negatives : share of a batch that is no music
    strength : of augmentation
    seed : of everything random
    """

    steps: int = 3000
    batch: int = 64
    lr: float = 2e-3
    decay: float = 0.05
    labels: float = 1.0
    imitate: float = 2.0
    head: float = 1.0
    negatives: float = 0.1
    strength: float = 1.0
    seed: int = 0


@dataclass
class TrainingSet:
    """Patches with their targets, the accurate head's logits [n, n_tags] where they are wanted, how often each is drawn
    [n], and noise."""

    corpus: Corpus
    targets: Targets
    head_logits: np.ndarray
    weight: np.ndarray
    negatives: np.ndarray


def teacher_targets(corpus: Corpus) -> np.ndarray:
    """float32 [n, 656 + 150]: embeddings and tag logits, each dimension standardised."""
    p = np.clip(corpus.probabilities, 1e-3, 1 - 1e-3)
    X = np.hstack([corpus.embedding.astype(np.float32), np.log(p / (1 - p))])
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-3)


SAVE_EVERY = 100  # steps


def fit(
    data: TrainingSet, cfg: FitConfig, net_cfg: StarterConfig, checkpoint: Path | None = None,
    on_step: Callable[[int], None] = lambda step: None,
    begin: Path | None = None,
) -> StarterNet:  # fmt: skip
    """Train on as many threads as torch was given.

    Resumes from `checkpoint` where there is one, to the same end; else begins with the weights of `begin`, a
    checkpoint of an earlier training.
    """
    torch.manual_seed(cfg.seed)
    network = StarterNet(data.corpus.mel.shape[2], N_TAGS, net_cfg)
    teacher = torch.from_numpy(teacher_targets(data.corpus))
    guess = nn.Linear(net_cfg.dim, teacher.shape[1])
    parameters = [*network.parameters(), *guess.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=cfg.lr, weight_decay=cfg.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, cfg.lr, total_steps=cfg.steps, pct_start=0.1)
    state = {"network": network, "guess": guess, "optimiser": optimiser, "schedule": schedule}
    resume({"network": network, "guess": guess}, begin)
    start = resume(state, checkpoint)
    began, mean_loss = time.monotonic(), 0.0
    network.train()
    for step in range(start, cfg.steps):
        loss = one_step(data, teacher, network, guess, cfg, step)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        schedule.step()
        mean_loss += 0.02 * (float(loss.detach()) - mean_loss)
        on_step(step)
        if (step + 1) % SAVE_EVERY == 0:
            print(f"step {step + 1}/{cfg.steps} loss {mean_loss:.4f} {time.monotonic() - began:.0f} s", flush=True)
            save(state, step + 1, checkpoint)
    return network.eval()


def one_step(
    data: TrainingSet, teacher: torch.Tensor, network: StarterNet, guess: nn.Linear, cfg: FitConfig, step: int
) -> torch.Tensor:
    """Draw a batch that depends on seed and step alone, change it, and return its loss."""
    rng = np.random.default_rng([cfg.seed, step])
    g = torch.Generator().manual_seed(int(rng.integers(2**31)))
    torch.manual_seed(int(rng.integers(2**31)))  # of dropout
    n_noise = round(cfg.batch * cfg.negatives)
    rows = draw(rng, data.weight, cfg.batch - n_noise)
    noise = data.negatives[rng.integers(0, len(data.negatives), n_noise)]
    mel = torch.from_numpy(np.concatenate([data.corpus.mel[rows], noise]).astype(np.float32))
    order = torch.randperm(cfg.batch, generator=g)
    noise_alone = torch.arange(cfg.batch) >= len(rows)
    order = torch.where(noise_alone, torch.arange(cfg.batch), order)  # noise stays without music underneath
    mel, share = augment(mel, order, g, cfg.strength)
    logits, embedding = network(mel)
    logits, embedding = logits.mean(dim=1), embedding.mean(dim=1)

    targets = mixed_targets(as_batch(data.targets, rows), share[: len(rows)])
    loss = cfg.labels * label_loss(logits[: len(rows)], targets)
    loss = loss + noise_loss(logits[len(rows) :])
    weight = share[: len(rows)].square()  # a patch that shares its place is worth less
    answer, wanted = guess(embedding[: len(rows)]), teacher[torch.from_numpy(rows)]
    loss = loss + cfg.imitate * (weight * (answer - wanted).square().mean(dim=1)).mean()
    if cfg.head == 0:
        return loss
    head = torch.from_numpy(data.head_logits[rows])
    return loss + cfg.head * (weight * head_loss(logits[: len(rows)], head)).mean()


def noise_loss(logits: torch.Tensor) -> torch.Tensor:
    """What is no music: `content/music` says no, no genre is likelier than another, no feeling and no instrument."""
    silent = torch.cat([logits[:, PARTS[name]] for name in ("content", "mood", "instrument")], dim=1)
    nothing = F.binary_cross_entropy_with_logits(logits[:, PARTS["content"]], torch.zeros_like(logits[:, :1]))
    nothing = nothing + 0.5 * F.binary_cross_entropy_with_logits(silent, torch.zeros_like(silent))
    return 0.5 * nothing - 0.3 * F.log_softmax(logits[:, PARTS["genre"]], dim=1).mean()


def draw(rng: np.random.Generator, weight: np.ndarray, n: int) -> np.ndarray:
    """n rows, each with probability in proportion to its weight."""
    cumulated = np.cumsum(weight, dtype=np.float64)
    return np.searchsorted(cumulated, rng.random(n) * cumulated[-1])


def mixed_targets(batch: dict[str, torch.Tensor], share: torch.Tensor) -> dict[str, torch.Tensor]:
    """Labels of listeners hold only for a patch that is heard clearly: below a share of .7 they are dropped."""
    drowned = share < 0.7
    batch["genre"] = batch["genre"].masked_fill(drowned[:, None], float("nan"))
    batch["weight"] = batch["weight"].masked_fill(drowned, 0.0)
    batch["values"] = batch["values"].masked_fill(drowned[:, None], float("nan"))
    return batch


def head_loss(logits: torch.Tensor, head: torch.Tensor) -> torch.Tensor:
    """[n]: distance to the accurate head's genres and moods (cross-entropies) and values (squared error)."""
    genre, mood, scale = PARTS["genre"], PARTS["mood"], PARTS["scale"]
    soft = F.softmax(head[:, genre], dim=1)
    loss = -(soft * F.log_softmax(logits[:, genre], dim=1)).sum(dim=1)
    shares = torch.sigmoid(head[:, mood])
    loss = loss + 2 * F.binary_cross_entropy_with_logits(logits[:, mood], shares, reduction="none").mean(dim=1)
    return loss + 2 * (logits[:, scale] - head[:, scale].clamp(-0.1, 1.1)).square().sum(dim=1)


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
