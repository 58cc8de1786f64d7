"""Half the bytes, nearly the same outputs; and the bundled file, which the same code packs to the byte."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from earmark.tagger.model import load_model
from earmark.training.export import export_onnx
from earmark_research.assets import STARTER
from earmark_research.tagger.half_precision import store_half
from earmark_research.tagger.metadata import model_info
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet
from earmark_research.tagger.tags import starter_tagset


def test_half_the_bytes_say_nearly_the_same(tmp_path):
    torch.manual_seed(0)
    info = model_info(starter_tagset(), "0")
    cfg = StarterConfig({"A": BranchConfig((4, 4, 4, 4, 4), 10)})
    export_onnx(StarterNet(len(info.tagset), cfg), info, tmp_path / "full.onnx")
    store_half(tmp_path / "full.onnx", tmp_path / "half.onnx")
    full, half = (load_model(tmp_path / f"{name}.onnx") for name in ("full", "half"))
    S = np.random.default_rng(0).uniform(0, 4, (400, 96)).astype(np.float32)

    assert (tmp_path / "half.onnx").stat().st_size < 0.65 * (tmp_path / "full.onnx").stat().st_size
    np.testing.assert_allclose(half.run(S).logits, full.run(S).logits, atol=2e-2)
    assert half.info == full.info


def unpack(model: onnx.ModelProto) -> None:
    """Undo `store_half` in place: float16 weights become float32, without their Casts."""
    halves = {tensor.name: tensor for tensor in model.graph.initializer if tensor.name.endswith(".half")}
    for name, tensor in halves.items():
        values = numpy_helper.to_array(tensor).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(values, name.removesuffix(".half")))
    nodes = [node for node in model.graph.node if not set(node.input) & set(halves)]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def test_the_bundled_file_packed_anew_is_the_same_to_the_byte(tmp_path):
    model = onnx.load(STARTER)
    unpack(model)
    onnx.save(model, tmp_path / "full.onnx")
    store_half(tmp_path / "full.onnx", tmp_path / "half.onnx")
    assert (tmp_path / "half.onnx").read_bytes() == STARTER.read_bytes()
    assert (tmp_path / "full.onnx").stat().st_size > 1.8 * STARTER.stat().st_size
