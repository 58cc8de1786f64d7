"""What every training shares: its surroundings, its order of rows, and the folder that it leaves behind.

The folder gets model.onnx, recipe.toml (every setting), split.csv (which row was in which part), metrics.csv, and, of
a network, last.ckpt, best.ckpt (with patience) and curves.png.
"""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from torch import nn

from earmark import settings
from earmark.audio.config import FeatureConfig
from earmark.data.cache import FeatureCache
from earmark.data.manifest import Manifest
from earmark.data.splits import Split
from earmark.data.targets import Targets
from earmark.errors import DataError
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.batches import Examples, predict
from earmark.training.calibrate import calibrate, scaled
from earmark.training.fit import resumable
from earmark.training.objective import Objective
from earmark.training.recipe import Recipe, to_toml
from earmark.training.sampling import class_weights, draw_rows, parse_balance, positive_weights

MODEL_FILE = "model.onnx"


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
    cache: Path = field(default_factory=settings.CACHE.path)
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


def check_split(targets: Targets, split: Split) -> None:
    """Raise DataError for a class that the training part does not hold."""
    if targets.kind != "exclusive":
        return
    counts = np.bincount(targets.index[split.train], minlength=len(targets.names))
    absent = [name for name, count in zip(targets.names, counts, strict=True) if not count]
    if absent:
        problem = f"no row of {', '.join(absent)} is in the training part ({split.source})"
        raise DataError("target", problem, "Add songs of these classes, or spread them with a column `split`.")


def features_of(manifest: Manifest, features: FeatureConfig, run: RunOptions) -> FeatureCache:
    run.log(f"spectrograms of {len(manifest)} clips (cache: {run.cache})")
    return FeatureCache.build(manifest, features, run.cache, run.workers)


def objective_of(recipe: Recipe, targets: Targets, split: Split) -> Objective:
    weights = None
    if parse_balance(recipe.balance).method == "weights":
        weigh = positive_weights if targets.kind == "independent" else class_weights
        weights = weigh(targets, split.train)
    return Objective.of(targets.kind, targets.values[split.train], weights)


def order_of(recipe: Recipe, targets: Targets, split: Split):
    """The training rows of an epoch, balanced as the recipe says."""
    balance = parse_balance(recipe.balance)
    return lambda rng: draw_rows(targets, split.train, balance, int(rng.integers(2**31)))


def finished(
    info: ModelInfo,
    recipe: Recipe,
    manifest: Manifest,
    network: nn.Module,
    objective: Objective,
    examples: Examples,
    targets: Targets,
    split: Split,
) -> ModelInfo:
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
    group = scaled(group, objective)
    weights = b"".join(value.numpy().tobytes() for value in network.state_dict().values())
    return replace(info, id=model_id(recipe, manifest, weights), tagset=Tagset((group,)), metrics=metrics)


def figures(objective: Objective, logits: np.ndarray, y: np.ndarray) -> dict:
    """The figure of merit beside what answering the most frequent class would give."""
    name, value = objective.merit(logits, y)
    found = {"n": len(y), name: round(value, 4) if np.isfinite(value) else None}
    if objective.kind == "exclusive":
        found["majority_rate"] = round(float(y.mean(axis=0).max()), 4)
    return found


def info_of(recipe: Recipe, manifest: Manifest, group: TagGroup, backbone: ModelInfo | None = None) -> ModelInfo:
    data = [{"name": manifest.name, "rows": len(manifest), "licence": manifest.licence, "citation": manifest.citation,
             "version": manifest.version, "targets": list(group.tags)}]  # fmt: skip
    if backbone is not None:
        data = [*backbone.training_data, *data]
    description = f"Trained by the recipe {recipe.name} on {manifest.name}."
    licence = manifest.licence and f"trained on data under: {manifest.licence}"
    return ModelInfo(f"{recipe.name}-{manifest.name}", "1", Tagset((group,)), recipe.features,
                     training_data=data, licence=licence, description=description)  # fmt: skip


def model_id(recipe: Recipe, manifest: Manifest, content: bytes) -> str:
    """Vectors are compared only within an id, so every training has one of its own."""
    return f"{recipe.name}-{manifest.name}-{hashlib.blake2b(content, digest_size=4).hexdigest()}"


def settings_of(recipe: Recipe, split: Split) -> dict:
    """What must be equal for a training to go on: the recipe and who is in which part."""
    rows = json.dumps([part.tolist() for part in split.parts().values()])
    return {"recipe": json.loads(json.dumps(recipe.to_dict())),
            "split": hashlib.blake2b(rows.encode(), digest_size=8).hexdigest()}  # fmt: skip


def begin(
    out: Path, recipe: Recipe, manifest: Manifest, split: Split, run: RunOptions, carried: dict | None = None
) -> None:
    """Write recipe.toml and split.csv, and say who is in which part; raises where `out` holds another training."""
    out.mkdir(parents=True, exist_ok=True)
    if carried and resumable(out, carried):
        run.log(f"going on with the training in {out}")
    (out / "recipe.toml").write_text(to_toml(recipe), encoding="utf-8")
    part_of = {int(i): part for part, rows in split.parts().items() for i in rows}
    write_rows([{"path": manifest.rows[i]["path"], "part": part_of.get(i, "")} for i in range(len(manifest))],
                out / "split.csv")  # fmt: skip
    sizes = ", ".join(f"{len(rows)} {part}" for part, rows in split.parts().items() if len(rows))
    run.log(f"split ({split.source}): {sizes}")


def write_rows(rows: list[dict], path: Path) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
