"""The report: one HTML file with the figures, the worst mistakes, the embeddings and what was checked for leakage."""

from pathlib import Path

import numpy as np

from earmark.evaluation import plots
from earmark.evaluation.calibration import reliability
from earmark.evaluation.figures import COLUMN_FIGURES
from earmark.evaluation.metrics import Ranking, positives
from earmark.evaluation.page import card, escape, page, paragraph, section, table, warning
from earmark.evaluation.projection import pca, tsne
from earmark.evaluation.result import Evaluation
from earmark.files import whole_file
from earmark.progress import Progress, silent

WORST = 8  # mistakes shown
MOST_POINTS = 4000  # tracks in the projections; t-SNE of more takes minutes
NAMES = {"roc_auc": "ROC-AUC", "pr_auc": "PR-AUC", "pearson_r": "Pearson r", "accuracy": "accuracy",
         "balanced_accuracy": "balanced accuracy", "macro_f1": "macro-F1"}  # fmt: skip


def write_report(evaluation: Evaluation, path: Path, progress: Progress = silent) -> None:
    """Write report.html, which loads nothing from elsewhere.

    Parameters
    ----------
    progress : called at the start and the end of the stage ``projections``, which takes longest
    """
    e = evaluation
    parts = [_head(e), *(warning(text) for text in e.metrics["leakage"]["warnings"])]
    parts += _classes_parts(e) if e.alignment.exclusive else _columns_parts(e)
    progress("projections", 0, 1)
    parts += [_embedding(e), _random_split(e), _leakage(e), _how()]
    progress("projections", 1, 1)
    title = f"{e.metrics['model']['id']} on {e.metrics['data']}"
    with whole_file(path) as draft:
        draft.write_text(page(title, parts), encoding="utf-8")


def _head(e: Evaluation) -> str:
    m = e.metrics
    part = "every row" if m["split"] == "all" else f"part {m['split']!r} ({m['split_source']})"
    groups = f"{m['n']} files in {m['n_groups']} groups of song, artist or duplicate"
    line = f"{groups}; {part}; model version {m['model']['version']}"
    ignored = (
        warning(f"Left out, since the model does not know them: {', '.join(m['ignored'])}.")
        if sum(m["ignored"].values())
        else ""
    )
    title = f"{m['model']['id']} on {m['data']}: {', '.join(m['target'])}"
    return f"<h1>{escape(title)}</h1>" + paragraph(line, quiet=True) + ignored


# ---------------------------------------------------------------- one class a row


def _classes_parts(e: Evaluation) -> list[str]:
    return [_class_cards(e), _class_table(e), _confusion(e), _class_curves(e), _class_calibration(e), _mistakes(e)]


def _class_cards(e: Evaluation) -> str:
    m, ends = e.metrics, e.metrics["intervals"]
    cards = [card(NAMES[key], m[key], ends[key]) for key in ("accuracy", "balanced_accuracy", "macro_f1")]
    cards.append(card("majority rate (floor)", m["majority_rate"], ends["majority_rate"], floor=True))
    text = (
        "The majority rate is the accuracy of always answering the most frequent class. Intervals come from a "
        "bootstrap over whole songs and artists."
    )
    return f'<div class="cards">{"".join(cards)}</div>' + paragraph(text, quiet=True)


def _class_table(e: Evaluation) -> str:
    header = ["class", "files", "precision", "recall", "F1", "ROC-AUC", "PR-AUC"]
    keys = ("n", "precision", "recall", "f1", "roc_auc", "pr_auc")
    rows = [(name, *(entry[key] for key in keys)) for name, entry in e.metrics["per_class"].items()]
    return section("Class by class", table(header, rows))


def _present(e: Evaluation) -> list[int]:
    """Classes that are in the truth or among the answers."""
    return sorted(set(e.alignment.truth.tolist()) | set(e.p.argmax(axis=1).tolist()))


def _confusion(e: Evaluation) -> str:
    keep = _present(e)
    matrix = np.array(e.metrics["confusion"]["matrix"])[np.ix_(keep, keep)]
    picture = plots.draw_confusion(matrix, [e.alignment.names[k] for k in keep])
    return section("Confusion", picture)


def _class_curves(e: Evaluation) -> str:
    rankings = [Ranking(e.p[:, k], e.alignment.truth == k) for k in range(len(e.alignment.names))]
    text = "One class against all others. A class that does not occur in the truth has no curve."
    return section(
        "Precision, recall and ROC", plots.draw_curves(rankings, e.alignment.names), paragraph(text, quiet=True)
    )


