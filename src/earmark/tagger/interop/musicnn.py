"""The networks of musicnn 0.1.0 as ONNX graphs, from their TensorFlow weights.

MSD_musicnn and MSD_vgg were trained on the Million Song Dataset, MTT_musicnn on MagnaTagATune; each takes 3 s and has
50 tags. Their checkpoints lie in the wheel as ``musicnn/<network>/.index`` and ``.data-00000-of-00001`` (ISC licence).

Sources: musicnn/models.py of the wheel; Pons & Serra, "musicnn: pre-trained convolutional neural networks for music
audio tagging" (2019); the design is that of Pons et al., "End-to-end learning for music audio tagging at scale" (2018).
MSD_vgg differs from that file: its published weights were trained with the pools (4, 1), (1, 4), (2, 2), (2, 2),
(4, 4), and with the pools in the file its tags are wrong.
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
    """TensorFlow's name of layer `number`, counted from 0: the first has no number in its name."""
    return f"{name}_{number}" if number else name


@dataclass
class Graph:
    """ONNX nodes in the order in which they were added; every method adds some and returns the name of the output.

    Attributes
    ----------
    prefix : of the names that are made up, so that several networks fit into one graph
    nodes, constants : NodeProto and TensorProto
    """

    prefix: str = ""
    nodes: list = field(default_factory=list)
    constants: list = field(default_factory=list)

    def constant(self, values: np.ndarray) -> str:
        """Add a constant."""
        name = f"{self.prefix}c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, output: str | None = None, **attributes) -> str:
        """Add an operation `kind` of ONNX; `output` names its result, else a name is made up."""
        name = output or f"{self.prefix}n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def conv_relu(self, x: str, w: Weights, name: str, pads: list[int] | None = None) -> str:
        """Add a 2-D convolution and ReLU: x [n, in, height, width] -> [n, out, ...].

        The kernel ``name/kernel`` is stored as [height, width, in, out]; `pads` are top, left, bottom, right.
        """
        kernel = self.constant(w[f"{name}/kernel"].transpose(3, 2, 0, 1))
        conv = self.add("Conv", x, kernel, self.constant(w[f"{name}/bias"]), pads=pads or [0, 0, 0, 0])
        return self.add("Relu", conv)

    def norm(self, x: str, w: Weights, number: int) -> str:
        """Add batch normalisation of channels (axis 1) with its stored mean and variance."""
        name = numbered("batch_normalization", number)
        parts = [self.constant(w[f"{name}/{part}"]) for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        return self.add("BatchNormalization", x, *parts, epsilon=EPSILON)

    def dense(self, x: str, w: Weights, name: str, output: str | None = None) -> str:
        """Add a linear layer: x [n, in] -> [n, out], with the kernel ``name/kernel`` [in, out]."""
        weight, bias = self.constant(w[f"{name}/kernel"]), self.constant(w[f"{name}/bias"])
        return self.add("Gemm", x, weight, bias, output=output)


def vgg(g: Graph, mel: str, w: Weights) -> tuple[str, str]:
    """Add MSD_vgg: mel [n, 187, 96] -> tag logits [n, 50] and pool5 [n, 256]."""
    x = g.norm(g.add("Unsqueeze", mel, g.constant(np.array([1]))), w, 0)
    for number, pool in enumerate(VGG_POOLS, start=1):
        x = g.norm(g.conv_relu(x, w, f"{number}CNN", pads=[1, 1, 1, 1]), w, number)
        x = g.add("MaxPool", x, kernel_shape=list(pool), strides=list(pool))
    flat = g.add("Flatten", g.add("Transpose", x, perm=[0, 2, 3, 1]))  # (n, 128, 2, 1) -> (n, 256)
    return g.dense(flat, w, "dense"), flat


def musicnn(g: Graph, mel: str, w: Weights) -> tuple[str, str]:
    """Add MSD_musicnn or MTT_musicnn: mel [n, 187, 96] -> tag logits [n, 50] and the penultimate layer [n, 200]."""
    x = g.norm(g.add("Unsqueeze", mel, g.constant(np.array([1]))), w, 0)
    front = [_front(g, x, w, number) for number in range(5)]
    levels = [g.add("Concat", *front, axis=1)]  # (n, 561, 187)
    for number in (5, 6, 7):
        x = _middle(g, levels[-1], w, number)
        levels.append(x if number == 5 else g.add("Add", x, levels[-1]))
    features = g.add("Concat", *levels, axis=1)  # (n, 753, 187)
    peak = g.add("ReduceMax", features, axes=[2], keepdims=1)
    mean = g.add("ReduceMean", features, axes=[2], keepdims=1)
    flat = g.norm(g.add("Flatten", g.add("Concat", peak, mean, axis=2)), w, 9)  # maximum and mean alternate
    penultimate = g.norm(g.add("Relu", g.dense(flat, w, "dense")), w, 10)
    return g.dense(penultimate, w, "dense_1"), penultimate


def _front(g: Graph, x: str, w: Weights, number: int) -> str:
    """A front layer, the maximum over bands: tall kernels for timbre (0 and 1), long ones for rhythm (2 to 4)."""
    name = numbered("conv2d", number)
    length, height = w[f"{name}/kernel"].shape[:2]
    before = (length - 1) // 2  # frames; TensorFlow's "same" pads the end more
    pads = [before, 0, length - 1 - before, 0]
    y = g.norm(g.conv_relu(x, w, name, pads=pads), w, number + 1)
    return g.add("ReduceMax", y, axes=[3], keepdims=0)  # (n, filters, 187)


def _middle(g: Graph, x: str, w: Weights, number: int) -> str:
    """Convolution over 7 frames and all channels: x [n, in, 187] -> [n, out, 187].

    The kernel is stored as [7, in, 1, out]: TensorFlow takes the channels as the width of a picture.
    """
    kernel = w[f"conv2d_{number}/kernel"][:, :, 0, :].transpose(2, 1, 0)  # (out, in, 7)
    conv = g.add("Conv", x, g.constant(kernel), g.constant(w[f"conv2d_{number}/bias"]), pads=[3, 3])
    return g.norm(g.add("Relu", conv), w, number + 1)


BUILDERS = {"MSD_vgg": vgg, "MSD_musicnn": musicnn, "MTT_musicnn": musicnn}


def teacher_model(name: str, w: Weights) -> onnx.ModelProto:
    """One network by itself: mel [n, 187, 96] -> ``tags`` [n, 50], and ``pool5`` [n, 256] or ``penultimate`` [n, 200].

    Parameters
    ----------
    name : of BUILDERS
    w : tensor name -> float32 array, as in its checkpoint
    """
    g = Graph()
    logits, embedding = BUILDERS[name](g, "mel", w)
    inner = "pool5" if name.endswith("vgg") else "penultimate"
    g.add("Sigmoid", logits, output="tags")
    g.add("Identity", embedding, output=inner)
    dim = 256 if name.endswith("vgg") else 200
    return finish(g, ["n", PATCH_FRAMES, N_MELS], {"tags": ["n", 50], inner: ["n", dim]})


def finish(g: Graph, mel_shape: list, outputs: dict[str, list]) -> onnx.ModelProto:
    """The model around a graph, checked by ``onnx.checker``, which raises where the graph is wrong.

    Parameters
    ----------
    mel_shape, outputs : numbers, or texts for axes of any length; outputs by name
    """
    inputs = [helper.make_tensor_value_info("mel", TensorProto.FLOAT, mel_shape)]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
    graph = helper.make_graph(g.nodes, "earmark", inputs, results, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model
