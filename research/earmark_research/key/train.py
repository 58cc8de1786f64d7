"""The training of the key networks on music composed by code; no labelled clip enters."""

from collections.abc import Sequence

import numpy as np
import torch

from earmark.descriptors.key.head import normalise
from earmark.descriptors.key.names import closeness
from earmark.progress import Progress, silent
from earmark_research.key.examples import Example, augment, collate
from earmark_research.key.network import KeyNetwork

BATCH = 64
PEAK_RATE = 3e-3
NEAR_KEYS = 0.1  # share of the target that goes to keys near the true one, by MIREX's weights


def train_networks(music: list[Example], n: int, steps: int, progress: Progress = silent) -> list[KeyNetwork]:
    """n networks that differ by their seeds alone."""
    networks = []
    for seed in range(n):
        torch.manual_seed(seed)
        networks.append(fit(KeyNetwork(), music, steps, seed, progress))
    return networks


def fit(network: KeyNetwork, music: list[Example], steps: int, seed: int, progress: Progress = silent) -> KeyNetwork:
    """Train in place on random excerpts. Few steps: with more, composed music gains and recordings lose."""
    rng, targets = np.random.default_rng(seed), soft_targets()
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, steps)
    network.train()
    for step in range(steps):
        x, sounds, keys = collate([augment(music[i], rng) for i in rng.integers(len(music), size=BATCH)])
        loss = -(targets[keys] * torch.log_softmax(network(x, sounds), 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        progress(f"network {seed}", step + 1, steps, f"loss {loss.item():.4f}")
    return network.eval()


def soft_targets() -> torch.Tensor:
    """The targets of each key: float32 [24, 24], rows that sum to 1."""
    near = torch.tensor(closeness(), dtype=torch.float32)
    return NEAR_KEYS * near / near.sum(1, keepdim=True) + (1 - NEAR_KEYS) * torch.eye(24)


@torch.no_grad()
def mean_logits(networks: Sequence[KeyNetwork], examples: list[Example]) -> np.ndarray:
    """Mean logits of several networks on whole examples: float32 [n, 24]."""
    batches = [collate([(normalise(P), key)]) for P, key in examples]
    return np.stack(
        [torch.stack([network(x, sounds)[0] for network in networks]).mean(0).numpy() for x, sounds, _ in batches]
    )
