"""The networks of musicnn 0.1.0 (Pons & Serra 2019, ISC licence) as ONNX graphs, from their TensorFlow weights.

Source: musicnn/models.py of the 0.1.0 wheel, except for MSD_vgg, whose published weights were trained with the pools
(4, 1), (1, 4), (2, 2), (2, 2), (4, 4); the pools in that file give wrong tags.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PATCH_FRAMES = 187  # 3 s
N_MELS = 96
EPSILON = 1e-3  # of every batch normalisation
VGG_POOLS = ((4, 1), (1, 4), (2, 2), (2, 2), (4, 4))
OPSET = 17

Weights = dict[str, np.ndarray]


def numbered(name: str, number: int) -> str:
    """TensorFlow's name of the layer of that number: the first has none."""
    return f"{name}_{number}" if number else name


@dataclass
class Graph:
    """A growing list of ONNX nodes; every method adds one and returns the name of its output."""

    prefix: str = ""
    nodes: list = field(default_factory=list)
    constants: list = field(default_factory=list)

    def constant(self, values: np.ndarray) -> str:
        name = f"{self.prefix}c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, output: str | None = None, **attributes) -> str:
        name = output or f"{self.prefix}n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def conv_relu(self, x: str, w: Weights, name: str, pads: list[int] | None = None) -> str:
        """2-D convolution, weights stored as [height, width, in, out], then ReLU."""
        kernel = self.constant(w[f"{name}/kernel"].transpose(3, 2, 0, 1))
        conv = self.add("Conv", x, kernel, self.constant(w[f"{name}/bias"]), pads=pads or [0, 0, 0, 0])
        return self.add("Relu", conv)

    def norm(self, x: str, w: Weights, number: int) -> str:
        """Batch normalisation of channels (axis 1), in its resting state."""
        name = numbered("batch_normalization", number)
        parts = [self.constant(w[f"{name}/{part}"]) for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        return self.add("BatchNormalization", x, *parts, epsilon=EPSILON)

    def dense(self, x: str, w: Weights, name: str, output: str | None = None) -> str:
        weight, bias = self.constant(w[f"{name}/kernel"]), self.constant(w[f"{name}/bias"])
        return self.add("Gemm", x, weight, bias, output=output)


def vgg(g: Graph, mel: str, w: Weights) -> tuple[str, str]:
    """mel [n, 187, 96] -> tag logits [n, 50] and pool5 [n, 256]."""
    x = g.norm(g.add("Unsqueeze", mel, g.constant(np.array([1]))), w, 0)
    for number, pool in enumerate(VGG_POOLS, start=1):
        x = g.norm(g.conv_relu(x, w, f"{number}CNN", pads=[1, 1, 1, 1]), w, number)
        x = g.add("MaxPool", x, kernel_shape=list(pool), strides=list(pool))
    flat = g.add("Flatten", g.add("Transpose", x, perm=[0, 2, 3, 1]))  # (n, 128, 2, 1) -> (n, 256)
    return g.dense(flat, w, "dense"), flat


def musicnn(g: Graph, mel: str, w: Weights) -> tuple[str, str]:
    """mel [n, 187, 96] -> tag logits [n, 50] and the penultimate layer [n, 200]."""
    x = g.norm(g.add("Unsqueeze", mel, g.constant(np.array([1]))), w, 0)
    front = [_front(g, x, w, number) for number in range(5)]
    levels = [g.add("Concat", *front, axis=1)]  # (n, 561, 187)
    for number in (5, 6, 7):
        x = _middle(g, levels[-1], w, number)
        levels.append(x if number == 5 else g.add("Add", x, levels[-1]))
    features = g.add("Concat", *levels, axis=1)  # (n, 753, 187)
    most = g.add("ReduceMax", features, axes=[2], keepdims=1)
    mean = g.add("ReduceMean", features, axes=[2], keepdims=1)
    flat = g.norm(g.add("Flatten", g.add("Concat", most, mean, axis=2)), w, 9)  # most and mean alternate
    penultimate = g.norm(g.add("Relu", g.dense(flat, w, "dense")), w, 10)
    return g.dense(penultimate, w, "dense_1"), penultimate


def _front(g: Graph, x: str, w: Weights, number: int) -> str:
    """One of the musically motivated filters: tall ones hear timbre, long ones hear rhythm; the most over pitch."""
    name = numbered("conv2d", number)
    length, height = w[f"{name}/kernel"].shape[:2]
    before = (length - 1) // 2  # frames; TensorFlow's "same" pads the end more
    pads = [before, 0, length - 1 - before, 0]
    y = g.norm(g.conv_relu(x, w, name, pads=pads), w, number + 1)
    return g.add("ReduceMax", y, axes=[3], keepdims=0)  # (n, filters, 187)


def _middle(g: Graph, x: str, w: Weights, number: int) -> str:
    """Convolution over 7 frames and all channels; the kernel holds channels where a picture has its width."""
    kernel = w[f"conv2d_{number}/kernel"][:, :, 0, :].transpose(2, 1, 0)  # (out, in, 7)
    conv = g.add("Conv", x, g.constant(kernel), g.constant(w[f"conv2d_{number}/bias"]), pads=[3, 3])
    return g.norm(g.add("Relu", conv), w, number + 1)


BUILDERS = {"MSD_vgg": vgg, "MSD_musicnn": musicnn, "MTT_musicnn": musicnn}


def teacher_model(name: str, w: Weights) -> onnx.ModelProto:
    """One network by itself: mel [n, 187, 96] -> ``tags`` [n, 50], and ``pool5`` or ``penultimate``."""
    g = Graph()
    logits, embedding = BUILDERS[name](g, "mel", w)
    inner = "pool5" if name.endswith("vgg") else "penultimate"
    g.add("Sigmoid", logits, output="tags")
    g.add("Identity", embedding, output=inner)
    dim = 256 if name.endswith("vgg") else 200
    return finish(g, ["n", PATCH_FRAMES, N_MELS], {"tags": ["n", 50], inner: ["n", dim]})


def finish(g: Graph, mel_shape: list, outputs: dict[str, list]) -> onnx.ModelProto:
    """The checked model around a graph."""
    inputs = [helper.make_tensor_value_info("mel", TensorProto.FLOAT, mel_shape)]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
    graph = helper.make_graph(g.nodes, "earmark", inputs, results, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model
