"""What a value depends on: read from the graph, and found out by changing one frame after another."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from earmark.evaluation.receptive import WHOLE, ReceptiveField, frames_to_samples, receptive_fields

FRAMES, BANDS = 60, 6


def network(*steps) -> onnx.ModelProto:
    """A chain of (op_type, extra inputs, attributes) on mel [1, FRAMES, BANDS]; tensors are called t0, t1, ..."""
    rng, nodes, weights, last = np.random.default_rng(0), [], [], "mel"
    for k, (kind, extra, attributes) in enumerate(steps):
        names = []
        for j, value in enumerate(extra):
            names.append(f"w{k}_{j}")
            random = isinstance(value, tuple)
            array = rng.random(value).astype(np.float32) + 0.1 if random else np.array(value, np.int64)
            weights.append(numpy_helper.from_array(array, names[-1]))
        nodes.append(helper.make_node(kind, [last, *names], [f"t{k}"], **attributes))
        last = f"t{k}"
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, FRAMES, BANDS])],
        [onnx.ValueInfoProto(name=node.output[0]) for node in nodes], weights,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model


def run(model: onnx.ModelProto, mel: np.ndarray) -> dict[str, np.ndarray]:
    import onnxruntime as ort

    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(names, {"mel": mel}), strict=True))


def fields_of(model: onnx.ModelProto) -> dict[str, ReceptiveField]:
    mel = np.zeros((1, FRAMES, BANDS), np.float32)
    shapes = {name: value.shape for name, value in run(model, mel).items()} | {"mel": mel.shape}
    shapes |= {entry.name: tuple(entry.dims) for entry in model.graph.initializer}
    return receptive_fields(model.graph, shapes)


CONV1D = [
    ("Transpose", [], {"perm": [0, 2, 1]}),
    ("Conv", [(4, BANDS, 5)], {"kernel_shape": [5], "pads": [2, 2], "strides": [2]}),
    ("Relu", [], {}),
    ("MaxPool", [], {"kernel_shape": [3], "strides": [2]}),
    ("Conv", [(3, 4, 3)], {"kernel_shape": [3], "dilations": [2], "pads": [1, 3]}),
]
CONV2D = [
    ("Unsqueeze", [[1]], {}),
    ("Pad", [[0, 0, 3, 0, 0, 0, 1, 0]], {}),
    ("Conv", [(4, 1, 3, 3)], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [3, 2]}),
    ("AveragePool", [], {"kernel_shape": [2, 1], "strides": [2, 1]}),
    ("Transpose", [], {"perm": [0, 1, 3, 2]}),
    ("Reshape", [[1, 12, -1]], {}),
    ("Conv", [(5, 12, 3)], {"kernel_shape": [3]}),
]
FOLDED = [
    ("Reshape", [[1, 30, 2, BANDS]], {}),  # time cut into pairs of frames
    ("Reshape", [[1, 30, 2 * BANDS]], {}),
    ("MatMul", [(2 * BANDS, 4)], {}),
    ("Transpose", [], {"perm": [0, 2, 1]}),
    ("Conv", [(3, 4, 3)], {"kernel_shape": [3], "strides": [2]}),
    ("Reshape", [[1, 3, 7, 2]], {}),
]


SLICED = [
    ("Slice", [[1], [5], [2]], {}),  # bands
    ("Slice", [[0, 4], [4, 1000], [-1, 1], [2, 3]], {}),  # and every third frame from the fifth on
    ("Transpose", [], {"perm": [0, 2, 1]}),
    ("Slice", [[2], [1000], [2]], {}),
    ("Conv", [(3, 2, 3)], {"kernel_shape": [3], "strides": [2]}),
]


@pytest.mark.parametrize("steps", [CONV1D, CONV2D, FOLDED, SLICED])
def test_the_field_is_what_changing_a_frame_shows(steps):
    model = network(*steps)
    fields = fields_of(model)
    mel = np.random.default_rng(1).random((1, FRAMES, BANDS)).astype(np.float32) + 1
    before = run(model, mel)
    touched = {name: [] for name in before}
    for t in range(FRAMES):
        changed = mel.copy()
        changed[0, t] += 100
        after = run(model, changed)
        for name, value in after.items():
            others = tuple(a for a in range(value.ndim) if a != fields[name].axis)
            touched[name].append(np.abs(value - before[name]).max(axis=others) > 1e-3)
    for name, table in touched.items():
        table = np.array(table)  # [frame, place]
        for i in range(table.shape[1]):
            f, seen = fields[name], np.flatnonzero(table[:, i])
            start, end = f.frames(i, FRAMES)
            if f.first + i * f.step == start and start + f.extent == end:
                assert (start, end) == (seen[0], seen[-1] + 1), (name, i)
            else:  # padding is seen: what lies within the field may be less, never more
                assert not len(seen) or start <= seen[0] <= seen[-1] < end, (name, i)


def test_two_ways_that_meet_see_what_both_see():
    nodes = [
        helper.make_node("Transpose", ["mel"], ["x"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[7], pads=[3, 3], group=BANDS),
        helper.make_node("Add", ["x", "y"], ["z"]),
    ]
    shapes = {name: (1, BANDS, FRAMES) for name in ("x", "y", "z")} | {"mel": (1, FRAMES, BANDS), "w": (BANDS, 1, 7)}
    graph = helper.make_graph(nodes, "g", [], [])
    assert receptive_fields(graph, shapes)["z"] == ReceptiveField(2, -3, 1, 7)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("ReduceMean", [], {"axes": [2], "keepdims": 0}), ReceptiveField(1)),
        (("ReduceMean", [], {"axes": [1]}), WHOLE),
        (("Softmax", [], {"axis": -1}), ReceptiveField(1)),
        (("Softmax", [], {"axis": 1}), WHOLE),
        (("MatMul", [(BANDS, 3)], {}), ReceptiveField(1)),
        (("CumSum", [1], {}), WHOLE),
        (("Slice", [[1], [3], [2]], {}), ReceptiveField(1)),
        (("Slice", [[-8], [100], [1]], {}), WHOLE),
        (("Slice", [[50], [1], [1], [-1]], {}), WHOLE),
        (("Split", [[BANDS]], {"axis": 2}), ReceptiveField(1)),
        (("Split", [[FRAMES]], {"axis": 1}), WHOLE),
    ],
)
def test_what_mixes_time_sees_everything(step, expected):
    assert fields_of(network(step))["t0"] == expected


def test_frames_are_samples_half_a_window_about_their_centre():
    assert frames_to_samples((10, 12), 256, 512, 10**6) == (10 * 256 - 256, 11 * 256 + 256)
    assert frames_to_samples((0, 4), 256, 512, 700) == (0, 700)
