"""A trained network -> a model file: ONNX with everything the runtime needs, checked against the network itself."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from earmark.audio.config import FeatureConfig
from earmark.errors import ModelError
from earmark.files import whole_file
from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.session import open_session

PARITY = 1e-4  # the largest difference allowed between the network and its model file
OPSET = 17
OUTPUTS = ("logits", "embedding")


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
    frames = {info.patch_frames, info.min_frames}
    probes = [(noise(info.features, n, batch),) for batch, n in ((1, max(frames)), (3, max(frames)), (1, min(frames)))]
    axes = {"mel": {0: "batch"}, "logits": {0: "batch", 1: "steps"}, "embedding": {0: "batch", 1: "steps"}}
    if len(frames) > 1:
        axes["mel"][1] = "frames"
    return _export(network, info, Path(path), axes, probes)


def export_series(network: nn.Module, info: ModelInfo, inputs: tuple[np.ndarray, ...], path: str | Path) -> float:
    """As `export_onnx`, for a network that takes series [batch, 300, 24] and lyrics [batch, n]; checked on `inputs`.

    The file carries the same metadata, but no sound can be run through it: `load_model` refuses it.
    """
    probes = [tuple(torch.from_numpy(x[:n].astype(np.float32)) for x in inputs) for n in (3, 1)]
    axes = {name: {0: "batch"} for name in ("series", "lyrics", "logits", "embedding")}
    return _export(network, info, Path(path), axes, probes)


def _export(network: nn.Module, info: ModelInfo, path: Path, axes: dict, probes: list[tuple]) -> float:
    """Write a draft, compare it with the network on `probes`, put it in place; returns the largest difference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    was_training = network.training
    network.eval()
    try:
        with whole_file(path) as draft:
            _write(network, axes, probes[0], draft)
            write_info(draft, info)
            difference = parity(network, draft, probes)
            if not difference <= PARITY:
                problem = f"differs from the network by {difference:.2g}"
                raise ModelError(path, problem, "Report this network: its export is wrong.")
    finally:
        network.train(was_training)
    return difference


def _write(network: nn.Module, axes: dict, example: tuple[torch.Tensor, ...], path: Path) -> None:
    inputs = [name for name in axes if name not in OUTPUTS]
    with warnings.catch_warnings():  # the exporter warns of its own age and of LSTMs with other batch sizes
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, example, str(path), dynamo=False, opset_version=OPSET, input_names=inputs,
            output_names=list(OUTPUTS), dynamic_axes=axes,
        )  # fmt: skip


def write_info(path: Path, info: ModelInfo) -> None:
    """Put (or replace) the metadata of a model file in place."""
    model = onnx.load(path)
    put_info(model, info)
    onnx.save(model, path)


def put_info(model: onnx.ModelProto, info: ModelInfo) -> None:
    """Put (or replace) the metadata of a model in memory; other entries stay."""
    entries = {entry.key: entry.value for entry in model.metadata_props}
    onnx.helper.set_model_props(model, entries | {METADATA_KEY: info.to_json()})


def parity(network: nn.Module, path: Path, probes: list[tuple[torch.Tensor, ...]]) -> float:
    """The largest absolute difference between network and file over all `probes`; infinite where shapes differ."""
    session = open_session(path)
    names = [entry.name for entry in session.get_inputs()]
    worst = 0.0
    for inputs in probes:
        with torch.no_grad():
            expected = network(*inputs)
        found = session.run(list(OUTPUTS), {name: x.numpy() for name, x in zip(names, inputs, strict=True)})
        for one, other in zip(expected, found, strict=True):
            if tuple(one.shape) != other.shape:
                return float("inf")
            worst = max(worst, float(np.abs(one.numpy() - other).max(initial=0.0)))
    return worst


def noise(features: FeatureConfig, frames: int, batch: int) -> torch.Tensor:
    """Spectrograms of noise in the range of the front end's compression, float32 [batch, frames, n_mels]."""
    generator = torch.Generator().manual_seed(frames + batch)
    x = torch.rand(batch, frames, features.n_mels, generator=generator)
    return x * 18 - 13.8 if features.compression == "ln_floor_1e-6" else x * 4


def with_frames(info: ModelInfo, network: nn.Module) -> ModelInfo:
    """`info` with the network's ``patch_frames`` and ``min_frames``."""
    return replace(info, patch_frames=network.patch_frames, min_frames=network.min_frames)
