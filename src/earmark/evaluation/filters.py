"""The sound that activates each convolution filter of a model most: one sound file a filter.

After deepsound (Kozakowski & Michalak 2016): the moments of the data set with the strongest activation are mapped back
through pooling, convolution and STFT to samples, and the excerpts are joined.
"""

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from earmark import settings
from earmark.audio.decode import load_audio
from earmark.data.cache import FeatureCache
from earmark.data.manifest import Manifest
from earmark.data.read import read_manifest
from earmark.evaluation.convolutions import ConvolutionModel
from earmark.evaluation.evaluate import check_out
from earmark.evaluation.excerpts import excerpt_rate, join_excerpts, sound_suffix, write_sound
from earmark.evaluation.filters_page import write_index
from earmark.evaluation.layers import Filter, Layer, Moment
from earmark.evaluation.receptive import ReceptiveField, frames_to_samples
from earmark.files import whole_file
from earmark.progress import Progress, silent
from earmark.tagger.model import load_model, split_patches


@dataclass(frozen=True)
class FilterOptions:
    """How to export filters.

    Attributes
    ----------
    number : excerpts a filter, at most one from each file
    layers : only convolutions with one of these in their name; all where empty
    most : filters of a layer, from the first; None for all
    least_seconds, most_seconds : shorter excerpts are widened, longer ones cut, about their middle
    workers : processes that compute spectrograms, threads that run the model
    cache : folder that keeps spectrograms between runs
    progress : called with the stage, items done and items in all
    """

    number: int = 6
    layers: tuple[str, ...] = ()
    most: int | None = None
    least_seconds: float = 0.8
    most_seconds: float = 3.0
    workers: int = field(default_factory=settings.cores)
    cache: Path = field(default_factory=settings.CACHE.path)
    progress: Progress = silent


def export_filters(model_file: Path, data: str | Path, out: str | Path, options: FilterOptions) -> list[Layer]:
    """Write one sound file a filter, index.html and filters.json.

    Parameters
    ----------
    model_file : an ONNX file that `earmark.tagger.model.load_model` can load
    data : a manifest, or a folder with a folder a class
    out : folder to write to; made where it is missing

    Raises
    ------
    DataError : manifest or audio cannot be read (one error lists every file)
    ConfigError : no convolution bears the name in ``options.layers``
    ModelError : the model cannot be loaded or has no convolution
    FileError : `out` is a file
    """
    out = check_out(out)
    net = ConvolutionModel.open(load_model(model_file), options.layers)
    manifest, cfg = read_manifest(data), net.model.info.features
    cache = FeatureCache.build(manifest, cfg, options.cache, options.workers, options.progress)
    peaks = find_peaks(net, cache, options)
    layers = [_layer(net, tensor, manifest, cache, peaks[tensor], options) for tensor in net.tensors]
    out.mkdir(parents=True, exist_ok=True)
    layers = write_sounds(layers, manifest, excerpt_rate(cfg.sr), out, options)
    with whole_file(out / "filters.json") as draft:
        draft.write_text(json.dumps([asdict(layer) for layer in layers], indent=1), encoding="utf-8")
    write_index(net.model, manifest, layers, out / "index.html")
    return layers


# ---------------------------------------------------------------- the moments


@dataclass(frozen=True)
class Peaks:
    """The strongest activation of each filter in each row, and the frames of the row that it depends on.

    Attributes
    ----------
    value : float32 [n_rows, n_filters]
    start, end : int64 [n_rows, n_filters], first frame and the one after the last
    """

    value: np.ndarray
    start: np.ndarray
    end: np.ndarray


def find_peaks(net: ConvolutionModel, cache: FeatureCache, options: FilterOptions) -> dict[str, Peaks]:
    """The strongest moment of every filter in every row, by tensor; rows run in parallel threads."""
    rows = []
    with ThreadPoolExecutor(options.workers) as pool:
        for done, row in enumerate(pool.map(lambda i: row_peaks(net, cache[i]), range(len(cache))), start=1):
            rows.append(row)
            options.progress("filters", done, len(cache))
    return {
        tensor: Peaks(*(np.stack([row[k][part] for row in rows]) for part in range(3)))
        for k, tensor in enumerate(net.tensors)
    }


