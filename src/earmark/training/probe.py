"""A small head on the frozen embedding of any model file: one's own classes from a few dozen labels, in seconds.

The strength of its penalty is chosen on held-out groups, then the head is fitted again on every row given, and
what comes out is a model file like any other: the backbone with the head in place of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from earmark.errors import ConfigError, DataError, ModelError
from earmark.files import whole_file
from earmark.progress import Progress, silent
from earmark.tagger.model import Model, ModelInfo
from earmark.tagger.tagset import TagGroup
from earmark.training.calibrate import calibrate, restore_scale
from earmark.training.export import put_info
from earmark.training.objective import Objective

STAGE = "embeddings"
STEPS = 8  # embeddings of one track that a head with a hidden layer learns from


@dataclass(frozen=True)
class ProbeSettings:
    """The head and how it is chosen.

    Attributes
    ----------
    hidden : units of a hidden layer; 0 is a linear head
    strengths : penalties on the squared weights to choose from, per row
    folds : of the grouped cross-validation where the manifest has no valid part
    """

    hidden: int = 0
    strengths: tuple[float, ...] = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
    folds: int = 5

    def __post_init__(self) -> None:
        if self.hidden < 0 or self.folds < 2 or not self.strengths or min(self.strengths) <= 0:
            raise ConfigError("[probe]", f"impossible: {self}", "Give hidden >= 0, folds >= 2, strengths above 0.")


@dataclass(frozen=True)
class Head:
    """A fitted head on raw embeddings.

    Attributes
    ----------
    layers : weights float32 [n_in, n_out] and bias float32 [n_out] of each layer, with ReLU between layers
    """

    layers: tuple[tuple[np.ndarray, np.ndarray], ...]

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Embeddings float32 [..., dim] -> logits float32 [..., n_tags]."""
        for k, (weight, bias) in enumerate(self.layers):
            x = (np.maximum(x, 0) if k else x) @ weight + bias
        return x


@dataclass(frozen=True)
class ProbeResult:
    """A fitted head and its figures on held-out rows, which the fits that these come from did not use.

    Attributes
    ----------
    group : names of the targets, calibrated on the held-out rows
    strength : the penalty that was chosen
    merit : name of the figure of merit, and its value for that penalty
    merits : its value for every penalty
    held_out : float32 [n_rows, n], logits; NaN in rows that were in no held-out part
    """

    head: Head
    group: TagGroup
    strength: float
    merit: tuple[str, float]
    merits: dict[float, float]
    held_out: np.ndarray


