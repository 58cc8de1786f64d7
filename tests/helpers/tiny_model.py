"""A model file small enough to read: mean of 16 frames, two matrices, fixed weights. It tells loud from dark."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset

FRAMES_A_STEP = 16
DIM = 8
TAGSET = Tagset(
    (
        TagGroup("genre", ("jazz", "rock", "pop"), "exclusive", threshold=(0.4, 0.4, 0.4)),
        TagGroup("mood", ("sad", "happy"), threshold=(0.5, 0.5)),
    )
)


def write_tiny_model(path: Path, tagset: Tagset = TAGSET, seed: int = 0, **info) -> Path:
    """Write the model file; `info` replaces fields of its ModelInfo."""
    rng = np.random.default_rng(seed)
    weights = {
        "W": rng.standard_normal((96, DIM)).astype(np.float32) / 10,
        "V": rng.standard_normal((DIM, len(tagset))).astype(np.float32),
    }
    nodes = [
        helper.make_node("Transpose", ["mel"], ["by_band"], perm=[0, 2, 1]),
        helper.make_node("AveragePool", ["by_band"], ["pooled"], kernel_shape=[FRAMES_A_STEP], strides=[FRAMES_A_STEP]),
        helper.make_node("Transpose", ["pooled"], ["steps"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["steps", "W"], ["embedding"]),
        helper.make_node("MatMul", ["embedding", "V"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["batch", "frames", 96])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "steps", len(tagset)]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", "steps", DIM]),
        ],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    values = {"id": "tiny", "version": "1", "patch_frames": 1024, "min_frames": 64, **info}
    helper.set_model_props(model, {METADATA_KEY: ModelInfo(tagset=tagset, **values).to_json()})
    onnx.save(model, str(path))
    return path
