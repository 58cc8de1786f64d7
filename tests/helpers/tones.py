"""Tones as files, manifests of them, and model files made by hand."""

import csv
import wave
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from earmark.audio.features import mel_frequencies
from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.tagset import Tagset

SR = 16_000
HZ = {"low": 300.0, "mid": 1500.0, "high": 5000.0}


def band_of(hz: float) -> int:
    """The mel band whose centre is nearest."""
    return int(np.abs(mel_frequencies(98, 0, 8000)[1:-1] - hz).argmin())


def write_wav(path: Path, y: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SR)
        file.writeframes((np.clip(y, -1, 1) * 32767).astype("<i2").tobytes())


def tone(hz: float, seconds: float, seed: int) -> np.ndarray:
    """A sine in a little noise of its own: no two files are equal, and none sounds like another."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * SR)) / SR
    return 0.4 * np.sin(2 * np.pi * hz * t + seed) + 0.002 * rng.standard_normal(len(t))


def write_manifest(path: Path, rows: list[dict]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def save_model(path: Path, nodes: list, weights: dict, tagset: Tagset, dim: int, **info) -> Path:
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["batch", "frames", 96])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "steps", len(tagset)]),
         helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", "steps", dim])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    values = {"id": "ears", "version": "1", "patch_frames": 64, "min_frames": 32, **info}
    helper.set_model_props(model, {METADATA_KEY: ModelInfo(tagset=tagset, **values).to_json()})
    onnx.save(model, str(path))
    return path


def band_weights() -> np.ndarray:
    """float32 [96, 3]: the bands around each tone."""
    W = np.zeros((96, 3), np.float32)
    for k, hz in enumerate(HZ.values()):
        W[band_of(hz) - 2 : band_of(hz) + 3, k] = 1
    return W
