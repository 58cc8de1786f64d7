"""One training from a recipe and a manifest to a folder that the runtime can use: what `earmark train` runs.

The folder gets model.onnx, last.ckpt (and best.ckpt), metrics.csv, curves.png, recipe.toml and split.csv.
"""

import csv
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from earmark.errors import DataError
from earmark.model import ModelInfo, load_model
from earmark.tagset import TagGroup, Tagset
from earmark.training.batches import Arrays, Clips, predict
from earmark.training.cache import FeatureCache
from earmark.training.calibrate import calibrate
from earmark.training.checkpoint import passport
from earmark.training.datasets.manifest import Manifest, Targets, read_manifest, read_targets
from earmark.training.export import export_onnx, export_series, with_frames
from earmark.training.fit import fit, resumable
from earmark.training.networks import build_network
from earmark.training.objective import Objective
from earmark.training.probe import STEPS as PROBE_STEPS
from earmark.training.probe import ProbeResult, embed_tracks, export_probe, fit_probe
from earmark.training.recipe import Recipe, to_toml
from earmark.training.sampling import class_weights, draw_rows, parse_balance, positive_weights
from earmark.training.series import LyricsCode, read_songs, save_lyrics_code, series_inputs
from earmark.training.splits import Split, folds_of, split_of

MODEL_FILE = "model.onnx"