def row_peaks(net: ConvolutionModel, S: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The strongest moment of every filter in one spectrogram.

    Parameters
    ----------
    S : [n_frames, n_mels]

    Returns
    -------
    Per tensor: activation float32, first frame and the frame after the last int64, each [n_filters]
    """
    info, best, offset = net.model.info, [], 0
    n_frames = len(S)
    for patch in split_patches(np.asarray(S, np.float32), info.patch_frames, info.min_frames):
        found = [
            _patch_peaks(values, f, len(patch), offset, n_frames)
            for values, f in zip(net.activations(patch), net.tensors.values(), strict=True)
        ]
        best = [_stronger(a, b) for a, b in zip(best, found, strict=True)] if best else found
        offset += len(patch)
    return best


def _patch_peaks(values: np.ndarray, f: ReceptiveField, length: int, offset: int, n_frames: int):
    """The strongest place of each filter in a patch of `length` frames that begins at frame `offset` of the row."""
    place = values.argmax(axis=0)
    spans = {i: f.frames(i, length) for i in set(place.tolist())}
    start, end = (np.array([offset + spans[i][side] for i in place.tolist()]) for side in (0, 1))
    return values.max(axis=0), np.minimum(start, n_frames - 1), np.minimum(end, n_frames)


def _stronger(a, b):
    better = b[0] > a[0]
    return tuple(np.where(better, new, old) for old, new in zip(a, b, strict=True))


def _layer(
    net: ConvolutionModel, tensor: str, manifest: Manifest, cache: FeatureCache, peaks: Peaks, options: FilterOptions
) -> Layer:
    cfg, seen = net.model.info.features, net.tensors[tensor]
    filters = []
    for index in range(peaks.value.shape[1])[: options.most]:
        value = peaks.value[:, index]
        reacts = np.ptp(value) > 0 or len(cache) == 1
        strongest = np.argsort(-value, kind="stable")[: options.number] if reacts else []
        moments = [_moment(manifest, cache, peaks, int(row), index) for row in strongest]
        filters.append(Filter(index, tuple(moments)))
    patch = net.model.info.patch_frames
    frames = patch if seen.axis is None else min(seen.extent, patch)
    return Layer(tensor, seen, (frames - 1) / cfg.frame_rate + cfg.n_fft / cfg.sr, tuple(filters))


def _moment(manifest: Manifest, cache: FeatureCache, peaks: Peaks, row: int, index: int) -> Moment:
    cfg = cache.feature_config
    frames = (int(peaks.start[row, index]), int(peaks.end[row, index]))
    a, b = frames_to_samples(frames, cfg.hop_length, cfg.n_fft, round(cache.entries[row].duration * cfg.sr))
    span = round(a / cfg.sr, 4), round(b / cfg.sr, 4)
    return Moment(manifest.rows[row]["path"], row, *span, float(peaks.value[row, index]))


# ---------------------------------------------------------------- the sounds


def write_sounds(layers: list[Layer], manifest: Manifest, sr: int, out: Path, options: FilterOptions) -> list[Layer]:
    """Write one sound file a filter at `sr` Hz; returns the layers with their `file` filled in.

    Each recording is decoded once; raises AudioError where one cannot be.
    """
    rows = sorted({m.row for layer in layers for f in layer.filters for m in f.moments})
    with tempfile.TemporaryDirectory() as folder:
        signals = _decode(manifest, rows, sr, Path(folder), options)
        written = []
        for k, layer in enumerate(layers):
            (out / f"layer{k:02d}").mkdir(exist_ok=True)
            with ThreadPoolExecutor(options.workers) as pool:
                filters = pool.map(lambda f, k=k: _write_filter(f, k, signals, sr, out, options), layer.filters)
                written.append(replace(layer, filters=tuple(filters)))
            options.progress("sounds", k + 1, len(layers))
    return written


def _write_filter(f: Filter, layer: int, signals: dict, sr: int, out: Path, options: FilterOptions) -> Filter:
    if not f.moments:
        return f
    name = f"layer{layer:02d}/filter{f.index:03d}{sound_suffix()}"
    spans = [(signals[m.row], m.start, m.end) for m in f.moments]
    write_sound(out / name, join_excerpts(spans, sr, options.least_seconds, options.most_seconds), sr)
    return replace(f, file=name)


def _decode(manifest: Manifest, rows: list[int], sr: int, folder: Path, options: FilterOptions) -> dict:
    """Row -> int16 [n_samples], memory-mapped: a data set does not fit into memory, its excerpts do."""
    paths = manifest.paths()

    def decode(row: int) -> np.ndarray:
        y = load_audio(paths[row], sr).y
        np.save(folder / f"{row}.npy", np.round(np.clip(y, -1, 1) * 32767).astype(np.int16))
        return np.load(folder / f"{row}.npy", mmap_mode="r")

    found = {}
    with ThreadPoolExecutor(options.workers) as pool:
        for row, signal in zip(rows, pool.map(decode, rows), strict=True):
            found[row] = signal
            options.progress("decoding", len(found), len(rows))
    return found
