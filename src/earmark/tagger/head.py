"""A model that reads the embedding of a bundled model: what ``earmark train probe`` makes of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from earmark.errors import ModelError
from earmark.tagger.combined import load_combined
from earmark.tagger.network import CONTRACT, Activations, Model, ModelInfo, load_network
from earmark.tagger.registry import BUNDLED, bundled

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class Headed(Model):
    """A network of embeddings on top of another model.

    Attributes
    ----------
    backbone : the model whose embedding is read
    """

    def __init__(self, info: ModelInfo, session: "InferenceSession", path: Path, backbone: Model) -> None:
        super().__init__(info, session, path)
        self.backbone = backbone

    def hear(self, S: np.ndarray) -> Activations:
        """The backbone's steps and embedding, with logits of one's own. See `Model.hear`."""
        heard = self.backbone.hear(S)
        logits = self._session.run(["logits"], {"embedding": heard.embedding[None].astype(np.float32)})[0][0]
        return Activations(heard.times, logits, heard.embedding, self.tagset)


def load_head(session: "InferenceSession", info: ModelInfo, path: Path, threads: int = 1) -> Headed:
    """The model of an open file whose metadata names a backbone.

    Raises
    ------
    ModelError : no such backbone, another version of it, or the network reads something else
    """
    if info.backbone not in BUNDLED:
        raise ModelError(path, f"reads the embedding of {info.backbone!r}, which is not in this earmark", CONTRACT)
    place = bundled(info.backbone)
    backbone = (load_combined if place.suffix == ".json" else load_network)(place, threads)
    if backbone.info.version != info.backbone_version:
        versions = f"version {info.backbone_version} of {info.backbone!r}, and this earmark has"
        raise ModelError(path, f"reads the embedding of {versions} {backbone.info.version}", "Train it again.")
    inputs, n_tags = [entry.name for entry in session.get_inputs()], session.get_outputs()[0].shape[-1]
    if inputs != ["embedding"] or n_tags != len(info.tagset):
        raise ModelError(path, f"inputs {inputs} and {n_tags} logits for {len(info.tagset)} tags", CONTRACT)
    return Headed(info, session, path, backbone)
