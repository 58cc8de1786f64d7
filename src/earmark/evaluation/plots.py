"""The pictures of a report, as inline SVG, in colours for every kind of colour vision and with marks that print.

Colours: Okabe & Ito, "Color universal design" (2008), as used in Wong, Nature Methods 8:441 (2011).
"""

import io
from collections.abc import Callable, Sequence
from functools import wraps

import numpy as np

from earmark.evaluation.calibration import Reliability
from earmark.evaluation.metrics import Ranking
from earmark.evaluation.page import escape

INK, QUIET, PAPER = "#222222", "#8a8a8a", "#ffffff"
BLUE, VERMILION = "#0072b2", "#d55e00"
COLOURS = (BLUE, "#e69f00", "#009e73", VERMILION, "#56b4e9", "#cc79a7", "#000000")
MARKS = "osD^vPX*<>"
SIZES = (17, 16, 15, 20, 20, 22, 22, 40, 20, 20)  # points squared, to look alike
LINES = ("-", "--", "-.", ":")
STYLE = {
    "font.size": 9, "font.family": "sans-serif", "axes.edgecolor": QUIET, "axes.linewidth": 0.7,
    "axes.spines.top": False, "axes.spines.right": False, "axes.labelcolor": INK, "text.color": INK,
    "xtick.color": INK, "ytick.color": INK, "xtick.direction": "out", "legend.frameon": False, "legend.fontsize": 8.5,
    "svg.fonttype": "path", "svg.hashsalt": "earmark", "axes.titlesize": 9, "axes.titleweight": "bold",
}  # fmt: skip


def styled(draw: Callable[..., str]) -> Callable[..., str]:
    """Draw in the style of this module, whatever matplotlib's settings are, and leave those as they were."""

    @wraps(draw)
    def drawn(*args, **settings) -> str:
        from matplotlib import rc_context

        with rc_context(STYLE):
            return draw(*args, **settings)

    return drawn


