"""Pieces as training examples: their tuned chroma, and what is done to it so that no two excerpts are alike."""

import csv
from pathlib import Path

import numpy as np
import torch

from earmark.audio.chroma import chroma, semitones, tuning_cents
from earmark.audio.decode import load_audio
from earmark.descriptors.key.head import normalise
from earmark.descriptors.key.names import key_number
from earmark.progress import Progress, silent
from earmark_research.music.harmony import compose

SHORTEST, LONGEST = 6, 52  # rows of an excerpt; 2.6 a second
FIRST_SEED = 1000  # of the composed pieces

Example = tuple[np.ndarray, int]
"""Chroma float32 [n_steps, 5 octaves, 12] and the key's number (0-11 C to B major, 12-23 minor)."""


def tuned_chroma(y: np.ndarray) -> np.ndarray:
    """Mono sound float32 [n] at 16 kHz -> chroma float32 [n_steps, 5, 12] without its tuning."""
    C = chroma(y)
    return semitones(C, tuning_cents(C))


def composed_examples(n: int, first_seed: int = FIRST_SEED, progress: Progress = silent) -> list[Example]:
    """n composed pieces of 7-13 s, one a seed."""
    examples = []
    for number in range(n):
        rng = np.random.default_rng(first_seed + number)
        y, key = compose(rng, seconds=float(rng.uniform(7, 13)))
        examples.append((tuned_chroma(y), key))
        progress("composed pieces", number + 1, n)
    return examples


def read_labelled(folder: Path) -> tuple[list[dict[str, str]], list[Example]]:
    """Rows of tracks.csv that have a key, and their examples. Raises AudioError for a clip that cannot be read."""
    with open(folder / "tracks.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key_lerch"]]
    keys = [key_number(*row["key_lerch"].split()) for row in rows]
    chromas = [tuned_chroma(load_audio(folder / row["path"]).y) for row in rows]
    return rows, list(zip(chromas, keys, strict=True))


def transpose(P: np.ndarray, steps: int) -> np.ndarray:
    """A chroma [n_steps, 5, 12] `steps` semitones higher; what leaves the five octaves (A to G#) is lost."""
    line = np.roll(P, -9, axis=2).reshape(len(P), -1)
    moved = np.roll(line, steps, axis=1)
    if steps > 0:
        moved[:, :steps] = 0
    elif steps < 0:
        moved[:, steps:] = 0
    return np.roll(moved.reshape(P.shape), 9, axis=2)


def augment(example: Example, rng: np.random.Generator) -> Example:
    """A random excerpt, transposed, equalised and with noise; normalised as the network wants it."""
    P, key = example
    length = min(len(P), int(rng.integers(SHORTEST, LONGEST)))
    start, steps = int(rng.integers(len(P) - length + 1)), int(rng.integers(-3, 4))
    P = transpose(P[start : start + length], steps)
    tilt = rng.normal(0, 0.5, 5) + rng.normal(0, 0.25) * np.arange(-2, 3)
    P = P * np.exp(tilt).astype(np.float32)[:, None]
    if rng.random() < 0.5:
        P = P * np.exp(rng.normal(0, 0.4, (1, 5, 12))).astype(np.float32)
    if rng.random() < 0.3:
        P = P + np.abs(rng.normal(0, 1, P.shape)).astype(np.float32) * P.mean() * rng.uniform(0, 1)
    return normalise(P), (key + steps) % 12 + 12 * (key // 12)


def collate(examples: list[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalised excerpts of different lengths -> x [B, T, octaves, 12], sounds [B, T] 0 or 1, keys [B]."""
    longest = max(len(x) for x, _ in examples)
    batch = np.zeros((len(examples), longest, *examples[0][0].shape[1:]), np.float32)
    for i, (x, _) in enumerate(examples):
        batch[i, : len(x)] = x
    sounds = torch.from_numpy(batch.any(axis=(2, 3))).float()
    return torch.from_numpy(batch), sounds, torch.tensor([key for _, key in examples])
