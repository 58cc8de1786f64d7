"""The linear head on musicnn's three embeddings, which ``python -m earmark_research.tagger`` fits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.tagger.model import ModelInfo
from earmark_research.assets import ACCURATE_HEAD


@dataclass(frozen=True)
class Head:
    """The linear head of the accurate model, on the three embeddings side by side (MSD_vgg, MSD_musicnn, MTT_musicnn).

    Attributes
    ----------
    mean, std : float32 [656], of the embedding on the training data
    weight, bias : float32 [656, n_tags], [n_tags], on the standardised embedding
    info : metadata of the model file
    """

    mean: np.ndarray
    std: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    info: ModelInfo


def bundled_head() -> Head:
    """The head that the accurate profile is made with."""
    with np.load(ACCURATE_HEAD) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in ("mean", "std", "weight", "bias")}
        return Head(**arrays, info=ModelInfo.from_json(str(stored["info"]), ACCURATE_HEAD.name))


def save_head(path: str | Path, head: Head) -> None:
    """Write the ``.npz`` file that `bundled_head` reads; weights as float16."""
    arrays = {"mean": head.mean, "std": head.std, "weight": head.weight.astype(np.float16), "bias": head.bias}
    np.savez_compressed(path, **arrays, info=np.array(head.info.to_json()))
