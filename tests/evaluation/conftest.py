"""A folder of tones, a model that tells low from high, and a cache of the test's own."""

from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from earmark.tagger.tagset import TagGroup, Tagset
from tones import HZ, band_weights, save_model, tone, write_manifest, write_wav


@pytest.fixture
def pitch_model(tmp_path) -> Path:
    """Logits: how loud the three bands are, for an exclusive group and again for independent tags."""
    (tmp_path / "model").mkdir()
    tagset = Tagset((TagGroup("pitch", tuple(HZ), "exclusive"), TagGroup("tags", ("low tone", "high tone"))))
    W = band_weights()
    weights = {"W": W, "V": np.hstack([np.eye(3), np.eye(3)[:, [0, 2]]]).astype(np.float32)}
    nodes = [
        helper.make_node("Transpose", ["mel"], ["bands"], perm=[0, 2, 1]),
        helper.make_node("AveragePool", ["bands"], ["pooled"], kernel_shape=[16], strides=[16]),
        helper.make_node("Transpose", ["pooled"], ["steps"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["steps", "W"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "V"], ["logits"]),
    ]
    return save_model(tmp_path / "model" / "model.onnx", nodes, weights, tagset, 3)


@pytest.fixture
def tones(tmp_path) -> Path:
    """Twelve files, four a class, two an artist; one of the "high" ones is a low tone: 11 of 12 can be right."""
    rows = []
    for k, (name, hz) in enumerate(HZ.items()):
        for i in range(4):
            path = f"{name}/{i}.wav"
            wrong = (name, i) == ("high", 3)
            write_wav(tmp_path / "data" / path, tone(HZ["low"] if wrong else hz * (1 + 0.01 * i), 1.6, 10 * k + i))
            rows.append({"path": path, "pitch": name, "song": f"{name}{i}", "artist": f"{name} {i // 2}",
                         "low tone": int(name == "low"), "high tone": round(0.1 + 0.2 * k + 0.01 * i, 3),
                         "split": "test" if i == 3 else "train"})  # fmt: skip
    return write_manifest(tmp_path / "data" / "tracks.csv", rows)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EARMARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"
