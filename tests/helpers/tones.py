"""Tones as files, manifests of them, and model files made by hand whose answers are known."""

import csv
import json
import wave
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from earmark.audio.features import mel_frequencies
from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset

SR = 16_000
HZ = {"low": 300.0, "mid": 1500.0, "high": 5000.0}


def band_of(hz: float) -> int:
    """The mel band whose centre is nearest."""
    return int(np.abs(mel_frequencies(98, 0, 8000)[1:-1] - hz).argmin())


def write_wav(path: Path, y: np.ndarray) -> None:
    """Write float [n_samples] at SR as 16 bits mono; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SR)
        file.writeframes((np.clip(y, -1, 1) * 32767).astype("<i2").tobytes())


def tone(hz: float, seconds: float, seed: int) -> np.ndarray:
    """A sine in a little noise of its own, so that no two files are equal: float64 [n_samples] at SR."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * SR)) / SR
    return 0.4 * np.sin(2 * np.pi * hz * t + seed) + 0.002 * rng.standard_normal(len(t))


def write_manifest(path: Path, rows: list[dict]) -> Path:
    """Write a CSV file with the keys of the first row as columns."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def save_model(path: Path, nodes: list, weights: dict, tagset: Tagset, dim: int, **info) -> Path:
    """Write a model file around ONNX nodes from ``mel`` to ``logits`` and ``embedding`` [batch, steps, dim]."""
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


def write_pitch_model(path: Path) -> Path:
    """A model whose logits are how loud the three bands are, for an exclusive group and again for independent tags."""
    tagset = Tagset((TagGroup("pitch", tuple(HZ), "exclusive"), TagGroup("tags", ("low tone", "high tone"))))
    weights = {"W": band_weights(), "V": np.hstack([np.eye(3), np.eye(3)[:, [0, 2]]]).astype(np.float32)}
    nodes = [
        helper.make_node("Transpose", ["mel"], ["bands"], perm=[0, 2, 1]),
        helper.make_node("AveragePool", ["bands"], ["pooled"], kernel_shape=[16], strides=[16]),
        helper.make_node("Transpose", ["pooled"], ["steps"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["steps", "W"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "V"], ["logits"]),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    return save_model(path, nodes, weights, tagset, 3)


def write_tones(folder: Path) -> Path:
    """Twelve files, four a class, two an artist; one of the "high" ones is a low tone: 11 of 12 can be right.

    Returns their manifest.
    """
    rows = []
    for k, (name, hz) in enumerate(HZ.items()):
        for i in range(4):
            path = f"{name}/{i}.wav"
            wrong = (name, i) == ("high", 3)
            write_wav(folder / path, tone(HZ["low"] if wrong else hz * (1 + 0.01 * i), 1.6, 10 * k + i))
            rows.append({"path": path, "pitch": name, "song": f"{name}{i}", "artist": f"{name} {i // 2}",
                         "low tone": int(name == "low"), "high tone": round(0.1 + 0.2 * k + 0.01 * i, 3),
                         "split": "test" if i == 3 else "train"})  # fmt: skip
    return write_manifest(folder / "tracks.csv", rows)


def measured(model: Path, data: Path, columns: list[str], out: Path, **options) -> dict:
    """metrics.json as `evaluate` writes it, with one worker, 50 resamples and no report unless `options` differ."""
    from earmark.evaluation.evaluate import evaluate
    from earmark.evaluation.options import EvaluationOptions

    evaluate(model, data, columns, out, EvaluationOptions(**{"workers": 1, "resamples": 50, "report": False} | options))
    return json.loads((out / "metrics.json").read_text(encoding="utf-8"))
