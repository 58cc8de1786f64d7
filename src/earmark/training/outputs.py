"""What every training shares: its surroundings, and the folder that it leaves behind.

The folder gets model.onnx, recipe.toml (every setting), split.csv (which row was in which part), metrics.csv, and, of
a network, last.ckpt, best.ckpt (with patience) and curves.png.
"""

import csv
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from earmark import settings
from earmark.audio.config import FeatureConfig
from earmark.data.cache import FeatureCache
from earmark.data.manifest import Manifest
from earmark.data.splits import Split
from earmark.data.targets import Targets
from earmark.errors import DataError
from earmark.progress import Progress, silent
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.fit import find_checkpoint
from earmark.training.objective import Objective
from earmark.training.recipe import Recipe, to_toml

MODEL_FILE = "model.onnx"


@dataclass(frozen=True)
class RunOptions:
    """What a training needs from its surroundings.

    Attributes
    ----------
    backbone : model file whose embedding a probe stands on; networks need none
    cache : folder that keeps spectrograms between trainings
    workers : processes that compute spectrograms
    accelerator : ``auto``, ``cpu`` or ``gpu``
    progress : is called with the stages ``spectrograms`` (files), ``split`` (rows), ``training`` (epochs) and, for a
        probe, ``embeddings`` (clips)
    """

    backbone: Path | None = None
    cache: Path = field(default_factory=settings.CACHE.path)
    workers: int = 1
    accelerator: str = "auto"
    progress: Progress = silent


@dataclass(frozen=True)
class Trained:
    """What a training leaves.

    Attributes
    ----------
    model : the model file
    metrics : the figures of each held-out part, by its name
    split : which rows were in which part
    history : a network's figures by epoch, a probe's by strength of its penalty
    difference : largest absolute difference between what was trained and the model file, on inputs tried at the end
    """

    model: Path
    metrics: dict
    split: Split
    history: list[dict]
    difference: float


def check_split(targets: Targets, split: Split) -> None:
    """Raise DataError for a class that the training part does not hold."""
    if targets.kind != "exclusive":
        return
    counts = np.bincount(targets.index[split.train], minlength=len(targets.names))
    absent = [name for name, count in zip(targets.names, counts, strict=True) if not count]
    if absent:
        problem = f"no row of {', '.join(absent)} is in the training part ({split.source})"
        raise DataError("target", problem, "Add songs of these classes, or spread them with a column `split`.")


def cached_spectrograms(manifest: Manifest, features: FeatureConfig, run: RunOptions) -> FeatureCache:
    """The spectrograms of all rows by the front end `features`; raises DataError that lists unreadable files."""
    return FeatureCache.build(manifest, features, run.cache, run.workers, run.progress)


def figures(objective: Objective, logits: np.ndarray, y: np.ndarray) -> dict:
    """The figure of merit of one part, beside that of the answer that is always the most frequent class.

    Parameters
    ----------
    logits : float32 [n_rows, n_tags], one logit a track
    y : float32 [n_rows, n_tags], standardised targets
    """
    name, value = objective.merit(logits, y)
    found = {"n": len(y), name: round(value, 4) if np.isfinite(value) else None}
    if objective.kind == "exclusive":
        found["majority_rate"] = round(float(y.mean(axis=0).max()), 4)
    return found


def describe_model(recipe: Recipe, manifest: Manifest, group: TagGroup, backbone: ModelInfo | None = None) -> ModelInfo:
    """The metadata of the model file as known before training; a probe's data includes its backbone's."""
    data = [{"name": manifest.name, "rows": len(manifest), "licence": manifest.licence, "citation": manifest.citation,
             "version": manifest.version, "targets": list(group.tags)}]  # fmt: skip
    if backbone is not None:
        data = [*backbone.training_data, *data]
    description = f"Trained by the recipe {recipe.name} on {manifest.name}."
    licence = manifest.licence and f"trained on data under: {manifest.licence}"
    return ModelInfo(f"{recipe.name}-{manifest.name}", "1", Tagset((group,)), recipe.features,
                     training_data=data, licence=licence, description=description)  # fmt: skip


def model_id(recipe: Recipe, manifest: Manifest, content: bytes) -> str:
    """An id that no other training has, since vectors are compared only within an id; `content` tells them apart."""
    return f"{recipe.name}-{manifest.name}-{hashlib.blake2b(content, digest_size=4).hexdigest()}"


def run_settings(recipe: Recipe, split: Split) -> dict:
    """What must be equal for a training to go on: the recipe, and which rows are in which part."""
    rows = json.dumps([part.tolist() for part in split.parts().values()])
    return {"recipe": json.loads(json.dumps(recipe.to_dict())),
            "split": hashlib.blake2b(rows.encode(), digest_size=8).hexdigest()}  # fmt: skip


def prepare_folder(
    out: Path, recipe: Recipe, manifest: Manifest, split: Split, run: RunOptions, header: dict | None = None
) -> None:
    """Write recipe.toml and split.csv.

    Parameters
    ----------
    header : of the checkpoints of a network; raises DataError where `out` holds one with another header
    """
    out.mkdir(parents=True, exist_ok=True)
    if header:
        find_checkpoint(out, header)
    (out / "recipe.toml").write_text(to_toml(recipe), encoding="utf-8")
    part_of = {int(i): part for part, rows in split.parts().items() for i in rows}
    write_rows([{"path": manifest.rows[i]["path"], "part": part_of.get(i, "")} for i in range(len(manifest))],
                out / "split.csv")  # fmt: skip
    run.progress("split", len(part_of), len(manifest), split.describe())


def write_rows(rows: list[dict], path: Path) -> None:
    """Write rows with the same keys as CSV; there must be one."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
