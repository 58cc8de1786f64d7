"""``earmark evaluate``: a model, labelled music and a folder for metrics.json, predictions.csv and report.html."""

import csv
import json
from pathlib import Path

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.targets import expand_columns, read_targets
from earmark.errors import DataError
from earmark.evaluation.alignment import Question, answers_one_class, pose
from earmark.evaluation.figures import judge_classes, judge_columns
from earmark.evaluation.inputs import Subject, subject_of
from earmark.evaluation.leakage import MOST_COMPARED, rows_of, training_parts, what_was_checked
from earmark.evaluation.options import EvaluationOptions
from earmark.evaluation.random_split import naive_beside_honest
from earmark.evaluation.result import Evaluation
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import Tagset


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
    subject = subject_of(Path(model_file), data, columns, options)
    whole, tagset = subject.manifest, subject.info.tagset
    own = training_parts(Path(model_file), whole)
    rows, source = rows_of(whole, options.split, own)
    question = ask(tagset, whole.subset(rows), columns, options.ignore_unknown)
    rows = rows[question.rows]
    manifest = whole.subset(rows)
    heard, over_time = subject.hear(rows, subject.info.id)
    p = question.probabilities(tagset, heard.logits)
    judged = judge_classes if question.exclusive else judge_columns
    figures = judged(p, question.truth, question.names, manifest.groups(), options.resamples)
    figures |= _circumstances(subject.info, whole, columns, options.split, source, question)
    cache = subject.spectrograms() if len(whole) <= MOST_COMPARED else None
    figures["leakage"] = what_was_checked(subject.info, whole, rows, own, cache)
    if options.naive_too:
        figures["naive"] = _naive(subject, columns, own)
    return Evaluation(figures, question, subject.info, manifest, heard, p, over_time)


def ask(tagset: Tagset, manifest: Manifest, columns: list[str], ignore_unknown: bool) -> Question:
    """The manifest's columns as a question to a model with these tags."""
    columns = expand_columns(manifest, columns)
    labels = len(columns) == 1 and answers_one_class(tagset, columns[0])
    targets = read_targets(manifest, columns, "exclusive" if labels else None, for_training=False)
    return pose(tagset, targets, columns, ignore_unknown)


def check_out(out: str | Path) -> Path:
    """The output folder; raises DataError where it is a file."""
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise DataError(out, "is a file", "Give a folder to write to.")
    return out


def _circumstances(info: ModelInfo, manifest: Manifest, columns, split, source: str, question: Question) -> dict:
    """Which model, data, rows and tags the figures are of."""
    return {
        "split": split or "all",
        "split_source": source,
        "data": manifest.name,
        "target": list(columns),
        "tag_group": question.group,
        "ignored": question.ignored,
        "model": {"id": info.id, "version": info.version},
    }


def _naive(subject: Subject, columns: list[str], own: list[str] | None) -> dict:
    """The probe under both ways to split, and a note where the embedding that it stands on learned from its rows."""
    whole = subject.manifest
    heard, _ = subject.hear(np.arange(len(whole)), "embeddings for the probe")
    met = sum(part in ("train", "valid") for part in own or [])
    note = f"The embedding learned from {met} of these {len(whole)} rows: both figures are too good." if met else ""
    return naive_beside_honest(heard.embedding, whole, read_targets(whole, columns)) | {"note": note}


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
