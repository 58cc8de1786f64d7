"""``earmark evaluate``: model and labelled music -> a folder with metrics.json, predictions.csv and report.html."""

import csv
import json
from pathlib import Path

import numpy as np

from earmark.data.manifest import Manifest
from earmark.data.targets import expand_columns, read_targets
from earmark.errors import FileError
from earmark.evaluation.alignment import Alignment, align_labels, has_exclusive_group
from earmark.evaluation.figures import classification_figures, column_figures
from earmark.evaluation.inputs import EvaluationSet, open_set
from earmark.evaluation.leakage import MAX_COMPARED, check_leakage, own_parts, select_rows
from earmark.evaluation.options import EvaluationOptions
from earmark.evaluation.random_split import compare_splits
from earmark.evaluation.result import Evaluation
from earmark.files import whole_file
from earmark.tagger.tagset import Tagset


def evaluate(
    model_file: Path, data: str | Path, columns: list[str], out: str | Path, options: EvaluationOptions
) -> Evaluation:
    """Measure a model on labelled music and write the result to `out`.

    Parameters
    ----------
    model_file : an ONNX file that `earmark.tagger.model` can load, or that an ``msd-*`` recipe wrote
    data : a manifest, or a folder with a folder a class
    columns : of the manifest, the truth
    out : folder for metrics.json, predictions.csv and report.html; made where it is missing

    Raises
    ------
    DataError : manifest, labels or audio cannot be used (one error lists every unreadable file)
    ModelError : the model file is missing or breaks the contract of model files
    FileError : `out` is a file
    """
    out = check_out(out)
    evaluation = measure(model_file, data, columns, options)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(evaluation.metrics, ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(out / "metrics.json") as draft:
        draft.write_text(text, encoding="utf-8")
    write_predictions(evaluation, out / "predictions.csv")
    if options.report:
        from earmark.evaluation.report import write_report  # matplotlib and openTSNE

        write_report(evaluation, out / "report.html", options.progress)
    return evaluation


def measure(model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> Evaluation:
    """As `evaluate`, without writing anything; raises DataError and ModelError as it does."""
    model_file = Path(model_file)
    dataset = open_set(model_file, data, columns, options)
    info, own = dataset.info, own_parts(model_file, dataset.manifest)
    rows, source = select_rows(dataset.manifest, options.split, own)
    alignment = align_columns(info.tagset, dataset.manifest.subset(rows), columns, options.ignore_unknown)
    rows = rows[alignment.rows]
    manifest = dataset.manifest.subset(rows)
    predictions, activations = dataset.predict(rows, info.id)
    p = alignment.probabilities(info.tagset, predictions.logits)
    figures_of = classification_figures if alignment.exclusive else column_figures
    metrics = figures_of(p, alignment.truth, alignment.names, manifest.groups(), options.resamples)
    metrics |= _context(dataset, columns, options.split, source, alignment)
    metrics["leakage"] = _leakage(dataset, rows, own)
    if options.naive_too:
        metrics["naive"] = _compare_splits(dataset, columns, own)
    return Evaluation(metrics, alignment, info, manifest, predictions, p, activations)


def align_columns(tagset: Tagset, manifest: Manifest, columns: list[str], ignore_unknown: bool) -> Alignment:
    """The manifest's columns lined up with the tags of a model; raises DataError as `align_labels` does."""
    columns = expand_columns(manifest, columns)
    labels = len(columns) == 1 and has_exclusive_group(tagset, columns[0])
    targets = read_targets(manifest, columns, "exclusive" if labels else None, for_training=False)
    return align_labels(tagset, targets, columns, ignore_unknown)


def check_out(out: str | Path) -> Path:
    """The output folder; raises FileError where it is a file."""
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise FileError(out, "is a file", "Give a folder to write to.")
    return out


def _context(dataset: EvaluationSet, columns: list[str], split: str | None, source: str, alignment: Alignment) -> dict:
    """Which model, data, rows and tags the figures are of."""
    return {
        "split": split or "all",
        "split_source": source,
        "data": dataset.manifest.name,
        "target": list(columns),
        "tag_group": alignment.group,
        "ignored": alignment.ignored,
        "model": {"id": dataset.info.id, "version": dataset.info.version},
    }


def _leakage(dataset: EvaluationSet, rows: np.ndarray, own: list[str] | None) -> dict:
    cache = dataset.spectrograms() if len(dataset.manifest) <= MAX_COMPARED else None
    return check_leakage(dataset.info, dataset.manifest, rows, own, cache)


def _compare_splits(dataset: EvaluationSet, columns: list[str], own: list[str] | None) -> dict:
    """The probe under both ways to split, and a note where its embedding was itself trained on rows of the data."""
    manifest = dataset.manifest
    predictions, _ = dataset.predict(np.arange(len(manifest)), "embeddings for the probe")
    n_own = sum(part in ("train", "valid") for part in own or [])
    note = f"The embedding learned from {n_own} of these {len(manifest)} rows: both figures are too good."
    found = compare_splits(predictions.embedding, manifest, read_targets(manifest, columns))
    return found | {"note": note if n_own else ""}


def write_predictions(evaluation: Evaluation, path: Path) -> None:
    """Write one row a file: path, truth, answer and every probability, enough to compute any other figure."""
    header, rows = _prediction_table(evaluation)
    with whole_file(path) as draft, open(draft, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _prediction_table(e: Evaluation) -> tuple[list[str], list[list]]:
    names, truth = e.alignment.names, e.alignment.truth
    if e.alignment.exclusive:
        header = ["truth", "answer"]
        cells = [[names[k], names[best]] for k, best in zip(truth, e.p.argmax(axis=1), strict=True)]
    else:
        header, cells = [f"truth {name}" for name in names], truth.tolist()
    rows = [
        [row["path"], *known, *(f"{x:.5f}" for x in probabilities)]
        for row, known, probabilities in zip(e.manifest.rows, cells, e.p, strict=True)
    ]
    return ["path", *header, *names], rows
