"""Linear maps from the embeddings of both networks to every tag of the vocabulary."""

import numpy as np
import onnx
from onnx import numpy_helper

from earmark.tagger.interop.musicnn import Weights
from earmark_research.assets import STARTER
from earmark_research.profiles.hear import DIM, STARTER_ORDER, starter
from earmark_research.profiles.space import Linear, standardisation
from earmark_research.profiles.vocabulary import VOCABULARY
from earmark_research.tagger.accurate_head import Head
from earmark_research.tagger.tags import teacher_columns
from earmark_research.tagger.teachers import EMBEDDING_PARTS

OUTPUT_LAYERS = {"MSD_vgg": "dense", "MSD_musicnn": "dense_1", "MTT_musicnn": "dense_1"}


def musicnn_tags(weights: dict[str, Weights]) -> Linear:
    """The last layers of musicnn's networks: raw embeddings [.., 656] -> the logits of their 150 tags."""
    weight, bias = np.zeros((DIM, 150)), np.zeros(150)
    for number, (name, rows) in enumerate(EMBEDDING_PARTS.items()):
        columns = slice(50 * number, 50 * number + 50)
        weight[rows, columns] = weights[name][f"{OUTPUT_LAYERS[name]}/kernel"]
        bias[columns] = weights[name][f"{OUTPUT_LAYERS[name]}/bias"]
    return Linear(weight, bias)


def starter_head() -> Linear:
    """The head of the small network: its embedding, in the order of the accurate one, -> its own tags."""
    graph = onnx.load(STARTER).graph
    tensors = {tensor.name.removesuffix(".half"): numpy_helper.to_array(tensor) for tensor in graph.initializer}
    last = [node.input[1] for node in graph.node if node.op_type == "MatMul"][-1]
    return Linear(tensors[last].astype(np.float64)[STARTER_ORDER], tensors["head.bias"].astype(np.float64))


def combine_tags(tags: Linear, names: list[str], own: Linear) -> Linear:
    """All tags of the vocabulary from the same input.

    Parameters
    ----------
    tags : to musicnn's 150 logits
    names, own : the tags of a head of ours, and the map to them
    """
    columns = [_column(entry, tags, names, own) for entry in VOCABULARY]
    weight, bias = zip(*columns, strict=True)
    return Linear(np.stack(weight, axis=1), np.array(bias))


def _column(entry, tags: Linear, names: list[str], own: Linear) -> tuple[np.ndarray, float]:
    if not entry.positive:
        number = names.index(entry.full_name)
        return own.weight[:, number], own.bias[number]
    plus, minus = ([c for part in teacher_columns(side) for c in part] for side in (entry.positive, entry.negative))
    weight, bias = tags.weight[:, plus].mean(axis=1), tags.bias[plus].mean()
    if minus:
        return weight - tags.weight[:, minus].mean(axis=1), bias - tags.bias[minus].mean()
    return weight, bias


def accurate_heads(weights: dict[str, Weights], head: Head) -> Linear:
    """Raw embeddings of the accurate networks -> logits of every tag."""
    own = Linear(head.weight.astype(np.float64), head.bias.astype(np.float64))
    return combine_tags(musicnn_tags(weights), head.info.tagset.names(), standardisation(head).then(own))


def small_heads(weights: dict[str, Weights], head: Head, into: Linear) -> Linear:
    """Raw embeddings of the small network -> logits of every tag.

    What its own head does not know is read from its embedding mapped `into` the standardised accurate one.
    """
    back = Linear(np.diag(head.std.astype(np.float64)), head.mean.astype(np.float64))
    mapped = standardisation(head).then(into).then(back).then(musicnn_tags(weights))
    return combine_tags(mapped, starter().tagset.names(), starter_head())
