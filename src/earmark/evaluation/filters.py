"""What every convolution filter of a model listens to: the moments of the data that activate it most, as sound.

After deepsound (2016): each such moment is mapped back through pooling, convolution and STFT to samples, and the
excerpts are joined into one file a filter.
"""

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import onnx

from earmark import settings
from earmark.data.cache import FeatureCache
from earmark.data.manifest import Manifest
from earmark.data.read import read_manifest
from earmark.errors import DataError, ModelError
from earmark.evaluation.evaluate import check_out
from earmark.evaluation.excerpts import join, listening_rate, suffix, write_sound
from earmark.evaluation.predict import default_workers
from earmark.evaluation.receptive import POINTWISE, Field, receptive_fields, samples_of
from earmark.tagger.model import Model, load_model, split_patches
from earmark.tagger.session import open_session


@dataclass(frozen=True)
class FilterOptions:
    """How to listen.

    Attributes
    ----------
    number : excerpts a filter, at most one from each file
    layers : only convolutions with one of these in their name; all where empty
    most : filters of a layer, from the first; None for all
    least_seconds, most_seconds : shorter excerpts are widened, longer ones cut, about their middle
    """

    number: int = 6
    layers: tuple[str, ...] = ()
    most: int | None = None
    least_seconds: float = 0.8
    most_seconds: float = 3.0
    workers: int = field(default_factory=default_workers)
    cache: Path = field(default_factory=settings.CACHE.path)
    progress: Callable[[str, int, int], None] = lambda what, done, n: None


@dataclass(frozen=True)
class Moment:
    """One excerpt: `seconds` from `start` to `end` of a file are all that the activation depends on."""

    path: str
    row: int
    start: float
    end: float
    activation: float


@dataclass(frozen=True)
class Filter:
    """One filter and its moments, strongest first; `file` is relative to the output folder, "" for a silent filter."""

    index: int
    moments: tuple[Moment, ...]
    file: str = ""


@dataclass(frozen=True)
class Layer:
    """One convolution: the name of its tensor, the frames that it sees, and its filters."""

    name: str
    field: Field
    seconds: float
    filters: tuple[Filter, ...]


def hear_filters(model_file: Path, data: str | Path, out: str | Path, options: FilterOptions) -> list[Layer]:
    """Write one sound file a filter, index.html and filters.json.

    Raises
    ------
    DataError : manifest or audio cannot be read (one error lists every file), or no convolution bears the name
    ModelError : the model has no convolution
    """
    from earmark.evaluation.filters_page import write_index

    out = check_out(out)
    model = load_model(model_file)
    manifest = read_manifest(data)
    probe = Probe.of(model, options.layers)
    cache = FeatureCache.build(manifest, model.info.features, options.cache, options.workers, options.progress)
    peaks = find_peaks(probe, cache, options)
    layers = [_layer(probe, tensor, manifest, cache, peaks[tensor], options) for tensor in probe.tensors]
    out.mkdir(parents=True, exist_ok=True)
    layers = write_sounds(layers, manifest, listening_rate(model.info.features.sr), out, options)
    (out / "filters.json").write_text(json.dumps([asdict(layer) for layer in layers], indent=1), encoding="utf-8")
    write_index(model, manifest, layers, out / "index.html")
    return layers


# ---------------------------------------------------------------- inside the network