def cache_dir() -> Path:
    """Where spectrograms are kept between trainings: ``EARMARK_CACHE``, else the user's cache folder."""
    if "EARMARK_CACHE" in os.environ:
        return Path(os.environ["EARMARK_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "earmark" / "features"


@dataclass(frozen=True)
class RunOptions:
    """What a training needs from its surroundings.

    Attributes
    ----------
    backbone : model file whose embedding a probe stands on
    workers : processes that compute spectrograms
    accelerator : ``auto``, ``cpu`` or ``gpu``
    log : is told what happens, a line at a time
    """

    backbone: Path | None = None
    cache: Path = field(default_factory=cache_dir)
    workers: int = 1
    accelerator: str = "auto"
    progress: bool = False
    log: Callable[[str], None] = lambda line: None


@dataclass(frozen=True)
class Trained:
    """What came out: the model file, the figures of each held-out part, and who was in which part."""

    model: Path
    metrics: dict
    split: Split
    history: list[dict]


def train(
    recipe: Recipe, data: str | Path, columns: list[str], out: str | Path, run: RunOptions, kind: str | None = None
) -> Trained:
    """Train from a manifest; continues where `out` holds an interrupted training of the same kind.

    Raises
    ------
    DataError : whatever is wrong with manifest, targets, recipe or folder, before any training begins
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise DataError(out, "is a file", "Give a folder to write to.")
    if recipe.family == "series":
        if len(columns) != 1:
            raise DataError(",".join(columns), "the Million Song networks learn one column", "Give one --target.")
        return train_series(recipe, data, columns[0], out, run)
    manifest = read_manifest(data)
    targets = read_targets(manifest, columns, kind)
    group = TagGroup(columns[0] if len(columns) == 1 and targets.kind == "exclusive" else "tags", targets.names,
                     targets.kind)  # fmt: skip
    if recipe.family == "probe":
        return train_probe(recipe, manifest, targets, group, out, run)
    return train_network(recipe, manifest, targets, group, out, run)


# ---------------------------------------------------------------- audio networks


def train_network(
    recipe: Recipe, manifest: Manifest, targets: Targets, group: TagGroup, out: Path, run: RunOptions,
    split: Split | None = None,
) -> Trained:  # fmt: skip
    """Train an audio network; `split` replaces the manifest's own or the grouped one."""
    split = split or split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    torch.manual_seed(recipe.train.seed)
    n_mels = recipe.features.n_mels
    network = build_network(recipe.network, n_mels, len(targets.names), recipe.options)
    cache = _features(manifest, recipe.features, run)
    objective = _objective(recipe, targets, split)
    clips = Clips(
        cache, objective.standardise(targets.values), recipe.features, _crop_frames(recipe, network),
        network.patch_frames, network.min_frames, recipe.augment,
    )  # fmt: skip
    info = with_frames(_info(recipe, manifest, group), network)
    carried = passport(recipe.network, n_mels, len(targets.names), recipe.options, info, _settings(recipe, split))
    _begin(out, recipe, manifest, split, run, carried)
    network, history = fit(
        network, objective, clips, _order(recipe, targets, split), split.valid, recipe.train, out, carried,
        run.accelerator, run.progress,
    )  # fmt: skip
    info = _finished(info, recipe, manifest, network, objective, clips, targets, split)
    difference = export_onnx(network, info, out / MODEL_FILE)
    run.log(f"model file and network agree to {difference:.1e}")
    return Trained(out / MODEL_FILE, info.metrics, split, history)


def _crop_frames(recipe: Recipe, network: torch.nn.Module) -> int:
    frames = round(recipe.crop_seconds * recipe.features.frame_rate)
    if frames < network.min_frames:
        least = network.min_frames / recipe.features.frame_rate
        raise DataError("data.crop_seconds", f"{recipe.crop_seconds} s is too short", f"Give at least {least:.2f} s.")
    return frames


def _objective(recipe: Recipe, targets: Targets, split: Split) -> Objective:
    weights = None
    if parse_balance(recipe.balance).method == "weights":
        weigh = positive_weights if targets.kind == "independent" else class_weights
        weights = weigh(targets, split.train)
    return Objective.of(targets.kind, targets.values[split.train], weights)


def _order(recipe: Recipe, targets: Targets, split: Split):
    """The training rows of an epoch, balanced as the recipe says."""
    balance = parse_balance(recipe.balance)
    return lambda rng: draw_rows(targets, split.train, balance, int(rng.integers(2**31)))


def _finished(info, recipe, manifest, network, objective, examples, targets, split) -> ModelInfo:
    """`info` with what is known after training: calibration from the valid part, figures, an id of its own."""
    group = info.tagset.groups[0]
    metrics = {}
    for part in ("valid", "test"):
        rows = getattr(split, part)
        if not len(rows):
            continue
        logits, _ = predict(network, examples, rows)
        metrics[part] = figures(objective, logits, examples.y[rows])
        if part == "valid" and targets.kind != "value":
            group = calibrate(group, logits, targets.values[rows])
    if targets.kind == "value":
        group = replace(group, scale=tuple(map(float, objective.spread)), bias=tuple(map(float, objective.centre)))
    weights = b"".join(value.numpy().tobytes() for value in network.state_dict().values())
    return replace(info, id=_id(recipe, manifest, weights), tagset=Tagset((group,)), metrics=metrics)


def figures(objective: Objective, logits: np.ndarray, y: np.ndarray) -> dict:
    """The figure of merit beside what answering the most frequent class would give."""
    name, value = objective.merit(logits, y)
    found = {"n": len(y), name: round(value, 4) if np.isfinite(value) else None}
    if objective.kind == "exclusive":
        found["majority_rate"] = round(float(y.mean(axis=0).max()), 4)
    return found


# ---------------------------------------------------------------- probes


def train_probe(
    recipe: Recipe, manifest: Manifest, targets: Targets, group: TagGroup, out: Path, run: RunOptions
) -> Trained:
    """Fit a head on a backbone's embedding; every row but the published test part is given to the last fit."""
    if run.backbone is None:
        raise DataError("recipe probe", "no backbone", "Give one with --model, e.g. --model default.")
    model = load_model(run.backbone)
    split = split_of(manifest, targets, recipe.train.seed)
    rows, parts = _probe_parts(recipe, manifest, targets, split)
    check_split(targets, Split(rows, split.valid, split.test, split.source))
    cache = _features(manifest, model.info.features, run)
    run.log(f"listening to {len(manifest)} clips with {model.info.id}")
    x = embed_tracks(model, cache, PROBE_STEPS if recipe.probe.hidden else 1)
    place = {row: k for k, row in enumerate(rows)}
    local = [tuple(np.array([place[i] for i in part]) for part in pair) for pair in parts]
    result = fit_probe(x[rows], targets.values[rows], group, recipe.probe, local, recipe.train.seed)
    history = [{"strength": s, result.merit[0]: m} for s, m in result.merits.items()]
    metrics = _probe_figures(result, targets, x, rows, split)
    given = _probe_split(rows, split)
    _begin(out, recipe, manifest, given, run)
    _write_rows(history, out / "metrics.csv")
    info = replace(
        _info(recipe, manifest, result.group, model.info), metrics=metrics, features=model.info.features,
        patch_frames=model.info.patch_frames, min_frames=model.info.min_frames,
        id=_id(recipe, manifest, model.info.id.encode() + b"".join(w.tobytes() for w, _ in result.head.layers)),
    )  # fmt: skip
    export_probe(run.backbone, result.head, info, out / MODEL_FILE)
    _check_probe(out / MODEL_FILE, model, cache[int(rows[0])], result)
    return Trained(out / MODEL_FILE, metrics, given, history)


def _probe_parts(recipe: Recipe, manifest: Manifest, targets: Targets, split: Split):
    """The rows to learn from, and the pairs (fit, choose) within them: the valid part if published, else folds."""
    rows = np.sort(np.concatenate([split.train, split.valid]))
    published = "split" in manifest.columns and "valid" in [x.lower() for x in manifest.column("split")]
    if split.source == "manifest split" and published:
        return rows, [(split.train, split.valid)]
    if split.source != "manifest split":  # no published test part: every row given is learned from
        rows = np.arange(len(manifest))
    inner = manifest.subset(rows)
    values = Targets(targets.kind, targets.names, targets.values[rows], targets.index[rows] if len(targets.index)
                     else targets.index)  # fmt: skip
    folds = folds_of(inner, values, recipe.probe.folds, recipe.train.seed)
    return rows, [(np.sort(rows[np.concatenate([f.train, f.valid])]), rows[f.test]) for f in folds]


def _probe_split(rows: np.ndarray, split: Split) -> Split:
    nobody = np.zeros(0, np.int64)
    test = split.test if split.source == "manifest split" else nobody
    return Split(rows, nobody, test, split.source)


def _probe_figures(result: ProbeResult, targets: Targets, x: np.ndarray, rows: np.ndarray, split: Split) -> dict:
    """Held-out figures; those of the chosen strength are a little flattering, a published test part is not."""
    objective = Objective.of(targets.kind, targets.values[rows])
    y = objective.standardise(targets.values)
    held = np.isfinite(result.held_out).all(axis=1)
    metrics = {"held_out": figures(objective, result.held_out[held], y[rows][held]) | {"strength": result.strength}}
    if split.source == "manifest split" and len(split.test):
        metrics["test"] = figures(objective, result.head(x[split.test]).mean(axis=1), y[split.test])
    return metrics


def _check_probe(path: Path, backbone, S: np.ndarray, result: ProbeResult) -> None:
    """The joined file must give what backbone and head give one after the other."""
    S = np.asarray(S, np.float32)
    before, after = backbone.run(S), load_model(path).run(S)
    difference = np.abs(result.head(before.embedding) - after.logits).max()
    if not difference <= 1e-3 * max(1.0, float(np.abs(after.logits).max())):
        raise DataError(path, f"differs from backbone and head by {difference:.2g}", "Report this backbone.")


# ---------------------------------------------------------------- the Million Song part


def train_series(recipe: Recipe, data: str | Path, column: str, out: Path, run: RunOptions) -> Trained:
    """Train a network of S3; its model file takes series and lyrics, so it cannot analyse sound."""
    songs, manifest, targets = read_songs(data, column, recipe.series.min_songs)
    split = split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    code = LyricsCode.of(songs, recipe.series.lyrics, split.train)
    objective = _objective(recipe, targets, split)
    examples = Arrays(series_inputs(songs, code, recipe.series.use), targets.values)
    n_lyrics = examples.inputs[1].shape[1]
    torch.manual_seed(recipe.train.seed)
    network = build_network(recipe.network, n_lyrics, len(targets.names), recipe.options)
    info = _info(recipe, manifest, TagGroup(column, targets.names, "exclusive"))
    carried = passport(recipe.network, n_lyrics, len(targets.names), recipe.options, info, _settings(recipe, split))
    _begin(out, recipe, manifest, split, run, carried)
    network, history = fit(
        network, objective, examples, _order(recipe, targets, split), split.valid, recipe.train, out, carried,
        run.accelerator, run.progress,
    )  # fmt: skip
    info = _finished(info, recipe, manifest, network, objective, examples, targets, split)
    save_lyrics_code(code, songs.words, out / "lyrics.npz")
    difference = export_series(network, info, examples.inputs, out / MODEL_FILE)
    run.log(f"model file and network agree to {difference:.1e}")
    return Trained(out / MODEL_FILE, info.metrics, split, history)


# ---------------------------------------------------------------- what all three share


def check_split(targets: Targets, split: Split) -> None:
    """Raise DataError for a class that the training part does not hold."""
    if targets.kind != "exclusive":
        return
    counts = np.bincount(targets.index[split.train], minlength=len(targets.names))
    absent = [name for name, count in zip(targets.names, counts, strict=True) if not count]
    if absent:
        problem = f"no row of {', '.join(absent)} is in the training part ({split.source})"
        raise DataError("target", problem, "Add songs of these classes, or spread them with a column `split`.")


def _features(manifest: Manifest, features, run: RunOptions) -> FeatureCache:
    run.log(f"spectrograms of {len(manifest)} clips (cache: {run.cache})")
    return FeatureCache.build(manifest, features, run.cache, run.workers)


def _info(recipe: Recipe, manifest: Manifest, group: TagGroup, backbone: ModelInfo | None = None) -> ModelInfo:
    data = [{"name": manifest.name, "rows": len(manifest), "licence": manifest.licence, "citation": manifest.citation,
             "version": manifest.version, "targets": list(group.tags)}]  # fmt: skip
    if backbone is not None:
        data = [*backbone.training_data, *data]
    description = f"Trained by the recipe {recipe.name} on {manifest.name}."
    licence = manifest.licence and f"trained on data under: {manifest.licence}"
    return ModelInfo(f"{recipe.name}-{manifest.name}", "1", Tagset((group,)), recipe.features,
                     training_data=data, licence=licence, description=description)  # fmt: skip


def _id(recipe: Recipe, manifest: Manifest, content: bytes) -> str:
    """Vectors are compared only within an id, so every training has one of its own."""
    return f"{recipe.name}-{manifest.name}-{hashlib.blake2b(content, digest_size=4).hexdigest()}"


def _settings(recipe: Recipe, split: Split) -> dict:
    """What must be equal for a training to go on: the recipe and who is in which part."""
    rows = json.dumps([part.tolist() for part in split.parts().values()])
    return {"recipe": json.loads(json.dumps(recipe.to_dict())),
            "split": hashlib.blake2b(rows.encode(), digest_size=8).hexdigest()}  # fmt: skip


def _begin(
    out: Path, recipe: Recipe, manifest: Manifest, split: Split, run: RunOptions, carried: dict | None = None
) -> None:
    """Write recipe.toml and split.csv, and say who is in which part; raises where `out` holds another training."""
    out.mkdir(parents=True, exist_ok=True)
    if carried and resumable(out, carried):
        run.log(f"going on with the training in {out}")
    (out / "recipe.toml").write_text(to_toml(recipe), encoding="utf-8")
    part_of = {int(i): part for part, rows in split.parts().items() for i in rows}
    _write_rows([{"path": manifest.rows[i]["path"], "part": part_of.get(i, "")} for i in range(len(manifest))],
                out / "split.csv")  # fmt: skip
    sizes = ", ".join(f"{len(rows)} {part}" for part, rows in split.parts().items() if len(rows))
    run.log(f"split ({split.source}): {sizes}")


def _write_rows(rows: list[dict], path: Path) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
