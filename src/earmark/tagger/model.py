"""Models, of whatever they are made: a file is loaded, and what comes out can be run over a track."""

from pathlib import Path

from earmark.tagger.combined import load_combined
from earmark.tagger.head import load_head
from earmark.tagger.network import (
    CONTRACT,
    METADATA_KEY,
    Activations,
    Model,
    ModelInfo,
    network_of,
    open_model,
    split_patches,
)

__all__ = ["CONTRACT", "METADATA_KEY", "Activations", "Model", "ModelInfo", "load_model", "open_model", "split_patches"]


def load_model(path: str | Path, threads: int = 1) -> Model:
    """Load a model file.

    Parameters
    ----------
    path : an ONNX file, or the JSON file of a combination (names such as ``default`` are resolved by
        `earmark.tagger.registry.model_path`)
    threads : intra-op threads of ONNX Runtime; a scan gives each of its processes one

    Raises
    ------
    ModelError : missing, not ONNX, or breaks the contract of model files
    """
    path = Path(path)
    if path.suffix == ".json":
        return load_combined(path, threads)
    session, info = open_model(path, threads)
    return load_head(session, info, path, threads) if info.backbone else network_of(session, info, path)
