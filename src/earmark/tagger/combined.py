"""Two networks that correct each other: a small one hears everything, an accurate one some places.

Both have the same tags and the same embedding space. What the small one says is wrong in about the same way all through
a track; how wrong, the accurate one tells at a few patches that are spread over it. So the mean of the accurate network
over the whole track is estimated by the mean of the small one, plus the mean difference at those patches (a control
variate). The difference is one constant a tag and track: the track's logit stays the mean of its steps' logits.

Source: control variates, e.g. Owen, "Monte Carlo theory, methods and examples" (2013), chapter 8.9.
"""

import json
from pathlib import Path

import numpy as np

from earmark.errors import ModelError
from earmark.tagger.network import CONTRACT, Activations, Model, ModelInfo, load_network, split_patches

AUDIBLE = 0.1  # log10(1 + 1e4 p) of a patch's loudest cell, below which it is silence


class Combined(Model):
    """The small network over a whole track, corrected by the accurate one.

    Attributes
    ----------
    small, accurate : of one tagset and one embedding space; the accurate one takes patches of fixed length
    n_patches : at how many places the accurate one listens; shorter tracks it hears in full
    """

    def __init__(self, info: ModelInfo, small: Model, accurate: Model, n_patches: int, path: Path) -> None:
        self.info, self.path = info, path
        self.small, self.accurate, self.n_patches = small, accurate, n_patches

    @property
    def size(self) -> int:
        """Bytes on disk, those of both networks."""
        return self.path.stat().st_size + self.small.size + self.accurate.size

    def hear(self, S: np.ndarray) -> Activations:
        """The small network's outputs for all steps, each shifted by the same correction. See `Model.hear`."""
        heard = self.small.hear(S)
        patches = split_patches(S, self.small.info.patch_frames, self.small.info.min_frames)
        edges = np.cumsum([0] + [len(patch) for patch in patches])
        there = audible(patches)
        chosen = there[spread_evenly(len(there), self.n_patches)]
        logits, embedding = self._at(S, (edges[chosen] + edges[chosen + 1]) // 2)
        patch_of_step = np.searchsorted(edges, heard.times * self.info.features.frame_rate, side="right") - 1
        steps = [patch_of_step == number for number in chosen]
        wrong = logits - _means(heard.logits, steps)
        moved = embedding - _means(heard.embedding, steps)
        margin = None if len(chosen) == len(there) else standard_error(wrong, len(there))
        logits, embedding = heard.logits + wrong.mean(axis=0), heard.embedding + moved.mean(axis=0)
        return Activations(heard.times, logits, embedding, self.tagset, margin)

    def _at(self, S: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the accurate network hears around each of some frames: logits [k, n_tags], embedding [k, dim]."""
        found = [self.accurate.hear(excerpt(S, centre, self.accurate.info.patch_frames)) for centre in centres]
        return np.stack([x.track_logits() for x in found]), np.stack([x.track_embedding() for x in found])


def audible(patches: list[np.ndarray]) -> np.ndarray:
    """Numbers of the patches [frames, n_mels] that are not silent; of all where every one is silent."""
    loud = np.flatnonzero([patch.max() > AUDIBLE for patch in patches])
    return loud if len(loud) else np.arange(len(patches))


def spread_evenly(n: int, k: int) -> np.ndarray:
    """The middles of k equal parts of n positions; every position where there are no more than k."""
    return np.arange(n) if n <= k else ((np.arange(k) + 0.5) * n / k).astype(int)


def excerpt(S: np.ndarray, centre: int, n: int) -> np.ndarray:
    """The n frames of S around `centre`, moved to lie within S; a shorter S is repeated."""
    if len(S) < n:
        return np.tile(S, (-(-n // len(S)), 1))[:n]
    start = min(max(centre - n // 2, 0), len(S) - n)
    return S[start : start + n]


def standard_error(differences: np.ndarray, n: int) -> np.ndarray:
    """Of the mean of k rows [k, ..] drawn from n; spread evenly, they are at least as good as rows drawn by chance."""
    k = len(differences)
    return differences.std(axis=0, ddof=1) * np.sqrt((1 - k / n) / k)


def _means(values: np.ndarray, steps: list[np.ndarray]) -> np.ndarray:
    """Mean of values [n_steps, ..] over the steps of each patch, [n_patches, ..]."""
    return np.stack([values[rows].mean(axis=0) for rows in steps])


def load_combined(path: Path, threads: int = 1) -> Combined:
    """Load the JSON file of a combination; its two networks lie beside it.

    Raises
    ------
    ModelError : the file or one of the networks cannot be read, or they have not the same tags
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        small, accurate, n_patches = values["small"], values["accurate"], int(values["patches"])
        info = ModelInfo.from_json(json.dumps(values["model"]), str(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(path, f"not a readable combination of models ({error})", CONTRACT) from error
    networks = [load_network(path.parent / Path(name).name, threads) for name in (small, accurate)]
    for network in networks:
        if network.tagset.names() != info.tagset.names() or network.info.id != info.id:
            raise ModelError(network.path, f"has not the tags and the space of {path.name}", CONTRACT)
    return Combined(info, *networks, n_patches, path)
