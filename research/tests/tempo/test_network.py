"""The tempo network as ONNX; and the bundled file, which the same code exports to the byte."""

from importlib import resources

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from earmark.tagger.session import open_session
from earmark_research.tempo.network import RhythmNetwork, export
from earmark_research.tempo.train import train


def test_the_exported_network_answers_like_the_trained_one(tmp_path, spiked):
    examples = [spiked(bpm) for bpm in (80.0, 100.0, 125.0)]
    network = train(examples, [], steps=12, seed=0, batch=2)
    export(network, tmp_path / "head.onnx")

    S = np.random.default_rng(0).uniform(0, 3, (1, 700, 96)).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(S)).numpy()
    session = open_session(tmp_path / "head.onnx")
    np.testing.assert_allclose(session.run(None, {"mel": S})[0], expected, atol=1e-4)
    assert (tmp_path / "head.onnx").stat().st_size < 300_000


def bundled_network(model: onnx.ModelProto) -> RhythmNetwork:
    """The network that was exported as `model`: normalisations after convolutions lie in those, so they do nothing."""
    network, tensors = RhythmNetwork().eval(), {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    state = network.state_dict()
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"][1:-1]
    for i, node in enumerate(convolutions):
        state[f"blocks.{i}.weight"], state[f"blocks.{i}.bias"] = (torch.tensor(tensors[x]) for x in node.input[1:])
        state[f"norms.{i}.running_var"].fill_(1 - network.norms[i].eps)
    state |= {name: torch.tensor(value) for name, value in tensors.items() if name in state}
    network.load_state_dict(state)
    return network


def test_the_bundled_file_is_what_its_weights_are_exported_as(tmp_path):
    with resources.as_file(resources.files("earmark") / "assets" / "rhythm.onnx") as bundled:
        model = onnx.load(bundled)
        export(bundled_network(model), tmp_path / "rhythm.onnx")
        again = onnx.load(tmp_path / "rhythm.onnx")
        again.producer_version = model.producer_version  # of torch, which may be newer
        assert again.SerializeToString() == model.SerializeToString()
