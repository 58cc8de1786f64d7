"""Learning curves: one row an epoch as CSV, and the picture of it."""

import csv
from pathlib import Path

from earmark.files import whole_file

TRAIN, VALID = "#0072b2", "#d55e00"  # differ for every kind of colour vision, and in grey


def write_csv(history: list[dict], path: Path) -> None:
    """Write rows with the same keys as CSV, whole or not at all; nothing where there are none."""
    if not history:
        return
    with whole_file(path) as draft, open(draft, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(history[0]))
        writer.writeheader()
        writer.writerows(history)


def draw(history: list[dict], path: Path) -> None:
    """An image of the loss (left) and of the figure of merit on the valid part (right, where there is one) by epoch."""
    if not history:
        return
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    merit = next((key for key in history[0] if key.startswith("valid_") and key != "valid_loss"), None)
    figure = Figure(figsize=(9, 3.5) if merit else (5, 3.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, 2 if merit else 1, squeeze=False)[0]
    _plot(axes[0], history, "train_loss", TRAIN, "-")
    if merit:
        _plot(axes[0], history, "valid_loss", VALID, "--")
        _plot(axes[1], history, merit, VALID, "--")
    axes[0].set_ylabel("loss")
    for axis in axes:
        axis.set_xlabel("epoch")
        axis.legend(frameon=False)
        axis.grid(alpha=0.3)
    figure.savefig(path, dpi=150)


def _plot(axis, history: list[dict], key: str, colour: str, line: str) -> None:
    axis.plot([row["epoch"] for row in history], [row[key] for row in history], line, color=colour,
              label=key.replace("_", " "))  # fmt: skip
