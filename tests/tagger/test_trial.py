"""Networks that crash, run for ever, fill the memory or bring other files along."""

import json
import sys
import time

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from earmark.errors import ModelError
from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.pull import add_model
from earmark.tagger.registry import bundled
from earmark.tagger.trial import try_model
from tiny_model import TAGSET, write_tiny_model


@pytest.fixture
def model(tmp_path):
    return write_tiny_model(tmp_path / "tiny.onnx")


def with_nodes(path, nodes, initializers=()):
    """The tiny model whose logits are made by these nodes from ``scores``, which were its logits."""
    model = onnx.load(str(path))
    model.graph.node[-1].output[0] = "scores"
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in initializers)
    onnx.save(model, str(path))
    return path


def endless(path):
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["keep_on"], ["still"]),
            helper.make_node("Sin", ["inner"], ["next"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("keep_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("inner", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, None),
        ],
    )
    loop = helper.make_node("Loop", ["trips", "", "scores"], ["logits"], body=body)
    return with_nodes(path, [loop], [("trips", np.array(2**60))])


def greedy(path):
    nodes = [
        helper.make_node("Expand", ["scores", "wide"], ["grown"]),
        helper.make_node("ReduceMax", ["grown"], ["most"], keepdims=0),
        helper.make_node("Add", ["scores", "most"], ["logits"]),
    ]
    return with_nodes(path, nodes, [("wide", np.array([20_000_000, 1, 1, 1], np.int64))])


def test_a_model_that_fits_is_taken(model):
    assert try_model(model) is None
    assert try_model(bundled()) is None


def test_one_that_runs_for_ever_is_stopped(model):
    began = time.monotonic()
    with pytest.raises(ModelError, match=r"tiny.onnx: it ran for 6 s without an end\."):
        try_model(endless(model), seconds=6)
    assert time.monotonic() - began < 10


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_one_that_fills_the_memory_is_refused(model):
    with pytest.raises(ModelError, match=r"(?i)memory|alloc"):
        try_model(greedy(model))


def test_one_that_crashes_onnx_runtime_costs_a_process(model):
    with pytest.raises(ModelError, match=r"the process that tried it ended \(-6\): a crash, or too much memory"):
        try_model(model, command=(sys.executable, "-c", "import os; os.abort()"))


def test_logits_that_are_no_numbers_are_refused(model):
    divide = helper.make_node("Div", ["scores", "zero"], ["logits"])
    with pytest.raises(ModelError, match="not finite"):
        try_model(with_nodes(model, [divide], [("zero", np.zeros((), np.float32))]))


def test_weights_in_other_files_are_refused_and_nothing_is_kept(model, tmp_path, monkeypatch):
    monkeypatch.setenv("EARMARK_MODELS", str(tmp_path / "models"))
    network = onnx.load(str(model))
    onnx.save(network, str(model), save_as_external_data=True, location="weights.bin", size_threshold=0)

    with pytest.raises(ModelError, match=r"tiny.onnx: its weights lie in other files\. Join them into one file"):
        add_model(model)

    assert (tmp_path / "weights.bin").exists()
    assert not (tmp_path / "models").exists()


def test_a_network_that_breaks_the_contract_when_it_runs_is_refused(model):
    network = onnx.load(str(model))
    network.graph.node[-1].input[1] = "W"
    onnx.save(network, str(model))
    with pytest.raises(ModelError, match=r"tiny.onnx: .*(does not run|not a readable)"):
        try_model(model)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"min_frames": 10**9, "patch_frames": 10**9}, "patch_frames: 1000000000 is not a whole number from 1"),
        ({"min_frames": 0}, "min_frames: 0"),
        ({"min_frames": "64"}, "min_frames: '64'"),
        ({"id": "x" * 500}, "id: "),
        ({"id": "a\x1b[31m"}, "id: .* is no name"),
        ({"version": 5}, "version: 5"),
        ({"description": "x" * 200_000}, "description: "),
        ({"features": {"n_mels": 10**6}}, "features: n_mels: 1000000"),
        ({"tagset": {"groups": [{"name": "g", "tags": ["a\u202e", "b"]}]}}, "tagset: .* is no name"),
        ({"tagset": {"groups": [{"name": "g", "tags": [str(i) for i in range(30_000)]}]}}, "30001 names, more than"),
    ],
)  # fmt: skip
def test_absurd_metadata_is_refused_with_the_reason(model, change, problem):
    network = onnx.load(str(model))
    values = json.loads(ModelInfo("tiny", "1", TAGSET).to_json()) | change
    helper.set_model_props(network, {METADATA_KEY: json.dumps(values)})
    onnx.save(network, str(model))

    with pytest.raises(ModelError, match=f"its metadata cannot be read .*{problem}"):
        try_model(model)
