"""Wrap the teacher networks of ../shared/teachers as model files, so that `probe` can stand on them.

    python benchmarks/teacher_files.py ../shared/teachers OUT

Writes OUT/msd_vgg.onnx, OUT/msd_musicnn.onnx and OUT/mtt_musicnn.onnx. For measuring only: they are not distributed.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.export import put_info

FRAMES = 187  # the fixed patch of musicnn, 3 s


def wrap(source: Path, target: Path) -> None:
    """Probabilities [n, 50] -> logits [n, 1, 50]; the embedding [n, dim] -> [n, 1, dim]."""
    model = onnx.load(source)
    graph = model.graph
    outputs = {entry.name: entry.type.tensor_type.shape.dim[-1].dim_value for entry in graph.output}
    tags = next(name for name, width in outputs.items() if width == 50)
    vector = next(name for name, width in outputs.items() if width in (200, 256))
    for name, value in (("one_axis", np.array([1])), ("tiny", np.array([1e-7, 1 - 1e-7], np.float32))):
        graph.initializer.append(numpy_helper.from_array(value, f"wrap_{name}"))
    graph.initializer.append(numpy_helper.from_array(np.float32(1e-7), "wrap_low"))
    graph.initializer.append(numpy_helper.from_array(np.float32(1 - 1e-7), "wrap_high"))
    graph.initializer.append(numpy_helper.from_array(np.float32(1), "wrap_1"))
    graph.node.extend([
        helper.make_node("Clip", [tags, "wrap_low", "wrap_high"], ["wrap_p"]),
        helper.make_node("Sub", ["wrap_1", "wrap_p"], ["wrap_q"]),
        helper.make_node("Div", ["wrap_p", "wrap_q"], ["wrap_odds"]),
        helper.make_node("Log", ["wrap_odds"], ["wrap_logit"]),
        helper.make_node("Unsqueeze", ["wrap_logit", "wrap_one_axis"], ["logits"]),
        helper.make_node("Unsqueeze", [vector, "wrap_one_axis"], ["embedding_steps"]),
    ])  # fmt: skip
    if "embedding" in outputs:
        _rename(graph, "embedding", "embedding_flat")
    _rename(graph, "embedding_steps", "embedding")
    del graph.output[:]
    for name, width in (("logits", 50), ("embedding", outputs[vector])):
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 1, width]))
    tagset = Tagset((TagGroup("tags", tuple(f"tag {k}" for k in range(50))),))
    put_info(model, ModelInfo(target.stem, "1", tagset, patch_frames=FRAMES, min_frames=FRAMES, licence="ISC"))
    onnx.save(model, target)


def _rename(graph, old: str, new: str) -> None:
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        node.output[:] = [new if name == old else name for name in node.output]


def main(source: str, out: str) -> None:
    Path(out).mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(source).glob("*.onnx")):
        wrap(path, Path(out) / f"{path.stem.lower()}.onnx")


if __name__ == "__main__":
    main(*sys.argv[1:])
