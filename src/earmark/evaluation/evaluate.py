"""``earmark evaluate``: a model, labelled music and a folder for metrics.json, predictions.csv and report.html."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from earmark.errors import DataError
from earmark.evaluation.intervals import RESAMPLES
from earmark.evaluation.judge import judge_classes, judge_columns
from earmark.evaluation.listen import Heard, default_workers, hear
from earmark.evaluation.naive import naive_beside_honest
from earmark.evaluation.provenance import MOST_COMPARED, rows_of, training_parts, what_was_checked
from earmark.evaluation.question import Question, answers_one_class, pose
from earmark.model import Model, load_model
from earmark.training.cache import FeatureCache, default_folder
from earmark.training.datasets.manifest import Manifest, expand_columns, read_manifest, read_targets

Progress = Callable[[str, int, int], None]  # what, done, in all


@dataclass(frozen=True)
class EvaluationOptions:
    """How to evaluate.

    Attributes
    ----------
    split : the part to judge; None for every row
    naive_too : also fit a probe on honest and random parts, to show the inflation
    ignore_unknown : leave out labels and columns that the model does not know
    workers : processes that compute features, threads that run the model
    resamples : of the bootstrap
    """

    split: str | None = None
    naive_too: bool = False
    ignore_unknown: bool = False
    workers: int = field(default_factory=default_workers)
    cache: Path = field(default_factory=default_folder)
    resamples: int = RESAMPLES
    report: bool = True
    progress: Progress = lambda what, done, n: None


@dataclass(frozen=True)
class Evaluation:
    """One evaluation in memory: `metrics` as written, and what a report draws.

    `manifest`, `cache` and `heard` hold the judged rows, in the order of `question.truth`; `p` their answers.
    """

    metrics: dict
    question: Question
    model: Model
    manifest: Manifest
    cache: FeatureCache
    heard: Heard
    p: np.ndarray


def evaluate(
    model_file: Path, data: str | Path, columns: list[str], out: str | Path, options: EvaluationOptions
) -> Evaluation:
    """Judge a model on labelled music and write what was found.

    Raises
    ------
    DataError, ModelError : whatever is wrong with manifest, labels, audio (one error lists every file) or model
    """
    out = check_out(out)
    evaluation = judge(model_file, data, columns, options)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(evaluation.metrics, ensure_ascii=False, indent=1, allow_nan=False)
    (out / "metrics.json").write_text(text, encoding="utf-8")
    write_predictions(evaluation, out / "predictions.csv")
    if options.report:
        from earmark.evaluation.report import write_report  # matplotlib and openTSNE

        write_report(evaluation, out / "report.html", options.progress)
    return evaluation


def judge(model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> Evaluation:
    """As `evaluate`, without writing anything."""
    model = load_model(model_file)
    whole = read_manifest(data)
    own = training_parts(Path(model_file), whole)
    rows, source = rows_of(whole, options.split, own)
    question = ask(model, whole.subset(rows), columns, options.ignore_unknown)
    rows = rows[question.rows]
    manifest = whole.subset(rows)
    cache = FeatureCache.build(manifest, model.info.features, options.cache, options.workers, _say(options, "features"))
    heard = hear(model, cache, options.workers, _say(options, model.info.id))
    p = question.probabilities(model.tagset, heard.logits)
    judged = judge_classes if question.exclusive else judge_columns
    figures = judged(p, question.truth, question.names, manifest.groups(), options.resamples)
    figures |= _circumstances(model, whole, columns, options.split, source, question)
    figures["leakage"] = _leakage(model, whole, rows, own, options)
    if options.naive_too:
        figures["naive"] = _naive(model, whole, columns, options)
    return Evaluation(figures, question, model, manifest, cache, heard, p)


def ask(model: Model, manifest: Manifest, columns: list[str], ignore_unknown: bool) -> Question:
    """The manifest's columns as a question to this model."""
    columns = expand_columns(manifest, columns)
    labels = len(columns) == 1 and answers_one_class(model.tagset, columns[0])
    targets = read_targets(manifest, columns, "exclusive" if labels else None, for_training=False)
    return pose(model.tagset, targets, columns, ignore_unknown)


def check_out(out: str | Path) -> Path:
    """The output folder; raises DataError where it is a file."""
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise DataError(out, "is a file", "Give a folder to write to.")
    return out


def _circumstances(model: Model, manifest: Manifest, columns, split, source: str, question: Question) -> dict:
    """Which model, data, rows and tags the figures are of."""
    return {
        "split": split or "all",
        "split_source": source,
        "data": manifest.name,
        "target": list(columns),
        "tag_group": question.group,
        "ignored": question.ignored,
        "model": {"id": model.info.id, "version": model.info.version},
    }


def _leakage(model: Model, manifest: Manifest, rows: np.ndarray, own, options: EvaluationOptions) -> dict:
    """Compared by sound where the manifest is small enough; a file that cannot be read is not compared."""
    cache = None
    if len(manifest) <= MOST_COMPARED:
        say = _say(options, "features of the other parts")
        cache = FeatureCache.attempt(manifest, model.info.features, options.cache, options.workers, say)
    return what_was_checked(model.info, manifest, rows, own, cache)


def _naive(model: Model, manifest: Manifest, columns: list[str], options: EvaluationOptions) -> dict:
    targets = read_targets(manifest, columns)
    cache = FeatureCache.build(manifest, model.info.features, options.cache, options.workers)
    heard = hear(model, cache, options.workers, _say(options, "embeddings for the probe"))
    return naive_beside_honest(heard.embedding, manifest, targets)


def _say(options: EvaluationOptions, what: str):
    return lambda done, n: options.progress(what, done, n)


def write_predictions(evaluation: Evaluation, path: Path) -> None:
    """One row a file: the truth, the answer, and every probability; so that any other figure can be computed."""
    q, names = evaluation.question, evaluation.question.names
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if q.exclusive:
            writer.writerow(["path", "truth", "answer", *names])
        else:
            writer.writerow(["path", *(f"truth {name}" for name in names), *names])
        for i, row in enumerate(evaluation.manifest.rows):
            truth = [names[q.truth[i]], names[evaluation.p[i].argmax()]] if q.exclusive else q.truth[i].tolist()
            writer.writerow([row["path"], *truth, *(f"{x:.5f}" for x in evaluation.p[i])])
