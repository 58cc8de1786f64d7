"""Receptive fields: the frames of the spectrogram that a value inside a network depends on, read from its graph."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, prod

import numpy as np
import onnx

Shapes = Mapping[str, tuple[int, ...]]

POINTWISE = {
    "Abs", "Add", "BatchNormalization", "Cast", "Clip", "Div", "Dropout", "Elu", "Erf", "Exp", "Gelu", "HardSigmoid",
    "HardSwish", "Identity", "LeakyRelu", "Log", "Max", "Min", "Mish", "Mul", "Neg", "PRelu", "Pow", "Relu", "Selu",
    "Sigmoid", "Softplus", "Sqrt", "Sub", "Sum", "Tanh",
}  # fmt: skip
WINDOWS = {"Conv", "MaxPool", "AveragePool", "LpPool"}
SHAPING = {"Reshape", "Flatten", "Squeeze", "Unsqueeze"}


@dataclass(frozen=True)
class ReceptiveField:
    """Index `i` along axis `axis` of a tensor depends on `extent` frames from ``first + i * step`` on.

    `first` may be negative and the last frame beyond the input: there the network reads padding. `axis` None means
    that every value depends on the whole input, or that the graph does not tell.

    Attributes
    ----------
    axis : of the tensor, along which time runs
    first, step, extent : frames
    """

    axis: int | None
    first: int = 0
    step: int = 1
    extent: int = 1

    def frames(self, i: int, n_frames: int) -> tuple[int, int]:
        """First frame and the one after the last that index `i` depends on, within an input of `n_frames`."""
        if self.axis is None:
            return 0, n_frames
        start = self.first + i * self.step
        return min(max(start, 0), n_frames - 1), max(min(start + self.extent, n_frames), 1)


WHOLE = ReceptiveField(None)


def receptive_fields(graph: onnx.GraphProto, shapes: Shapes, source: str = "mel") -> dict[str, ReceptiveField]:
    """The receptive field of every tensor that depends on the input `source` [batch, frames, n_mels].

    An operation that this module does not know gives WHOLE: too much, never too little.

    Parameters
    ----------
    shapes : of all tensors, for an input of any one length

    Returns
    -------
    Name of the tensor -> its receptive field
    """
    constants = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    fields = {source: ReceptiveField(1)}
    for node in graph.node:
        if node.op_type == "Constant":
            value = next((a.t for a in node.attribute if a.name == "value"), None)
            if value is not None:
                constants[node.output[0]] = onnx.numpy_helper.to_array(value)
            continue
        if node.op_type == "Shape":
            continue
        seen = [(name, fields[name]) for name in node.input if name in fields]
        if seen:
            field = _propagate(node, seen, shapes, constants)
            fields |= {name: field for name in node.output if name}
    return fields


def _propagate(
    node: onnx.NodeProto, seen: list[tuple[str, ReceptiveField]], shapes: Shapes, constants: dict
) -> ReceptiveField:
    name, field = seen[0]
    if any(other.axis is None for _, other in seen):
        return WHOLE
    before, after, kind = shapes[name], shapes[node.output[0]], node.op_type
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if kind in WINDOWS:
        return _through_window(node, field, before, after, attributes, shapes)
    if kind in POINTWISE:
        return _union([replace(f, axis=f.axis + len(after) - len(shapes[n])) for n, f in seen])
    if kind == "Concat":
        return _union([f for _, f in seen]) if attributes["axis"] % len(after) != field.axis else WHOLE
    if kind == "Transpose":
        order = attributes.get("perm", list(range(len(before)))[::-1])
        return replace(field, axis=list(order).index(field.axis))
    if kind in SHAPING:
        return _through_reshape(field, before, after)
    if kind in ("MatMul", "Gemm"):
        kept = name == node.input[0] and field.axis < len(before) - 1 and not attributes.get("transA")
        return field if kept else WHOLE
    if kind == "Pad":
        return _through_pad(node, field, len(before), attributes, constants)
    if kind == "Slice":
        return _through_slice(node, field, before, after, constants)
    return _through_others(node, field, before, after, attributes, constants)


def _through_window(
    node: onnx.NodeProto, field: ReceptiveField, before, after, attributes: dict, shapes: Shapes
) -> ReceptiveField:
    """Convolution or pooling; WHOLE where time is not one of its spatial axes."""
    k = field.axis - 2
    if k < 0:
        return WHOLE
    n = len(before) - 2
    kernel = attributes.get("kernel_shape") or shapes[node.input[1]][2:]
    stride = attributes.get("strides", [1] * n)[k]
    width = (kernel[k] - 1) * attributes.get("dilations", [1] * n)[k] + 1
    pad = attributes.get("pads", [0] * 2 * n)[k]
    auto = attributes.get("auto_pad", b"NOTSET").decode()
    if auto.startswith("SAME"):
        total = max((ceil(before[field.axis] / stride) - 1) * stride + width - before[field.axis], 0)
        pad = total // 2 if auto == "SAME_UPPER" else total - total // 2
    return ReceptiveField(field.axis, field.first - pad * field.step, field.step * stride,
                 field.extent + (width - 1) * field.step)  # fmt: skip


def _union(fields: list[ReceptiveField]) -> ReceptiveField:
    """The field that covers all of `fields`; WHOLE where they do not advance alike."""
    axis, step = fields[0].axis, fields[0].step
    if any((f.axis, f.step) != (axis, step) for f in fields):
        return WHOLE
    first, last = min(f.first for f in fields), max(f.first + f.extent for f in fields)
    return ReceptiveField(axis, first, step, last - first)


def _through_reshape(field: ReceptiveField, before: tuple, after: tuple) -> ReceptiveField:
    """The axis of the same length with as many values before it; or the first of two that time was cut into."""
    size, left = before[field.axis], prod(before[: field.axis])
    for axis, n in enumerate(after):
        if n == size and prod(after[:axis]) == left:
            return replace(field, axis=axis)
    for axis, (n, q) in enumerate(zip(after, after[1:], strict=False)):
        if n > 1 and n * q == size and prod(after[:axis]) == left:
            return ReceptiveField(axis, field.first, field.step * q, field.extent + (q - 1) * field.step)
    return WHOLE


def _through_pad(
    node: onnx.NodeProto, field: ReceptiveField, rank: int, attributes: dict, constants: dict
) -> ReceptiveField:
    pads = attributes.get("pads")
    if pads is None and len(node.input) > 1 and node.input[1] in constants:
        pads = constants[node.input[1]].tolist()
    if pads is None or len(pads) != 2 * rank:
        return WHOLE
    return replace(field, first=field.first - int(pads[field.axis]) * field.step)


def _through_others(
    node: onnx.NodeProto, field: ReceptiveField, before, after, attributes: dict, constants: dict
) -> ReceptiveField:
    """Operations along axes that are not time: reductions, softmax, layer norm, splits of bands."""
    rank, kind = len(before), node.op_type
    if kind.startswith("Reduce"):
        axes = attributes.get("axes")
        if axes is None and len(node.input) > 1 and node.input[1] in constants:
            axes = constants[node.input[1]].tolist()
        axes = None if axes is None else [a % rank for a in axes]
        if axes is None or field.axis in axes:
            return WHOLE
        gone = 0 if len(after) == rank else sum(a < field.axis for a in axes)
        return replace(field, axis=field.axis - gone)
    if kind == "Split":
        return field if attributes.get("axis", 0) % rank != field.axis else WHOLE
    if kind in ("Softmax", "LogSoftmax", "LayerNormalization"):
        axis = attributes.get("axis", -1) % rank
        apart = field.axis < axis or (kind != "LayerNormalization" and field.axis != axis)
        return field if apart else WHOLE
    return WHOLE


def _through_slice(node: onnx.NodeProto, field: ReceptiveField, before, after, constants: dict) -> ReceptiveField:
    """All of time, or every so many places from a known one on."""
    if after[field.axis] == before[field.axis]:
        return field
    starts, _, axes, steps = (constants.get(name) for name in [*node.input[1:], "", ""][:4])
    if starts is None or axes is None or field.axis not in axes % len(before):
        return WHOLE
    (k,) = np.flatnonzero(axes % len(before) == field.axis)
    start, step = int(starts[k]), 1 if steps is None else int(steps[k])
    if start < 0 or step < 1:
        return WHOLE
    return replace(field, first=field.first + start * field.step, step=field.step * step)


def frames_to_samples(frames: tuple[int, int], hop_length: int, n_fft: int, n_samples: int) -> tuple[int, int]:
    """First sample and the one after the last that frames [a, b) are computed from.

    Frame t is centred on sample t * hop_length and n_fft samples long.
    """
    a, b = frames
    start, end = a * hop_length - n_fft // 2, (b - 1) * hop_length + n_fft // 2
    return int(np.clip(start, 0, max(n_samples - 1, 0))), int(np.clip(end, 1, n_samples))