class Probe:
    """A model whose convolutions can be read: every one of them is an output."""

    def __init__(self, model: Model, session, tensors: dict[str, Field]) -> None:
        self.model, self.session, self.tensors = model, session, tensors

    @classmethod
    def of(cls, model: Model, wanted: tuple[str, ...] = ()) -> "Probe":
        """Open up a model file; raises ModelError without a convolution, DataError where none bears a wanted name."""
        graph_model = onnx.load(model.path)
        graph = graph_model.graph
        tensors = convolutions(graph)
        if not tensors:
            raise ModelError(model.path, "no convolution in it", "Its filters cannot be heard: give another model.")
        chosen = [name for name in tensors if not wanted or any(part in name for part in wanted)]
        if not chosen:
            raise DataError(f"--layer {', '.join(wanted)}", "no such convolution", f"There are {', '.join(tensors)}.")
        frames = model.info.patch_frames
        everything = [name for node in graph.node for name in node.output if name]
        mel = np.zeros((1, frames, model.info.features.n_mels), np.float32)
        values = _session(graph_model, everything).run(everything, {"mel": mel})
        shapes = {name: np.shape(value) for name, value in zip(everything, values, strict=True)}
        shapes |= {entry.name: tuple(entry.dims) for entry in graph.initializer} | {"mel": mel.shape}
        fields = receptive_fields(graph, shapes)
        return cls(model, _session(graph_model, chosen), {name: fields[name] for name in chosen})

    def activations(self, patch: np.ndarray) -> list[np.ndarray]:
        """For each tensor the strongest value of every filter at every place, float32 [n_places, n_filters]."""
        values = self.session.run(list(self.tensors), {"mel": patch[None]})
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
        while len(users.get(name, [])) == 1 and _follows(users[name][0]):
            name = users[name][0].output[0]
        found.append(name)
    return found


def _follows(node: onnx.NodeProto) -> bool:
    """A step that changes each value by itself, with no other tensor coming in."""
    return node.op_type in POINTWISE - {"Add", "Sub", "Mul", "Div", "Sum", "Max", "Min"}


def _session(model: onnx.ModelProto, outputs: list[str]):
    """An ONNX Runtime session whose outputs are these tensors."""
    opened = onnx.ModelProto()
    opened.CopyFrom(model)
    del opened.graph.output[:]
    opened.graph.output.extend(onnx.ValueInfoProto(name=name) for name in outputs)
    return open_session(opened.SerializeToString())


def _over_time(value: np.ndarray, axis: int | None) -> np.ndarray:
    """[1, n_filters, ...] -> [n_places, n_filters]: the maximum over all axes but time."""
    if axis is None:
        return value.reshape(value.shape[0] * value.shape[1], -1).max(axis=1)[None]
    others = tuple(k for k in range(2, value.ndim) if k != axis)
    return value.max(axis=others)[0].T if others else value[0].T


# ---------------------------------------------------------------- the moments


@dataclass(frozen=True)
class Peaks:
    """Per row and filter the strongest activation, and the frames [start, end) of the row that it depends on."""

    value: np.ndarray
    start: np.ndarray
    end: np.ndarray


def find_peaks(probe: Probe, cache: FeatureCache, options: FilterOptions) -> dict[str, Peaks]:
    """The strongest moment of every filter in every row; rows run in parallel threads."""
    rows = []
    with ThreadPoolExecutor(options.workers) as pool:
        for done, row in enumerate(pool.map(lambda i: row_peaks(probe, cache[i]), range(len(cache))), start=1):
            rows.append(row)
            options.progress("filters", done, len(cache))
    return {
        tensor: Peaks(*(np.stack([row[k][part] for row in rows]) for part in range(3)))
        for k, tensor in enumerate(probe.tensors)
    }


