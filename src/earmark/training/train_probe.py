"""Training a probe: a manifest, any model file, and a head that is fitted in seconds."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.splits import Split, folds_of, split_of
from earmark.data.targets import Targets
from earmark.errors import ConfigError, ModelError
from earmark.tagger.combined import Combined
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import BUNDLED, bundled
from earmark.tagger.tagset import TagGroup
from earmark.training.objective import Objective
from earmark.training.outputs import (
    MODEL_FILE,
    RunOptions,
    Trained,
    cached_spectrograms,
    check_split,
    describe_model,
    figures,
    model_id,
    prepare_folder,
    write_rows,
)
from earmark.training.probe import STEPS, ProbeResult, embed_tracks, export_probe, fit_probe
from earmark.training.recipe import Recipe


def train_probe(
    recipe: Recipe, manifest: Manifest, targets: Targets, group: TagGroup, out: Path, run: RunOptions
) -> Trained:
    """Fit a head on a backbone's embedding; every row but the published test part is given to the last fit.

    Parameters
    ----------
    group : name and tags of the model's answer

    Raises
    ------
    ConfigError : ``run.backbone`` is None
    DataError : unreadable files, or classes that cannot be learned from the parts there are
    ModelError : the backbone cannot be loaded or taken apart, or the model file differs from backbone and head
    """
    if run.backbone is None:
        raise ConfigError("recipe probe", "no backbone", "Give one with --model, e.g. --model default.")
    model = load_model(run.backbone)
    split = split_of(manifest, targets, recipe.train.seed)
    rows, parts = _probe_parts(recipe, manifest, targets, split)
    check_split(targets, Split(rows, split.valid, split.test, split.source))
    cache = cached_spectrograms(manifest, model.info.features, run)
    x = embed_tracks(model, cache, STEPS if recipe.probe.hidden else 1, run.progress)
    place = {row: k for k, row in enumerate(rows)}
    local = [tuple(np.array([place[i] for i in part]) for part in pair) for pair in parts]
    result = fit_probe(x[rows], targets.values[rows], group, recipe.probe, local, recipe.train.seed)
    history = [{"strength": s, result.merit[0]: m} for s, m in result.merits.items()]
    metrics = _probe_figures(result, targets, x, rows, split)
    used = _probe_split(rows, split)
    prepare_folder(out, recipe, manifest, used, run)
    write_rows(history, out / "metrics.csv")
    info = replace(
        describe_model(recipe, manifest, result.group, model.info), metrics=metrics, features=model.info.features,
        patch_frames=model.info.patch_frames, min_frames=model.info.min_frames, **_backbone(model),
        id=model_id(recipe, manifest, model.info.id.encode() + b"".join(w.tobytes() for w, _ in result.head.layers)),
    )  # fmt: skip
    export_probe(run.backbone, result.head, info, out / MODEL_FILE)
    difference = _check_probe(out / MODEL_FILE, model, cache[int(rows[0])], result)
    return Trained(out / MODEL_FILE, metrics, used, history, difference)


def _backbone(model: Model) -> dict[str, str]:
    """Metadata that name a combination of networks, which no probe file can hold; nothing for a single network.

    Raises ModelError for a combination that is not one of the bundled models.
    """
    if not isinstance(model, Combined):
        return {}
    names = [name for name in BUNDLED if bundled(name) == model.path]
    if not names:
        raise ModelError(model.path, "a combination that has no name", f"Use one of {', '.join(BUNDLED)}.")
    return {"backbone": names[0], "backbone_version": model.info.version}


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
    """The parts as the probe uses them: all of `rows` to learn from, a published test part beside them."""
    empty = np.zeros(0, np.int64)
    test = split.test if split.source == "manifest split" else empty
    return Split(rows, empty, test, split.source)


def _probe_figures(result: ProbeResult, targets: Targets, x: np.ndarray, rows: np.ndarray, split: Split) -> dict:
    """Held-out figures. Those of the chosen strength are slightly optimistic, those of a published test part are not.

    Parameters
    ----------
    x : float32 [n_rows of the manifest, steps, dim], embeddings
    rows : the rows that were learned from
    """
    objective = Objective.of(targets.kind, targets.values[rows])
    y = objective.standardise(targets.values)
    held = np.isfinite(result.held_out).all(axis=1)
    metrics = {"held_out": figures(objective, result.held_out[held], y[rows][held]) | {"strength": result.strength}}
    if split.source == "manifest split" and len(split.test):
        metrics["test"] = figures(objective, result.head(x[split.test]).mean(axis=1), y[split.test])
    return metrics


def _check_probe(path: Path, backbone: Model, S: np.ndarray, result: ProbeResult) -> float:
    """Largest difference of the joined file from backbone and head in turn; raises ModelError where it is too large."""
    S = np.asarray(S, np.float32)
    before, after = backbone.run(S), load_model(path).run(S)
    difference = np.abs(result.head(before.embedding) - after.logits).max()
    if not difference <= 1e-3 * max(1.0, float(np.abs(after.logits).max())):
        raise ModelError(path, f"differs from backbone and head by {difference:.2g}", "Report this backbone.")
    return float(difference)