def embed_tracks(
    model: Model, spectrograms: Sequence[np.ndarray], steps: int = 1, progress: Progress = silent
) -> np.ndarray:
    """Embeddings of tracks.

    Parameters
    ----------
    spectrograms : [n_frames, n_mels] of each track, by the model's front end
    steps : equal parts of a track
    progress : is called with the stage ``embeddings`` and counts tracks

    Returns
    -------
    float32 [n_tracks, steps, dim], the mean over each part
    """
    found = []
    progress(STAGE, 0, len(spectrograms))
    for S in spectrograms:
        embedding = model.run(np.asarray(S, np.float32)).embedding  # (n, dim)
        edges = np.linspace(0, len(embedding), steps + 1)
        spans = [(int(a), max(int(np.ceil(b)), int(a) + 1)) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        found.append([embedding[a:b].mean(axis=0) for a, b in spans])
        progress(STAGE, len(found), len(spectrograms))
    return np.asarray(found, np.float32)


def fit_probe(
    x: np.ndarray,
    values: np.ndarray,
    group: TagGroup,
    settings: ProbeSettings,
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
    seed: int = 0,
) -> ProbeResult:
    """Choose the penalty on held-out parts, then fit on every row.

    Parameters
    ----------
    x : float32 [n_rows, steps, dim], embeddings
    values : float32 [n_rows, n]: one-hot for ``exclusive``, 0..1 for ``independent``, numbers for ``value``
    group : names and kind of the targets
    parts : pairs of rows to fit on and rows to choose on: the folds, or the one pair train and valid
    seed : of the initial weights of a hidden layer

    Raises DataError where a class has no row in one of the parts to fit on.
    """
    objective = Objective.of(group.kind, values)
    y = objective.standardise(values)
    held = np.full((len(settings.strengths), *y.shape), np.nan, np.float32)
    for fit_rows, held_rows in parts:
        _check_part(group, y, fit_rows)
        for k, head in enumerate(fit_path(x[fit_rows], y[fit_rows], objective, settings, seed)):
            held[k, held_rows] = head(x[held_rows]).mean(axis=1)
    rows = np.flatnonzero(np.isfinite(held[0]).all(axis=1))
    best = int(np.argmin([_loss(objective, z[rows], y[rows]) for z in held]))
    merits = [objective.merit(z[rows], y[rows]) for z in held]
    first = best if settings.hidden else 0
    chosen = replace(settings, strengths=settings.strengths[first : best + 1])
    head = fit_path(x, y, objective, chosen, seed)[-1]
    group = restore_scale(group, objective)
    group = calibrate(group, held[best, rows], values[rows]) if group.kind != "value" else group
    by_strength = {s: m[1] for s, m in zip(settings.strengths, merits, strict=True)}
    return ProbeResult(head, group, settings.strengths[best], merits[best], by_strength, held[best])


def fit_path(x: np.ndarray, y: np.ndarray, objective: Objective, settings: ProbeSettings, seed: int) -> list[Head]:
    """One head for each penalty of ``settings.strengths``, in their order. Arrays as in `fit_probe`.

    A linear head begins where the last one ended; one with a hidden layer begins afresh, since a strong penalty leaves
    it at zero, where no gradient leads away.
    """
    flat = x.reshape(-1, x.shape[-1])
    centre, spread = flat.mean(axis=0), np.maximum(flat.std(axis=0), 1e-6)
    network, heads = None, []
    inputs, targets = torch.from_numpy((x - centre) / spread), torch.from_numpy(y)
    for strength in settings.strengths:
        if network is None or settings.hidden:
            torch.manual_seed(seed)
            network = _network(x.shape[-1], y.shape[-1], settings.hidden)
        _minimise(network, inputs, targets, objective, strength)
        heads.append(_fold_standardisation(network, centre, spread))
    return heads


def _network(dim: int, n_tags: int, hidden: int) -> nn.Sequential:
    if not hidden:
        linear = nn.Linear(dim, n_tags)
        nn.init.zeros_(linear.weight)  # the linear problem has one minimum, whatever the seed
        nn.init.zeros_(linear.bias)
        return nn.Sequential(linear)
    return nn.Sequential(nn.Linear(dim, hidden), nn.ReLU(), nn.Linear(hidden, n_tags))


def _minimise(network: nn.Module, x: torch.Tensor, y: torch.Tensor, objective: Objective, strength: float) -> None:
    optimiser = torch.optim.LBFGS(
        network.parameters(), max_iter=60, history_size=10, tolerance_grad=1e-5, line_search_fn="strong_wolfe"
    )
    weights = [layer.weight for layer in network if isinstance(layer, nn.Linear)]

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        penalty = 0.5 * strength / y.shape[1] * sum(w.square().sum() for w in weights)
        loss = objective.loss(network(x), y) + penalty
        loss.backward()
        return loss

    optimiser.step(closure)


def _fold_standardisation(network: nn.Sequential, centre: np.ndarray, spread: np.ndarray) -> Head:
    """The layers, with the standardisation of the embedding folded into the first one."""
    pairs = [(m.weight.detach().numpy().T.copy(), m.bias.detach().numpy().copy())
             for m in network if isinstance(m, nn.Linear)]  # fmt: skip
    weight, bias = pairs[0]
    first = (weight / spread[:, None], bias - (centre / spread) @ weight)
    return Head(tuple((w.astype(np.float32), b.astype(np.float32)) for w, b in (first, *pairs[1:])))


def _loss(objective: Objective, logits: np.ndarray, y: np.ndarray) -> float:
    return float(objective.loss(torch.from_numpy(logits)[:, None], torch.from_numpy(y)))


def _check_part(group: TagGroup, y: np.ndarray, rows: np.ndarray) -> None:
    if group.kind != "exclusive":
        return
    absent = [tag for tag, count in zip(group.tags, y[rows].sum(axis=0), strict=True) if count == 0]
    if absent:
        remedy = "Add songs of these classes, or give a column `split` or `fold` that spreads them."
        raise DataError(f"target {group.name!r}", f"no row to learn {', '.join(absent)} from", remedy)


# ---------------------------------------------------------------- the model file


def export_probe(backbone: Path, head: Head, info: ModelInfo, path: Path) -> None:
    """Write the model file of a probe.

    It is the backbone with `head` in place of its own; or, for a combination of networks, the head alone, which reads
    the embedding of the model that ``info.backbone`` names.

    Parameters
    ----------
    backbone : a model file with the output ``embedding``
    info : goes into the metadata as it is
    path : replaced only when the file is complete

    Raises ModelError where the embedding cannot be cut out of the backbone.
    """
    model = _embedding_alone(head.layers[0][0].shape[0]) if info.backbone else _cut_off(backbone)
    _put_head(model.graph, head)
    if info.backbone:
        del model.graph.output[1:]
    put_info(model, info)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as draft:
        onnx.save(model, draft)


def _cut_off(backbone: Path) -> onnx.ModelProto:
    """The network of a model file up to its embedding."""
    try:
        return onnx.utils.Extractor(onnx.load(backbone)).extract_model(["mel"], ["embedding"])
    except Exception as error:  # onnx raises ValueError, KeyError or its own checker's error
        raise ModelError(backbone, f"its embedding cannot be cut out ({error})", "Use another backbone.") from error


def _embedding_alone(dim: int) -> onnx.ModelProto:
    """A network that begins with an embedding [batch, steps, dim]."""
    shape = ["batch", "steps", dim]
    embedding = onnx.helper.make_tensor_value_info("embedding", onnx.TensorProto.FLOAT, shape)
    graph = onnx.helper.make_graph([], "head", [embedding], [embedding])
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)


def _put_head(graph: onnx.GraphProto, head: Head) -> None:
    """Add the layers of `head` after the tensor ``embedding``, and the output ``logits`` before all others."""
    last = "embedding"
    for k, (weight, bias) in enumerate(head.layers):
        if k:
            graph.node.append(onnx.helper.make_node("Relu", [last], [f"probe_relu_{k}"]))
            last = f"probe_relu_{k}"
        out = "logits" if k == len(head.layers) - 1 else f"probe_dense_{k}"
        graph.initializer.append(onnx.numpy_helper.from_array(weight, f"probe_weight_{k}"))
        graph.initializer.append(onnx.numpy_helper.from_array(bias, f"probe_bias_{k}"))
        graph.node.append(onnx.helper.make_node("MatMul", [last, f"probe_weight_{k}"], [f"probe_product_{k}"]))
        graph.node.append(onnx.helper.make_node("Add", [f"probe_product_{k}", f"probe_bias_{k}"], [out]))
        last = out
    shape = ["batch", "steps", head.layers[-1][1].shape[0]]
    graph.output.insert(0, onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, shape))
