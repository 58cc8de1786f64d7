"""``earmark evaluate`` and ``earmark filters``: how good a model is on labelled music; what its filters react to."""

from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.progress import progress_bars
from earmark.cli.render import say
from earmark.cli.training_options import CacheOption, DataOption, TargetOption, need_packages, parse_columns

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="A model name, ONNX file, or folder of `train`.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes and threads; one a core by default.")
]


def register(app: typer.Typer) -> None:
    """Add both commands to `app`."""
    app.command("evaluate")(evaluate_model)
    app.command("filters")(filters)


def evaluate_model(
    model: ModelArgument,
    data: DataOption,
    target: TargetOption,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for metrics.json and report.html.")],
    split: Annotated[str | None, typer.Option(metavar="PART", help="Evaluate on this part only, e.g. test.")] = None,
    naive_too: Annotated[
        bool, typer.Option("--naive-too", help="Add the figures of a random split, for comparison.")
    ] = False,
    ignore_unknown: Annotated[
        bool, typer.Option("--ignore-unknown", help="Leave out labels that the model does not know.")
    ] = False,
    workers: WorkersOption = None,
    cache: CacheOption = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write report.html.")] = True,
) -> None:
    """Measure MODEL on labelled music: figures with intervals beside the floor, and what was checked for leakage.

    Example: earmark evaluate default --data tracks.csv --target genre --split test --out judged
    """
    need_packages("earmark evaluate", *_extra_packages(report, naive_too))
    from earmark.evaluation.evaluate import evaluate
    from earmark.evaluation.options import EvaluationOptions
    from earmark.library import model_path

    with progress_bars() as progress:
        options = EvaluationOptions(
            split, naive_too, ignore_unknown, workers or settings.cores(), cache or settings.CACHE.path(),
            report=report, progress=progress,
        )  # fmt: skip
        metrics = evaluate(model_path(model), data, parse_columns(target), out, options).metrics
    for line in figure_lines(metrics):
        say(line)
    for text in metrics["leakage"]["warnings"]:
        say(f"warning: {text}", err=True, fg="yellow")
    say(f"\n{out / ('report.html' if report else 'metrics.json')}")


def filters(
    model: ModelArgument,
    data: DataOption,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the sounds and index.html.")],
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=50, help="Excerpts a filter.")] = 6,
    layer: Annotated[list[str] | None, typer.Option(help="Only convolutions with this in their name.")] = None,
    most: Annotated[int | None, typer.Option(min=1, help="No more than this many filters of a layer.")] = None,
    least_seconds: Annotated[float, typer.Option(min=0.05, help="Widen shorter excerpts to this.")] = 0.8,
    most_seconds: Annotated[float, typer.Option(min=0.05, help="Cut longer excerpts to this.")] = 3.0,
    workers: WorkersOption = None,
    cache: CacheOption = None,
) -> None:
    """Write a sound file for every convolution filter of MODEL: the moments of the data that activate it most, joined.

    Example: earmark filters default --data tracks.csv --out filters
    """
    need_packages("earmark filters", "onnx")
    from earmark.evaluation.filters import FilterOptions, export_filters
    from earmark.library import model_path

    with progress_bars() as progress:
        options = FilterOptions(
            number, tuple(layer or ()), most, least_seconds, max(least_seconds, most_seconds),
            workers or settings.cores(), cache or settings.CACHE.path(), progress,
        )  # fmt: skip
        layers = export_filters(model_path(model), data, out, options)
    n = sum(len(found.filters) for found in layers)
    say(f"{n} filters of {len(layers)} convolutions: {out / 'index.html'}")


def _extra_packages(report: bool, naive_too: bool) -> list[str]:
    return (["matplotlib", "openTSNE"] if report else []) + (["sklearn"] if naive_too else [])


def figure_lines(metrics: dict) -> list[str]:
    """The content of metrics.json in a few lines: each figure with its interval, the floor beside it."""
    head = f"{metrics['n']} files of {metrics['data']}, {metrics['split']}"
    if "accuracy" in metrics:
        names = ("accuracy", "balanced_accuracy", "macro_f1", "majority_rate")
        body = [_line(name, metrics[name], metrics["intervals"][name]) for name in names]
    else:
        names = ("roc_auc", "pr_auc", "pearson_r")
        body = [_line(name, metrics[name]["macro"], metrics["intervals"][name]["macro"]) for name in names]
    return [head, *body, _leakage_line(metrics["leakage"]), *_random_split_lines(metrics.get("naive"))]


def _line(name: str, value: float | None, ends: list[float] | None) -> str:
    shown = "undefined" if value is None else f"{value:.3f}"
    return f"  {name.replace('_', ' '):<18} {shown}" + (f"  ({ends[0]:.3f} to {ends[1]:.3f})" if ends else "")


def _leakage_line(found: dict) -> str:
    if not found["checked"]:
        return f"  compared with {found['compared_with']}"
    counts = f"{found['shared_songs']} songs, {found['shared_artists']} artists, {found['shared_audio']} recordings"
    return f"  shared with {found['compared_with']}: {counts}"


def _random_split_lines(naive: dict | None) -> list[str]:
    if naive is None:
        return []
    lines = ["", f"A {naive['probe']}, not this model, on"]
    for name, found in (("the honest split", naive["honest"]), ("a random split", naive["random"])):
        figures = ", ".join(
            f"{key.replace('_', ' ')} {value:.3f}" for key, value in found.items() if isinstance(value, float)
        )
        lines.append(f"  {name:<18} {figures}  ({found['source']})")
    return [*lines, naive["note"]] if naive["note"] else lines
