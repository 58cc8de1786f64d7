"""A trained network -> a model file: ONNX with everything the runtime needs, checked against the network itself."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from earmark.config import FeatureConfig
from earmark.errors import ModelError
from earmark.model import METADATA_KEY, ModelInfo

PARITY = 1e-4  # the largest difference allowed between the network and its model file
OPSET = 17


def export_onnx(network: nn.Module, info: ModelInfo, path: str | Path) -> float:
    """Write a model file and check it.

    Parameters
    ----------
    network : takes mel float32 [batch, frames, n_mels], returns logits [batch, steps, n_tags] and embedding
        [batch, steps, dim], and works for any batch size and any number of frames from ``info.min_frames`` on;
        where min_frames equals patch_frames the time axis is written as fixed
    info : goes into the metadata as it is
    path : the ONNX file; replaced only when the export succeeded

    Returns
    -------
    The largest absolute difference between network and file, over noise of several shapes.

    Raises
    ------
    ModelError : the file differs from the network by more than 1e-4
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part.onnx")
    was_training = network.training
    network.eval()
    try:
        _write(network, info, draft)
        write_info(draft, info)
        difference = parity(network, info, draft)
        if not difference <= PARITY:
            problem = f"differs from the network by {difference:.2g}"
            raise ModelError(path, problem, "Report this network: its export is wrong.")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        network.train(was_training)
    return difference


def _write(network: nn.Module, info: ModelInfo, path: Path) -> None:
    dynamic = {"mel": {0: "batch"}, "logits": {0: "batch", 1: "steps"}, "embedding": {0: "batch", 1: "steps"}}
    if info.min_frames < info.patch_frames:
        dynamic["mel"][1] = "frames"
    example = noise(info.features, info.patch_frames, batch=2)
    with warnings.catch_warnings():  # the exporter warns of its own age and of LSTMs with other batch sizes
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (example,), str(path), dynamo=False, opset_version=OPSET, input_names=["mel"],
            output_names=["logits", "embedding"], dynamic_axes=dynamic,
        )  # fmt: skip


def write_info(path: Path, info: ModelInfo) -> None:
    """Put (or replace) the metadata of a model file."""
    model = onnx.load(path)
    put_info(model, info)
    onnx.save(model, path)


def put_info(model: onnx.ModelProto, info: ModelInfo) -> None:
    """Put (or replace) the metadata of a model in memory; other entries stay."""
    entries = {entry.key: entry.value for entry in model.metadata_props}
    onnx.helper.set_model_props(model, entries | {METADATA_KEY: info.to_json()})


def parity(network: nn.Module, info: ModelInfo, path: Path) -> float:
    """The largest absolute difference between network and file, through onnxruntime, on noise."""
    import onnxruntime as ort

    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch, frames in {(1, info.patch_frames), (3, info.patch_frames), (1, info.min_frames)}:
        mel = noise(info.features, frames, batch)
        with torch.no_grad():
            expected = network(mel)
        found = session.run(["logits", "embedding"], {"mel": mel.numpy()})
        for one, other in zip(expected, found, strict=True):
            if tuple(one.shape) != other.shape:
                return float("inf")
            worst = max(worst, float(np.abs(one.numpy() - other).max(initial=0.0)))
    return worst


def noise(features: FeatureConfig, frames: int, batch: int) -> torch.Tensor:
    """A spectrogram of noise in the range that the compression gives, float32 [batch, frames, n_mels]."""
    generator = torch.Generator().manual_seed(frames + batch)
    x = torch.rand(batch, frames, features.n_mels, generator=generator)
    return x * 18 - 13.8 if features.compression == "ln_floor_1e-6" else x * 4


def with_frames(info: ModelInfo, network: nn.Module) -> ModelInfo:
    """`info` with the patch and least length that the network asks for."""
    return replace(info, patch_frames=network.patch_frames, min_frames=network.min_frames)
