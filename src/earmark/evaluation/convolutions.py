"""The convolutions inside a model file, opened as outputs of the network."""

from typing import TYPE_CHECKING

import numpy as np
import onnx

from earmark.errors import ConfigError, ModelError
from earmark.evaluation.receptive import POINTWISE, ReceptiveField, receptive_fields
from earmark.tagger.combined import Combined
from earmark.tagger.model import Model
from earmark.tagger.session import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class ConvolutionModel:
    """A model whose convolutions are outputs of the network.

    Attributes
    ----------
    model : as loaded
    tensors : name of each chosen convolution's tensor -> its receptive field
    """

    def __init__(self, model: Model, session: "InferenceSession", tensors: dict[str, ReceptiveField]) -> None:
        self.model, self.tensors = model, tensors
        self._session = session

    @classmethod
    def open(cls, model: Model, wanted: tuple[str, ...] = ()) -> "ConvolutionModel":
        """Open the model's file again with the convolutions as outputs.

        Parameters
        ----------
        wanted : parts of names of convolutions; all where empty

        Raises
        ------
        ModelError : the network has no convolution, or the model is a combination of several
        ConfigError : none has a wanted name
        """
        if isinstance(model, Combined):
            raise ModelError(model.path, "made of several networks", "Give one of them: `fast` or `accurate`.")
        network = onnx.load(model.path)
        tensors = convolutions(network.graph)
        if not tensors:
            raise ModelError(model.path, "no convolution in it", "It has no filters to export: give another model.")
        chosen = [name for name in tensors if not wanted or any(part in name for part in wanted)]
        if not chosen:
            raise ConfigError(f"--layer {', '.join(wanted)}", "no such convolution", f"There are {', '.join(tensors)}.")
        mel = np.zeros((1, model.info.patch_frames, model.info.features.n_mels), np.float32)
        fields = receptive_fields(network.graph, _tensor_shapes(network, mel))
        return cls(model, _session(network, chosen), {name: fields[name] for name in chosen})

    def activations(self, patch: np.ndarray) -> list[np.ndarray]:
        """For each tensor the strongest value of every filter at every place in time.

        Parameters
        ----------
        patch : float32 [n_frames, n_mels]

        Returns
        -------
        float32 [n_places, n_filters], one a tensor
        """
        values = self._session.run(list(self.tensors), {"mel": patch[None]})
        return [_over_time(value, f.axis) for value, f in zip(values, self.tensors.values(), strict=True)]


def convolutions(graph: onnx.GraphProto) -> list[str]:
    """The tensor of each convolution, in order, behind the normalisation and nonlinearity that follow it alone."""
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    found = []
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        name = node.output[0]
        while len(users.get(name, [])) == 1 and _changes_values_alone(users[name][0]):
            name = users[name][0].output[0]
        found.append(name)
    return found


def _changes_values_alone(node: onnx.NodeProto) -> bool:
    """An operation on each value by itself, with no other tensor coming in."""
    return node.op_type in POINTWISE - {"Add", "Sub", "Mul", "Div", "Sum", "Max", "Min"}


def _tensor_shapes(network: onnx.ModelProto, mel: np.ndarray) -> dict[str, tuple[int, ...]]:
    """Shapes of all tensors, found by running the network on `mel`."""
    names = [name for node in network.graph.node for name in node.output if name]
    values = _session(network, names).run(names, {"mel": mel})
    shapes = {name: np.shape(value) for name, value in zip(names, values, strict=True)}
    return shapes | {entry.name: tuple(entry.dims) for entry in network.graph.initializer} | {"mel": mel.shape}


def _session(network: onnx.ModelProto, outputs: list[str]) -> "InferenceSession":
    """An ONNX Runtime session whose outputs are these tensors."""
    opened = onnx.ModelProto()
    opened.CopyFrom(network)
    del opened.graph.output[:]
    opened.graph.output.extend(onnx.ValueInfoProto(name=name) for name in outputs)
    return open_session(opened.SerializeToString())


def _over_time(value: np.ndarray, axis: int | None) -> np.ndarray:
    """[1, n_filters, ...] -> [n_places, n_filters]: the maximum over all axes but time."""
    if axis is None:
        return value.reshape(value.shape[0] * value.shape[1], -1).max(axis=1)[None]
    others = tuple(k for k in range(2, value.ndim) if k != axis)
    return value.max(axis=others)[0].T if others else value[0].T
