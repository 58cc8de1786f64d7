"""The three files of the package: ``fast.onnx``, ``accurate.onnx``, and ``default.json``, which joins them."""

import json
import tempfile
from pathlib import Path

import numpy as np
import onnx

from earmark.files import whole_file
from earmark.tagger.interop.musicnn import Weights
from earmark.tagger.model import ModelInfo
from earmark.training.export import put_info
from earmark_research.assets import STARTER
from earmark_research.profiles.hear import STARTER_ORDER, raw_networks
from earmark_research.profiles.space import Linear
from earmark_research.tagger.half_precision import store_half

RAW = "raw"  # name of a network's own embedding, from which both outputs are computed


def write_small(outputs: tuple[Linear, Linear], info: ModelInfo, out: Path) -> None:
    """The small network with logits and embedding of the profiles.

    Parameters
    ----------
    outputs : logits and embedding from its embedding in the order of the accurate one
    """
    model = onnx.utils.Extractor(onnx.load(STARTER)).extract_model(["mel"], ["embedding"])
    _rename(model.graph, "embedding", RAW)
    order = np.argsort(STARTER_ORDER)  # rows as the file has them
    _finish(model, [Linear(part.weight[order], part.bias) for part in outputs], info, out)


def write_accurate(weights: dict[str, Weights], outputs: tuple[Linear, Linear], info: ModelInfo, out: Path) -> None:
    """musicnn's three networks with logits and embedding of the profiles: one step a patch."""
    model = raw_networks(weights)
    graph = model.graph
    _rename(graph, "embedding", f"{RAW}_flat")
    graph.initializer.append(onnx.numpy_helper.from_array(np.array([1]), "step_axis"))
    graph.node.append(onnx.helper.make_node("Unsqueeze", [f"{RAW}_flat", "step_axis"], [RAW]))
    _finish(onnx.utils.Extractor(_with_output(model, RAW)).extract_model(["mel"], [RAW]), outputs, info, out)


def write_default(info: ModelInfo, n_patches: int, out: Path) -> None:
    """The combination of the two."""
    networks = {"small": "fast.onnx", "accurate": "accurate.onnx", "patches": n_patches}
    values = networks | {"model": json.loads(info.to_json())}
    with whole_file(out) as draft:
        draft.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        node.output[:] = [new if name == old else name for name in node.output]


def _with_output(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", 1, None]))
    return model


def _finish(model: onnx.ModelProto, outputs: list[Linear], info: ModelInfo, out: Path) -> None:
    """Put both linear maps after the tensor RAW, and write the file with weights in half precision."""
    graph = model.graph
    del graph.output[:]
    for name, part in zip(("logits", "embedding"), outputs, strict=True):
        for kind, values in (("weight", part.weight), ("bias", part.bias)):
            graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float32), f"{name}_{kind}"))
        graph.node.append(onnx.helper.make_node("MatMul", [RAW, f"{name}_weight"], [f"{name}_product"]))
        graph.node.append(onnx.helper.make_node("Add", [f"{name}_product", f"{name}_bias"], [name]))
        shape = ["batch", "steps", len(part.bias)]
        graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    put_info(model, info)
    with tempfile.TemporaryDirectory() as folder:
        onnx.save(model, Path(folder) / "full.onnx")
        store_half(Path(folder) / "full.onnx", out)