def figure(width: float, height: float, rows: int = 1, columns: int = 1, **settings):
    """A figure in inches and its axes as an array [rows, columns]; no global state of matplotlib is touched."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    FigureCanvasAgg(made)
    return made, made.subplots(rows, columns, squeeze=False, **settings)


def svg(made, alt: str) -> str:
    """The figure as an <svg> element; `alt` is its name for readers who cannot see it."""
    text = io.StringIO()
    made.savefig(text, format="svg", metadata={"Date": None})
    body = text.getvalue()
    body = body[body.index("<svg") :]
    return body.replace("<svg", f'<svg role="img" aria-label="{escape(alt, quote=True)}"', 1)


def colour(k: int) -> str:
    """Hex colour of class `k`; they repeat after seven."""
    return COLOURS[k % len(COLOURS)]


@styled
def draw_confusion(matrix: np.ndarray, labels: Sequence[str]) -> str:
    """Confusion matrix: shade is the share of the row, figures are numbers of files.

    Parameters
    ----------
    matrix : int [k, k], the truth in rows
    labels : of the k classes
    """
    matrix = np.asarray(matrix)
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    k = len(labels)
    side = min(max(3.2, 1.6 + 0.46 * k), 11)
    made, axes = figure(side + 0.5, side)
    axis = axes[0, 0]
    picture = axis.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axis.set_xticks(range(k), labels, rotation=45, ha="right", rotation_mode="anchor")
    axis.set_yticks(range(k), [f"{name} ({n})" for name, n in zip(labels, matrix.sum(axis=1), strict=True)])
    axis.set(xlabel="answer", ylabel="truth (files)")
    axis.tick_params(length=0)
    for i, j in zip(*np.nonzero(matrix), strict=True):
        ink = PAPER if share[i, j] > 0.55 else INK
        axis.text(j, i, int(matrix[i, j]), ha="center", va="center", color=ink, fontsize=8 if k < 16 else 6)
    bar = made.colorbar(picture, ax=axis, shrink=0.6, pad=0.02)
    bar.set_label("share of the row")
    bar.outline.set_visible(False)
    return svg(made, f"Confusion matrix of {k} classes")


@styled
def draw_curves(rankings: Sequence[Ranking], names: Sequence[str]) -> str:
    """Precision over recall, and the ROC curve, of every class; chance in grey.

    Parameters
    ----------
    rankings, names : one a class; classes without rows of both kinds are left out
    """
    from matplotlib.ticker import MultipleLocator

    made, axes = figure(8.2, 4.1, 1, 2)
    left, right = axes[0]
    for k, (name, ranking) in enumerate(zip(names, rankings, strict=True)):
        tp, fp = ranking.counts()
        if not tp[-1] or not fp[-1]:
            continue
        line = {"color": colour(k), "ls": LINES[k // len(COLOURS) % len(LINES)], "lw": 1.4, "label": name}
        left.plot(np.append(0, tp / tp[-1]), np.append(tp[0] / (tp[0] + fp[0]), tp / (tp + fp)),
                  drawstyle="steps-pre", **line)  # fmt: skip
        right.plot(np.append(0, fp / fp[-1]), np.append(0, tp / tp[-1]), **line)
    right.plot([0, 1], [0, 1], color=QUIET, lw=0.8, ls=":")
    left.set(xlabel="recall", ylabel="precision", title="Precision and recall")
    right.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC")
    for axis in (left, right):
        axis.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.02), aspect="equal")
        axis.xaxis.set_major_locator(MultipleLocator(0.25))
        axis.yaxis.set_major_locator(MultipleLocator(0.25))
        axis.grid(alpha=0.25, lw=0.5)
    handles, labels = right.get_legend_handles_labels()
    made.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 5) or 1)
    return svg(made, "Precision-recall and ROC curves per class")


@styled
def draw_reliability(found: Reliability) -> str:
    """Reliability diagram: observed share over predicted probability, the number of predictions in each bin below."""
    made, axes = figure(3.8, 4.4, 2, 1, height_ratios=[4, 1], sharex=True)
    top, low = axes[:, 0]
    middle, width = (found.edges[:-1] + found.edges[1:]) / 2, np.diff(found.edges)
    full = found.count > 0
    top.plot([0, 1], [0, 1], color=QUIET, lw=0.8, ls=":")
    top.bar(middle[full], found.observed[full], 0.94 * width[full], color="#cfe3f1", edgecolor=BLUE, lw=0.7)
    top.plot(found.predicted[full], found.observed[full], "o-", color=VERMILION, ms=4, lw=1.2)
    top.set(ylabel="share that was right", ylim=(0, 1.02), xlim=(0, 1), title=f"Calibration error {found.ece:.3f}")
    low.bar(middle, found.count, 0.94 * width, color=QUIET)
    low.set(xlabel="probability that was said", ylabel="answers")
    return svg(made, f"Reliability diagram, expected calibration error {found.ece:.3f}")


@styled
def draw_activations(times: np.ndarray, p: np.ndarray, names: Sequence[str], shown: Sequence[int], truth: int) -> str:
    """Probabilities of classes over a track, the true class dashed.

    Parameters
    ----------
    times : float [steps], seconds
    p : float [steps, n]
    names : of the n classes
    shown : classes to draw, the predicted one first
    truth : the true class
    """
    made, axes = figure(5.2, 1.5)
    axis = axes[0, 0]
    for place, k in enumerate(shown):
        right = k == truth
        ink, dash = (BLUE, "--") if right else ((VERMILION, "-") if place == 0 else (QUIET, "-"))
        axis.plot(times, p[:, k], color=ink, ls=dash, lw=1.5, marker="." if len(times) < 3 else None,
                  label=f"{names[k]} (truth)" if right else names[k])  # fmt: skip
    axis.set(ylim=(-0.03, 1.03), xlim=(0, None), xlabel="seconds", yticks=(0, 0.5, 1))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    return svg(made, "Probability over time: " + ", ".join(names[k] for k in shown))


@styled
def draw_column_activations(times: np.ndarray, p: np.ndarray, name: str, truth: float) -> str:
    """One target's prediction over a track, and its truth as a dashed line.

    Parameters
    ----------
    times : float [steps], seconds
    p : float [steps]
    """
    made, axes = figure(5.2, 1.5)
    axis = axes[0, 0]
    axis.plot(times, p, color=VERMILION, lw=1.5, marker="." if len(times) < 3 else None, label=name)
    axis.axhline(truth, color=BLUE, ls="--", lw=1.5, label="truth")
    if min(p.min(), truth) >= 0 and max(p.max(), truth) <= 1:
        axis.set(ylim=(-0.03, 1.03), yticks=(0, 0.5, 1))
    axis.set(xlim=(0, None), xlabel="seconds")
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    return svg(made, f"{name} over time")


def scatter(axis, xy: np.ndarray, label: np.ndarray, names: Sequence[str]) -> None:
    """Draw points by class: a colour and a mark each, so that a grey copy can be read too.

    Parameters
    ----------
    axis : of matplotlib
    xy : float [n_rows, 2]
    label : int [n_rows], index into `names`
    """
    for k, name in enumerate(names):
        here = label == k
        if here.any():
            mark = {"marker": MARKS[k % len(MARKS)], "s": SIZES[k % len(MARKS)], "edgecolor": PAPER, "lw": 0.3}
            axis.scatter(*xy[here].T, color=colour(k), alpha=0.75, label=name, **mark)
    axis.set(xticks=(), yticks=())


@styled
def draw_projections(pca: np.ndarray, share: np.ndarray, tsne: np.ndarray | None, label, names: Sequence[str]) -> str:
    """Both projections side by side, coloured by class.

    Parameters
    ----------
    pca, share : from `earmark.evaluation.projection.pca`
    tsne : float [n_rows, 2], or None
    label : int [n_rows], index into `names`
    """
    made, axes = figure(8.2, 4.3, 1, 2)
    left, right = axes[0]
    scatter(left, pca, label, names)
    left.set(title="Principal components", xlabel=f"first ({share[0]:.0%} of variance)",
             ylabel=f"second ({share[1]:.0%})")  # fmt: skip
    if tsne is None:
        right.set_axis_off()
    else:
        scatter(right, tsne, label, names)
        right.set(title="t-SNE")
    handles, labels = left.get_legend_handles_labels()
    made.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 6) or 1)
    return svg(made, "Embeddings in two dimensions, by class")


@styled
def draw_shaded(xy: np.ndarray, values: np.ndarray, names: Sequence[str], title: str) -> str:
    """One small picture a column of `values`: the darker a point, the greater its value.

    Parameters
    ----------
    xy : float [n_rows, 2]
    values : float [n_rows, n]
    names : of the n columns
    """
    columns = min(5, len(names))
    rows = -(-len(names) // columns)
    made, axes = figure(1.65 * columns, 1.75 * rows + 0.3, rows, columns)
    for axis in axes.ravel()[len(names) :]:
        axis.set_axis_off()
    for axis, name, column in zip(axes.ravel(), names, values.T, strict=False):
        order = np.argsort(column)
        axis.scatter(*xy[order].T, s=6, c=column[order], cmap="cividis_r", lw=0)
        axis.set(xticks=(), yticks=())
        axis.set_title(name, fontsize=8, fontweight="normal")
    made.suptitle(title, fontsize=9, fontweight="bold", x=0.01, ha="left")
    return svg(made, f"{title} of the embeddings, shaded by each target")


@styled
def draw_against_truth(p: np.ndarray, values: np.ndarray, names: Sequence[str], r: Sequence[float | None]) -> str:
    """Prediction over truth, one small picture a column, with its correlation.

    Parameters
    ----------
    p, values : float [n_rows, n], prediction and truth
    names, r : of the n columns: name, and Pearson's r or None
    """
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    made, axes = figure(2.05 * columns, 2.1 * rows + 0.2, rows, columns)
    for axis in axes.ravel()[len(names) :]:
        axis.set_axis_off()
    for k, (axis, name) in enumerate(zip(axes.ravel(), names, strict=False)):
        axis.scatter(values[:, k], p[:, k], s=7, color=BLUE, alpha=0.5, lw=0)
        axis.set_title(f"{name}" + ("" if r[k] is None else f"  r {r[k]:.2f}"))
        axis.tick_params(labelsize=7)
    made.supxlabel("truth", fontsize=9)
    made.supylabel("answer", fontsize=9)
    return svg(made, "Answers against truth")


@styled
def draw_bars(names: Sequence[str], values: Sequence[float | None], ends: Sequence, floor: float, xlabel: str) -> str:
    """One bar a name with its interval, and a tick where guessing would be.

    Parameters
    ----------
    values : 0..1 or None
    ends : lower and upper end each, or None
    floor : the figure of guessing
    """
    made, axes = figure(5.6, 0.7 + 0.26 * len(names))
    axis = axes[0, 0]
    y = np.arange(len(names))[::-1]
    axis.barh(y, [value or 0 for value in values], 0.62, color="#9cc7e3")
    for place, end in zip(y, ends, strict=True):
        if end:
            axis.plot(end, [place, place], color=INK, lw=1)
        axis.plot([floor, floor], [place - 0.36, place + 0.36], color=VERMILION, lw=1.6)
    axis.set_yticks(y, names)
    axis.set(xlabel=xlabel, xlim=(0, 1))
    axis.grid(axis="x", alpha=0.25, lw=0.5)
    return svg(made, xlabel)