def _class_calibration(e: Evaluation) -> str:
    found = reliability(e.p.max(axis=1), e.p.argmax(axis=1) == e.alignment.truth)
    text = (
        f"Expected calibration error {found.ece:.3f}; log loss {e.metrics['calibration']['log_loss']:.3f}. Each answer "
        "is sorted by the probability it was given with; where the line lies on the diagonal, 70 % means seven in ten."
    )
    return section("Do the probabilities mean what they say?", plots.draw_reliability(found), paragraph(text))


def _mistakes(e: Evaluation) -> str:
    """The wrong rows whose true class has the lowest probability, each over time."""
    truth = e.alignment.truth
    p_truth = e.p[np.arange(len(truth)), truth]
    wrong = np.flatnonzero(e.p.argmax(axis=1) != truth)
    wrong = wrong[np.argsort(p_truth[wrong], kind="stable")][:WORST]
    if not len(wrong):
        return section("The worst mistakes", paragraph("None: every answer is right."))
    text = "Those where the truth was given the lowest probability."
    if e.activations is not None:
        text = "Probability over time of the answer, the truth (dashed) and the runner-up."
    return section("The worst mistakes", paragraph(text, quiet=True), *(_mistake(e, int(i)) for i in wrong))


def _mistake(e: Evaluation, i: int) -> str:
    names, truth = e.alignment.names, int(e.alignment.truth[i])
    order = np.argsort(-e.p[i], kind="stable").tolist()
    shown = list(dict.fromkeys([*order[:2], truth]))
    curve = "" if e.activations is None else plots.draw_activations(*_over_time(e, i), names, shown, truth)
    row = e.manifest.rows[i]
    who = " – ".join(filter(None, (row.get("artist_name") or row.get("artist"), row.get("title"))))
    text = f"said {names[order[0]]} {e.p[i, order[0]]:.2f}, is {names[truth]} {e.p[i, truth]:.2f}"
    left = f"<code>{escape(row['path'])}</code><br>{escape(who)}{'<br>' if who else ''}{escape(text)}"
    return f'<div class="mistake"><div>{left}</div>{curve}</div>'


def _over_time(e: Evaluation, i: int) -> tuple[np.ndarray, np.ndarray]:
    """Row `i`: the middle of each step, seconds float32 [steps], and the probabilities there, float32 [steps, n]."""
    found = e.activations(i)
    return found.times, e.alignment.probabilities(e.info.tagset, found.logits)


# ---------------------------------------------------------------- a column a target


def _columns_parts(e: Evaluation) -> list[str]:
    return [_column_cards(e), _column_table(e), _column_plots(e), _column_calibration(e), _largest_errors(e)]


def _column_cards(e: Evaluation) -> str:
    m = e.metrics
    cards = [card(f"{NAMES[key]}, mean", m[key]["macro"], m["intervals"][key]["macro"]) for key in COLUMN_FIGURES]
    rate = float(np.mean([entry["rate"] for entry in m["positive"].values()]))
    cards.append(card("PR-AUC of guessing (floor)", rate, floor=True))
    text = (
        "Guessing has a ROC-AUC of .5, a correlation of 0, and a PR-AUC of the share of rows that count as yes. "
        "Columns of 0 and 1 are taken as they are; of any other column the rows above its median count as yes."
    )
    return f'<div class="cards">{"".join(cards)}</div>' + paragraph(text, quiet=True)


def _column_table(e: Evaluation) -> str:
    m, names = e.metrics, e.alignment.names
    header = ["target", "yes above", "share of yes", *(NAMES[key] for key in COLUMN_FIGURES)]
    rows = [
        (name, m["positive"][name]["above"], m["positive"][name]["rate"], *(m[key][name] for key in COLUMN_FIGURES))
        for name in names
    ]
    spans, auc = m["intervals"]["roc_auc"], m["roc_auc"]
    picture = plots.draw_bars(names, [auc[n] for n in names], [spans[n] for n in names], 0.5,
                         "ROC-AUC with 95 % interval; the tick is chance")  # fmt: skip
    return section("Target by target", table(header, rows), picture)


def _column_plots(e: Evaluation) -> str:
    rankings = [Ranking(p, positives(t)[0]) for p, t in zip(e.p.T, e.alignment.truth.T, strict=True)]
    parts = [plots.draw_curves(rankings, e.alignment.names)]
    if not np.isin(e.alignment.truth, (0, 1)).all():
        r = [e.metrics["pearson_r"][name] for name in e.alignment.names]
        parts.append(plots.draw_against_truth(e.p, e.alignment.truth, e.alignment.names, r))
    return section("Curves, and answers against truth", *parts)