def row_peaks(probe: Probe, S: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Per tensor: activation float32, first frame and frame after the last int64, each [n_filters].

    Parameters
    ----------
    S : [n_frames, n_mels]
    """
    info, best, offset = probe.model.info, [], 0
    n_frames = len(S)
    for patch in split_patches(np.asarray(S, np.float32), info.patch_frames, info.min_frames):
        found = [
            _patch_peaks(values, f, len(patch), offset, n_frames)
            for values, f in zip(probe.activations(patch), probe.tensors.values(), strict=True)
        ]
        best = [_stronger(a, b) for a, b in zip(best, found, strict=True)] if best else found
        offset += len(patch)
    return best


def _patch_peaks(values: np.ndarray, f: Field, length: int, offset: int, n_frames: int):
    """The strongest place of each filter in one patch, as frames of the row."""
    place = values.argmax(axis=0)
    spans = {i: f.frames(i, length) for i in set(place.tolist())}
    start, end = (np.array([offset + spans[i][side] for i in place.tolist()]) for side in (0, 1))
    return values.max(axis=0), np.minimum(start, n_frames - 1), np.minimum(end, n_frames)


def _stronger(a, b):
    better = b[0] > a[0]
    return tuple(np.where(better, new, old) for old, new in zip(a, b, strict=True))


def _layer(
    probe: Probe, tensor: str, manifest: Manifest, cache: FeatureCache, peaks: Peaks, options: FilterOptions
) -> Layer:
    cfg, seen = probe.model.info.features, probe.tensors[tensor]
    filters = []
    for index in range(peaks.value.shape[1])[: options.most]:
        strongest = np.argsort(-peaks.value[:, index], kind="stable")[: options.number]
        moments = []
        for row in strongest.tolist() if np.ptp(peaks.value[:, index]) > 0 or len(cache) == 1 else []:
            span = (int(peaks.start[row, index]), int(peaks.end[row, index]))
            a, b = samples_of(span, cfg.hop_length, cfg.n_fft, round(cache.entries[row].duration * cfg.sr))
            value = float(peaks.value[row, index])
            moments.append(Moment(manifest.rows[row]["path"], row, round(a / cfg.sr, 4), round(b / cfg.sr, 4), value))
        filters.append(Filter(index, tuple(moments)))
    patch = probe.model.info.patch_frames
    frames = patch if seen.axis is None else min(seen.extent, patch)
    return Layer(tensor, seen, (frames - 1) / cfg.frame_rate + cfg.n_fft / cfg.sr, tuple(filters))


# ---------------------------------------------------------------- the sounds


def write_sounds(layers: list[Layer], manifest: Manifest, sr: int, out: Path, options: FilterOptions) -> list[Layer]:
    """One sound file a filter; returns the layers with their `file` filled in. Each file is decoded once."""
    rows = sorted({m.row for layer in layers for f in layer.filters for m in f.moments})
    with tempfile.TemporaryDirectory() as folder:
        signals = _decode(manifest, rows, sr, Path(folder), options)
        written = []
        for k, layer in enumerate(layers):
            (out / f"layer{k:02d}").mkdir(exist_ok=True)
            with ThreadPoolExecutor(options.workers) as pool:
                filters = pool.map(lambda f, k=k: _write_filter(f, k, signals, sr, out, options), layer.filters)
                written.append(Layer(layer.name, layer.field, layer.seconds, tuple(filters)))
            options.progress("sounds", k + 1, len(layers))
    return written


def _write_filter(f: Filter, layer: int, signals: dict, sr: int, out: Path, options: FilterOptions) -> Filter:
    if not f.moments:
        return f
    name = f"layer{layer:02d}/filter{f.index:03d}{suffix()}"
    spans = [(signals[m.row], m.start, m.end) for m in f.moments]
    write_sound(out / name, join(spans, sr, options.least_seconds, options.most_seconds), sr)
    return Filter(f.index, f.moments, name)


def _decode(manifest: Manifest, rows: list[int], sr: int, folder: Path, options: FilterOptions) -> dict:
    """Row -> int16 [n_samples], memory-mapped: a data set does not fit into memory, its excerpts do."""
    from earmark.audio.decode import load_audio

    paths = manifest.paths()

    def one(row: int):
        y = load_audio(paths[row], sr).y
        np.save(folder / f"{row}.npy", np.round(np.clip(y, -1, 1) * 32767).astype(np.int16))
        return np.load(folder / f"{row}.npy", mmap_mode="r")

    found = {}
    with ThreadPoolExecutor(options.workers) as pool:
        for row, signal in zip(rows, pool.map(one, rows), strict=True):
            found[row] = signal
            options.progress("decoding", len(found), len(rows))
    return found
