"""Examples -> batches: crops of cached spectrograms (or series with lyrics), in an order that a seed decides."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from earmark.audio.config import FeatureConfig
from earmark.tagger.model import split_patches
from earmark.training.augment import Augmentation, augment

Batch = tuple[tuple[torch.Tensor, ...], torch.Tensor]  # the network's inputs, the targets [batch, n]
ROWS_AT_ONCE = 32  # rows run together when whole tracks are predicted


class Examples(Protocol):
    """Rows that can be learned from.

    Attributes
    ----------
    y : float32 [n_rows, n], the targets
    """

    y: np.ndarray

    def batch(self, rows: np.ndarray, rng: np.random.Generator) -> Batch:
        """A training batch of `rows`, cropped and augmented by chance from `rng`."""

    def whole(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[torch.Tensor, ...]]]:
        """The inputs as the runtime makes them, in batches: positions within `rows`, and the network's inputs."""


@dataclass(frozen=True)
class Clips:
    """Spectrograms with targets.

    Attributes
    ----------
    spectrograms : ``[i]`` gives [n_frames, n_mels] of row i
    y : float32 [n_rows, n], standardised
    features : the front end
    crop_frames : length of a training example; a shorter clip is repeated, a longer one cut at random
    patch_frames, min_frames : of the network, for whole tracks
    """

    spectrograms: Sequence[np.ndarray]
    y: np.ndarray
    features: FeatureConfig
    crop_frames: int
    patch_frames: int
    min_frames: int
    augmentation: Augmentation = Augmentation()

    def batch(self, rows: np.ndarray, rng: np.random.Generator) -> Batch:
        """Random crops of `rows`, augmented: mel float32 [batch, crop_frames, n_mels] and targets."""
        x = np.stack([random_crop(self.spectrograms[int(i)], self.crop_frames, rng) for i in rows])
        x, y = augment(
            x.astype(np.float32), self.y[rows], self.augmentation, rng, self.features.frame_rate,
            self.features.compression,
        )  # fmt: skip
        return (torch.from_numpy(x.astype(np.float32)),), torch.from_numpy(y.astype(np.float32))

    def whole(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[torch.Tensor, ...]]]:
        """Patches of equal length together, cut as `earmark.tagger.model.Model.run` cuts them."""
        waiting: dict[int, list[tuple[int, np.ndarray]]] = {}
        for position, i in enumerate(rows):
            S = np.asarray(self.spectrograms[int(i)], np.float32)
            for patch in split_patches(S, self.patch_frames, self.min_frames):
                same = waiting.setdefault(len(patch), [])
                same.append((position, patch))
                if len(same) == ROWS_AT_ONCE:
                    yield _stack(waiting.pop(len(patch)))
        yield from (_stack(same) for same in waiting.values())


def random_crop(S: np.ndarray, frames: int, rng: np.random.Generator) -> np.ndarray:
    """`frames` consecutive frames of S [n_frames, n_mels] from a random place; a shorter clip is repeated."""
    if len(S) < frames:
        start = int(rng.integers(0, len(S)))
        return np.asarray(S)[(start + np.arange(frames)) % len(S)]
    start = int(rng.integers(0, len(S) - frames + 1))
    return np.asarray(S[start : start + frames])


def _stack(pairs: list[tuple[int, np.ndarray]]) -> tuple[np.ndarray, tuple[torch.Tensor, ...]]:
    positions, patches = zip(*pairs, strict=True)
    return np.array(positions), (torch.from_numpy(np.stack(patches)),)


@dataclass(frozen=True)
class Arrays:
    """Rows that are held in memory and given whole, such as the series and lyrics of the Million Song Dataset.

    Attributes
    ----------
    inputs : float32 [n_rows, ...] for each input of the network
    y : float32 [n_rows, n]
    """

    inputs: tuple[np.ndarray, ...]
    y: np.ndarray

    def batch(self, rows: np.ndarray, rng: np.random.Generator) -> Batch:
        """The inputs and targets of `rows`, unchanged."""
        return self._at(rows), torch.from_numpy(self.y[rows])

    def whole(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[torch.Tensor, ...]]]:
        """The inputs of `rows` in batches."""
        for start in range(0, len(rows), 8 * ROWS_AT_ONCE):
            part = rows[start : start + 8 * ROWS_AT_ONCE]
            yield np.arange(start, start + len(part)), self._at(part)

    def _at(self, rows: np.ndarray) -> tuple[torch.Tensor, ...]:
        return tuple(torch.from_numpy(np.ascontiguousarray(x[rows], np.float32)) for x in self.inputs)


@dataclass
class EpochBatches:
    """The batches of one epoch: a function of the seed and the number of the epoch alone, so training can resume.

    Attributes
    ----------
    examples : the rows
    order : draws the rows of an epoch with a generator: shuffled, balanced or both
    batch_size : rows; those left over at the end of an epoch are not used
    epoch : the number of the current epoch
    share : rank and number of processes; each takes its own batches, the same number
    """

    examples: Examples
    order: Callable[[np.random.Generator], np.ndarray]
    batch_size: int
    seed: int
    epoch: Callable[[], int]
    share: Callable[[], tuple[int, int]] = lambda: (0, 1)

    def __post_init__(self) -> None:
        self._length = len(self.order(np.random.default_rng(self.seed)))

    def __len__(self) -> int:
        whole = self._length // self.batch_size
        return max(1, (whole or 1) // self.share()[1])

    def __iter__(self) -> Iterator[Batch]:
        rank, n_ranks = self.share()
        rng = np.random.default_rng([self.seed, self.epoch()])
        rows = self.order(rng)
        for k in range(len(self)):
            at = (k * n_ranks + rank) * self.batch_size
            yield self.examples.batch(rows[at : at + self.batch_size], np.random.default_rng(rng.integers(2**63)))


def shuffle_rows(rows: np.ndarray) -> Callable[[np.random.Generator], np.ndarray]:
    """An `EpochBatches.order` that gives each of `rows` once, shuffled."""
    return lambda rng: rng.permutation(rows)


def predict(network: torch.nn.Module, examples: Examples, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Run a network over whole tracks, as the runtime does.

    Returns
    -------
    float32 [n_rows, n_tags] and [n_rows, dim]: the means over all steps of a track
    """
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    logits, embedding, weight = None, None, np.zeros((len(rows), 1))
    with torch.no_grad():
        for positions, inputs in examples.whole(np.asarray(rows)):
            z, e = (out.float().cpu().numpy() for out in network(*(x.to(device) for x in inputs)))
            if logits is None:
                logits, embedding = np.zeros((len(rows), z.shape[-1])), np.zeros((len(rows), e.shape[-1]))
            np.add.at(logits, positions, z.sum(axis=1))
            np.add.at(embedding, positions, e.sum(axis=1))
            np.add.at(weight, positions, z.shape[1])
    network.train(was_training)
    return (logits / weight).astype(np.float32), (embedding / weight).astype(np.float32)