def _column_calibration(e: Evaluation) -> str:
    if "calibration" not in e.metrics:
        return ""
    found = reliability(e.p.ravel(), e.alignment.truth.ravel())
    text = f"All targets together: expected calibration error {found.ece:.3f}."
    return section("Do the probabilities mean what they say?", plots.draw_reliability(found), paragraph(text))


def _largest_errors(e: Evaluation) -> str:
    """The rows with the largest error of one column, in standard deviations of its truth; that column over time."""
    truth, names = e.alignment.truth, e.alignment.names
    error = np.abs(e.p - truth) / np.maximum(truth.std(axis=0), 1e-6)
    worst = np.argsort(-error.max(axis=1), kind="stable")[:WORST]
    parts = []
    for i in worst.tolist():
        k = int(error[i].argmax())
        times, p = _over_time(e, i)
        curve = plots.draw_column_activations(times, p[:, k], names[k], float(truth[i, k]))
        text = f"{names[k]}: said {e.p[i, k]:.2f}, is {truth[i, k]:.2f}"
        path = escape(e.manifest.rows[i]["path"])
        parts.append(f'<div class="mistake"><div><code>{path}</code><br>{escape(text)}</div>{curve}</div>')
    return section("The worst mistakes", *parts)


# ---------------------------------------------------------------- both kinds


def _embedding(e: Evaluation) -> str:
    rows = np.arange(len(e.predictions.embedding))
    if len(rows) > MOST_POINTS:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_POINTS, replace=False))
    if len(rows) < 3:
        return ""
    picture = _projections(e, rows)
    text = "One point a file: the model's own description of it, brought down to two dimensions. "
    text += "Between clusters of t-SNE distances mean nothing."
    text += "" if e.alignment.exclusive else " The darker a point, the more of the target."
    if len(rows) < len(e.predictions.embedding):
        text += f" {MOST_POINTS} files drawn at random."
    return section("What the model puts together", picture, paragraph(text, quiet=True))


def _projections(e: Evaluation, rows: np.ndarray) -> str:
    """Principal components and t-SNE of the embeddings of `rows`, by class, or one picture a column."""
    x, truth, names = e.predictions.embedding[rows], e.alignment.truth[rows], e.alignment.names
    (components, share), neighbours = pca(x), tsne(x)
    if e.alignment.exclusive:
        return plots.draw_projections(components, share, neighbours, truth, names)
    pictures = plots.draw_shaded(components, truth, names, "Principal components")
    return pictures + ("" if neighbours is None else plots.draw_shaded(neighbours, truth, names, "t-SNE"))


def _random_split(e: Evaluation) -> str:
    naive = e.metrics.get("naive")
    if naive is None:
        return ""
    keys = [key for key in NAMES if key in naive["honest"]]
    header = ["split", "train", "test", *(NAMES[key] for key in keys)]
    rows = [
        (f"{name} ({f['source']}, {f['n_splits']} x)", f["n_train"], f["n_test"], *(f[key] for key in keys))
        for name, f in (("honest", naive["honest"]), ("random", naive["random"]))
    ]
    text = (
        f"Not this model but a {naive['probe']}, fitted here twice: once on parts that share no song or artist, once "
        f"on random parts of the same size. The difference is what a random split adds by itself. {naive['note']}"
    )
    return section("What a random split would have said", table(header, rows), paragraph(text))


def _leakage(e: Evaluation) -> str:
    found = e.metrics["leakage"]
    verdict = {True: "Nothing is shared.", False: "No held-out figure: see above.", None: "Cannot be said."}[
        found["honest"]
    ]
    seen, unseen = ", ".join(found["checked"]) or "nothing", "; ".join(found["not_checked"]) or "nothing"
    counts = f"Shared songs {found['shared_songs']}, artists {found['shared_artists']}"
    lines = [
        f"Compared with {found['compared_with']}.",
        f"{counts}, recordings {found['shared_audio']}. {verdict}",
        f"Looked at: {seen}. Not looked at: {unseen}.",
        f"The model file says it was trained on: {'; '.join(found['training_data']) or 'it does not say'}.",
    ]
    examples = "".join(f"<li>{escape(text)}</li>" for text in found["examples"])
    return section("What was checked for leakage", *map(paragraph, lines), f"<ul>{examples}</ul>" if examples else "")


def _how() -> str:
    text = (
        "Answers are the calibrated probabilities of a track's mean logits over time. Every answer is in "
        "predictions.csv beside this file, every figure in metrics.json."
    )
    return section("How this was computed", paragraph(text, quiet=True))
