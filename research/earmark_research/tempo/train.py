"""The training of the tempo network on patches that are stretched in time and filtered at random."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from earmark.audio.config import DEFAULT_FEATURES
from earmark.progress import Progress, silent
from earmark_research.tempo.examples import PATCH, STEPS, Example
from earmark_research.tempo.network import RhythmNetwork

COMPOSED = 0.65  # share of composed music in a batch; the rest is written music
POSITIVE_WEIGHT = (4.0, 8.0)  # beats are rare, downbeats rarer
NEAR_BEAT = ((-2, 0.25), (2, 0.25), (-1, 0.6), (1, 0.6), (0, 1.0))  # (frames off, target); later ones win
PEAK_RATE = 5e-3


def draw_patch(example: Example, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A patch, stretched in time and filtered at random: S float32 [PATCH, n_mels], targets float32 [PATCH, 2]."""
    stretch = float(np.exp(rng.uniform(-0.25, 0.25)))
    start = rng.uniform(0, max(0.0, len(example.S) - PATCH / stretch - 1))
    points = np.clip(start + np.arange(PATCH) / stretch, 0, len(example.S) - 1.001)
    low, rest = points.astype(int), (points % 1).astype(np.float32)[:, None]
    S = (example.S[low] * (1 - rest) + example.S[low + 1] * rest) / STEPS
    return recolour(S.astype(np.float32), rng), beat_targets(example, start, stretch)


def beat_targets(example: Example, start: float, stretch: float) -> np.ndarray:
    """Targets of beat and downbeat, float32 [PATCH, 2], for a patch from frame `start`, `stretch` times as long."""
    targets = np.zeros((PATCH, 2), np.float32)
    for column, times in enumerate((example.beats, example.downbeats)):
        at = (times * DEFAULT_FEATURES.frame_rate - start) * stretch
        for offset, value in NEAR_BEAT:
            frames = np.round(at).astype(int) + offset
            targets[frames[(frames >= 0) & (frames < PATCH)], column] = value
    return targets


def recolour(S: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another gain, another equaliser, some noise, on the power that the log-mel stands for.

    S float32 [n_frames, n_mels], and so is what is returned.
    """
    power = 10.0**S - 1
    knots = rng.normal(0, 0.35, 6) + rng.uniform(-1.5, 0.6)  # log10 of the gain
    gain = 10 ** np.interp(np.linspace(0, 5, S.shape[1]), np.arange(6), knots)
    floor = 10 ** rng.uniform(-3, 0.7) if rng.random() < 0.5 else 0.0
    noise = floor * rng.exponential(1.0, S.shape).astype(np.float32)
    return np.log10(1 + power * gain + noise).astype(np.float32)


def train(
    composed: Sequence[Example], written: Sequence[Example], steps: int, seed: int, batch: int = 12,
    progress: Progress = silent,
) -> RhythmNetwork:  # fmt: skip
    """AdamW with one warm-up and a cosine fall, on composed music and excerpts of scores (may be empty)."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = RhythmNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps, pct_start=0.1)
    loss_of = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(POSITIVE_WEIGHT))
    running = None
    for step in range(steps):
        S, targets = draw_batch(composed, written, batch, rng)
        loss = loss_of(network(S), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        progress("training", step + 1, steps, f"loss {running:.4f}")
    return network.eval()


def draw_batch(
    composed: Sequence[Example], written: Sequence[Example], size: int, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """S float32 [size, PATCH, n_mels] and targets float32 [size, PATCH, 2]."""
    drawn = []
    for _ in range(size):
        source = composed if not written or rng.random() < COMPOSED else written
        drawn.append(draw_patch(source[rng.integers(len(source))], rng))
    S, targets = zip(*drawn, strict=True)
    return torch.from_numpy(np.stack(S)), torch.from_numpy(np.stack(targets))
