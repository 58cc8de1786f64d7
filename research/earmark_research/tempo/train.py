"""Train the rhythm head: a small convolutional network that hears beats and downbeats in a log-mel spectrogram.

    python -m earmark_research.tempo.train --soundfonts A.sf2 B.sf2 --out rhythm.onnx

It learns from music composed by code (`rhythm_music`) and from written music (`rhythm_scores`), both played by
FluidSynth, so every beat is known exactly; no recording and no label of a recording enters.
"""

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from earmark.audio.config import DEFAULT_FEATURES
from earmark_research.music.groove import compose
from earmark_research.music.render import STEPS, Example, render
from earmark_research.music.scores import perform, read_scores

PATCH = 800  # frames, 12.8 s
COMPOSED = 0.65  # share of composed music in a batch; the rest is written music
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128)
POSITIVE_WEIGHT = (4.0, 8.0)  # beats are rare, downbeats rarer


class RhythmNetwork(nn.Module):
    """Dilated convolutions over time, after Davies & Böck 2019: it sees 8 s to both sides of a frame."""

    def __init__(self, n_mels: int = 96, width: int = 20) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(n_mels)
        self.first = nn.Conv1d(n_mels, width, 3, padding=1)
        self.blocks = nn.ModuleList([nn.Conv1d(width, width, 5, padding=2 * d, dilation=d) for d in DILATIONS])
        self.norms = nn.ModuleList([nn.BatchNorm1d(width) for _ in DILATIONS])
        self.head = nn.Conv1d(width, 2, 1)
        self.drop = nn.Dropout1d(0.1)

    def forward(self, S: torch.Tensor) -> torch.Tensor:
        x = self.norm(S.transpose(1, 2))  # (B, T, M) -> (B, M, T)
        x = torch.relu(self.first(x))
        for conv, norm in zip(self.blocks, self.norms, strict=True):
            x = x + self.drop(torch.relu(norm(conv(x))))
        return self.head(x).transpose(1, 2)  # (B, T, 2) logits of beat and downbeat


def draw(example: Example, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A patch, stretched in time and filtered at random: S float32 [PATCH, n_mels], targets float32 [PATCH, 2]."""
    rate = DEFAULT_FEATURES.frame_rate
    stretch = float(np.exp(rng.uniform(-0.25, 0.25)))
    source = len(example.S) - PATCH / stretch - 1
    start = rng.uniform(0, max(0.0, source))
    points = np.clip(start + np.arange(PATCH) / stretch, 0, len(example.S) - 1.001)
    low, rest = points.astype(int), (points % 1).astype(np.float32)[:, None]
    S = (example.S[low] * (1 - rest) + example.S[low + 1] * rest) / STEPS
    targets = np.zeros((PATCH, 2), np.float32)
    for column, times in enumerate((example.beats, example.downbeats)):
        at = (times * rate - start) * stretch
        for offset, value in ((-2, 0.25), (2, 0.25), (-1, 0.6), (1, 0.6), (0, 1.0)):
            frames = np.round(at).astype(int) + offset
            targets[frames[(frames >= 0) & (frames < PATCH)], column] = value
    return recolour(S.astype(np.float32), rng), targets


def recolour(S: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another gain, another equaliser, some noise: done on the power that the log-mel stands for."""
    power = 10.0**S - 1
    knots = rng.normal(0, 0.35, 6) + rng.uniform(-1.5, 0.6)  # log10 of the gain
    gain = 10 ** np.interp(np.linspace(0, 5, S.shape[1]), np.arange(6), knots)
    floor = 10 ** rng.uniform(-3, 0.7) if rng.random() < 0.5 else 0.0
    noise = floor * rng.exponential(1.0, S.shape).astype(np.float32)
    return np.log10(1 + power * gain + noise).astype(np.float32)


def train(
    sources: Sequence[list[Example]], steps: int, seed: int, batch: int = 12, note: Callable = print
) -> RhythmNetwork:
    """AdamW with one warm-up and a cosine fall; says the running loss every 100 steps.

    sources : composed music, and written music (may be empty)
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = RhythmNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=steps, pct_start=0.1)
    loss_of = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(POSITIVE_WEIGHT))
    running = 0.0
    for step in range(steps):
        S, targets = _batch(sources, batch, rng)
        loss = loss_of(network(S), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        running = loss.item() if step == 0 else 0.98 * running + 0.02 * loss.item()
        if step % 100 == 0:
            note(f"step {step}  loss {running:.4f}")
    return network.eval()


def _batch(sources: Sequence[list[Example]], size: int, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """float32 [size, PATCH, n_mels] and [size, PATCH, 2]."""
    composed, written = sources
    drawn = []
    for _ in range(size):
        source = composed if not written or rng.random() < COMPOSED else written
        drawn.append(draw(source[rng.integers(len(source))], rng))
    S, targets = zip(*drawn, strict=True)
    return torch.from_numpy(np.stack(S)), torch.from_numpy(np.stack(targets))


def export(network: RhythmNetwork, path: Path) -> None:
    """Write ONNX: input `mel` float32 [1, n_frames, n_mels], output `logits` float32 [1, n_frames, 2]."""
    example = torch.zeros(1, PATCH, DEFAULT_FEATURES.n_mels)
    axes = {"mel": {1: "n_frames"}, "logits": {1: "n_frames"}}
    torch.onnx.export(
        network, (example,), path, input_names=["mel"], output_names=["logits"], dynamic_axes=axes, dynamo=False
    )


def composed_examples(n: int, soundfonts: Sequence[Path]) -> list[Example]:
    """n pieces of `rhythm_music`, two in three with the first soundfont."""
    return [render(compose(seed, 20.0), soundfonts[-1 if seed % 3 == 0 else 0], seed) for seed in range(n)]


def written_examples(n: int, soundfonts: Sequence[Path]) -> list[Example]:
    """n excerpts of scores, several of each; shorter ones are filled up with silence to a patch and a half."""
    examples, scores = [], list(itertools.islice(read_scores(), 125))
    for seed in range(2 * n):
        piece = perform(scores[seed % len(scores)], seed)
        if piece is not None and len(examples) < n:
            example = render(piece, soundfonts[seed % len(soundfonts)], seed)
            fill = max(0, PATCH * 3 // 2 - len(example.S))
            examples.append(Example(np.pad(example.S, ((0, fill), (0, 0))), example.beats, example.downbeats))
    return examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--soundfonts", type=Path, nargs="+", required=True, help="General MIDI, SF2")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--composed", type=int, default=1500, help="pieces composed by code")
    parser.add_argument("--written", type=int, default=500, help="excerpts of scores; 0 does without music21")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    started = time.perf_counter()
    composed = composed_examples(args.composed, args.soundfonts)
    written = written_examples(args.written, args.soundfonts) if args.written else []
    print(f"rendered {len(composed)} + {len(written)} pieces in {time.perf_counter() - started:.0f} s")
    export(train((composed, written), args.steps, args.seed), args.out)
    print(f"wrote {args.out} after {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
