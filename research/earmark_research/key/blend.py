"""Three numbers fitted on labelled clips: how much networks and hand-set profiles weigh, and what minor keys gain."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from earmark.descriptors.key.head import profile_logits
from earmark.descriptors.key.names import closeness
from earmark.files import whole_file
from earmark_research.key.examples import Example, read_labelled
from earmark_research.key.network import KeyNetwork
from earmark_research.key.train import mean_logits

FOLDS = 10
FIRST_GUESS = [0.7, 0.3, 0.0]


def blend_on(folder: Path, networks: Sequence[KeyNetwork], report: Path | None = None) -> np.ndarray:
    """The blend float64 [3] fitted on a folder's clips, every song weighing the same.

    Keys of clips by blends that were fitted on other artists are written to `report`. Raises what `read_labelled` does.
    """
    rows, examples = read_labelled(folder)
    songs = [row["song"] for row in rows]
    weight = np.array([1 / songs.count(song) for song in songs])
    evidence, keys = gather_evidence(networks, examples), np.array([key for _, key in examples])
    if report:
        artists = [row["artist"] or row["song"] for row in rows]
        found = choose_keys(out_of_fold_logits(evidence, keys, weight, artists))
        write_keys(report, [row["path"] for row in rows], found)
    return fit_blend(evidence, keys, weight)


def gather_evidence(networks: Sequence[KeyNetwork], examples: list[Example]) -> np.ndarray:
    """What the blend weighs: logits of the networks and of the profiles, and 1 for minor; float64 [n, 24, 3]."""
    profiles = np.stack([profile_logits(P) for P, _ in examples])
    minor = np.broadcast_to(np.arange(24) >= 12, profiles.shape)
    return np.stack([mean_logits(networks, examples), profiles, minor], axis=2).astype(np.float64)


def fit_blend(evidence: np.ndarray, keys: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The three weights [3] that make the keys [n] most probable; evidence [n, 24, 3], weight [n] of each clip."""
    blend = torch.tensor(FIRST_GUESS, dtype=torch.float64, requires_grad=True)
    x, target, weight = torch.tensor(evidence), torch.tensor(keys), torch.tensor(weight / weight.sum())
    optimiser = torch.optim.LBFGS([blend], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = (weight * functional.cross_entropy(x @ blend, target, reduction="none")).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return blend.detach().numpy()


def out_of_fold_logits(evidence: np.ndarray, keys: np.ndarray, weight: np.ndarray, artists: list[str]) -> np.ndarray:
    """Logits [n, 24] of each clip by a blend that was not fitted on its artist; the rest as in `fit_blend`."""
    names = sorted(set(artists))
    np.random.default_rng(0).shuffle(names)
    fold = np.array([names.index(artist) % FOLDS for artist in artists])
    logits = np.zeros(evidence.shape[:2])
    for part in range(FOLDS):
        inside = fold == part
        logits[inside] = evidence[inside] @ fit_blend(evidence[~inside], keys[~inside], weight[~inside])
    return logits


def choose_keys(logits: np.ndarray) -> np.ndarray:
    """Of logits [n, 24]: the key [n] whose expected MIREX weight is largest."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) @ closeness()).argmax(axis=1)


def write_keys(path: Path, clips: Sequence[str], keys: np.ndarray) -> None:
    """A CSV file of clips and key numbers [n], as `benchmarks/harmony.py` reads it."""
    lines = [f"{clip},{key}" for clip, key in zip(clips, keys, strict=True)]
    with whole_file(path) as draft:
        draft.write_text("\n".join(["path,key", *lines]) + "\n", encoding="utf-8")
