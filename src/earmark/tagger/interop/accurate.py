"""The accurate model: three networks of musicnn side by side and one linear head of ours, in one model file.

The networks are converted from the wheel of musicnn 0.1.0 (see `earmark.tagger.interop.musicnn`). The head comes with
the package; ``python -m earmark_research.tagger`` fits it on their embeddings.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx

from earmark.tagger.interop.musicnn import BUILDERS, N_MELS, PATCH_FRAMES, Graph, Weights, finish
from earmark.tagger.model import METADATA_KEY, ModelInfo

HEAD = "accurate_head.npz"


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
    """The head in the package, which ``python -m earmark_research.tagger`` fits."""
    with (files("earmark") / "assets" / HEAD).open("rb") as file, np.load(file) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in ("mean", "std", "weight", "bias")}
        return Head(**arrays, info=ModelInfo.from_json(str(stored["info"]), HEAD))


def save_head(path: str | Path, head: Head) -> None:
    """Write the ``.npz`` file that `bundled_head` reads; weights as float16."""
    arrays = {"mean": head.mean, "std": head.std, "weight": head.weight.astype(np.float16), "bias": head.bias}
    np.savez_compressed(path, **arrays, info=np.array(head.info.to_json()))


def accurate_model(weights: dict[str, Weights], head: Head) -> onnx.ModelProto:
    """The whole model file: mel [batch, 187, 96] -> logits [batch, 1, n_tags], embedding [batch, 1, 656].

    Parameters
    ----------
    weights : network name -> its tensors, for all of `musicnn.BUILDERS`
    """
    g = Graph()
    parts = []
    for name, build in BUILDERS.items():
        g.prefix = f"{name}/"
        parts.append(build(g, "mel", weights[name])[1])
    g.prefix = ""
    joined = g.add("Concat", *parts, axis=1)
    centred = g.add("Sub", joined, g.constant(head.mean))
    embedding = g.add("Div", centred, g.constant(head.std))
    logits = g.add("Gemm", embedding, g.constant(head.weight), g.constant(head.bias))
    for name, flat in (("embedding", embedding), ("logits", logits)):
        g.add("Unsqueeze", flat, g.constant(np.array([1])), output=name)
    shapes = {"logits": ["batch", 1, head.weight.shape[1]], "embedding": ["batch", 1, head.weight.shape[0]]}
    model = finish(g, ["batch", PATCH_FRAMES, N_MELS], shapes)
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(json.loads(head.info.to_json()))})
    return model
