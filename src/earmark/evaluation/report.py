"""The report: one HTML file that says how good the model is on this music, where it fails, and what was checked."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np

from earmark.errors import printable
from earmark.evaluation import plots
from earmark.evaluation.calibration import reliability
from earmark.evaluation.figures import COLUMN_FIGURES
from earmark.evaluation.metrics import Ranked, positives
from earmark.evaluation.page import card, page, paragraph, section, table, warning
from earmark.evaluation.projection import pca, tsne
from earmark.evaluation.result import Evaluation

WORST = 8  # mistakes shown
MOST_POINTS = 4000  # tracks in the projections; t-SNE of more takes minutes
NAMES = {"roc_auc": "ROC-AUC", "pr_auc": "PR-AUC", "pearson_r": "Pearson r", "accuracy": "accuracy",
         "balanced_accuracy": "balanced accuracy", "macro_f1": "macro-F1"}  # fmt: skip


def write_report(evaluation: Evaluation, path: Path, progress: Callable[[str, int, int], None]) -> None:
    """Write report.html."""
    e = evaluation
    parts = [_head(e), *(warning(text) for text in e.metrics["leakage"]["warnings"])]
    parts += _classes_parts(e) if e.question.exclusive else _columns_parts(e)
    progress("projections", 0, 1)
    parts += [_embedding(e), _naive(e), _leakage(e), _how()]
    progress("projections", 1, 1)
    title = f"{e.metrics['model']['id']} on {e.metrics['data']}"
    path.write_text(page(title, parts), encoding="utf-8")


def _head(e: Evaluation) -> str:
    m = e.metrics
    part = "every row" if m["split"] == "all" else f"part {m['split']!r} ({m['split_source']})"
    groups = f"{m['n']} files in {m['n_groups']} groups of song, artist or duplicate"
    line = f"{groups}; {part}; model version {m['model']['version']}"
    ignored = sum(m["ignored"].values())
    said = warning(f"Left out, since the model does not know them: {', '.join(m['ignored'])}.") if ignored else ""
    title = f"{m['model']['id']} on {m['data']}: {', '.join(m['target'])}"
    return f"<h1>{escape(title)}</h1>" + paragraph(line, quiet=True) + said


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
    return sorted(set(e.question.truth.tolist()) | set(e.p.argmax(axis=1).tolist()))


def _confusion(e: Evaluation) -> str:
    keep = _present(e)
    matrix = np.array(e.metrics["confusion"]["matrix"])[np.ix_(keep, keep)]
    picture = plots.confusion(matrix, [e.question.names[k] for k in keep])
    return section("Confusion", picture)


def _class_curves(e: Evaluation) -> str:
    ranked = [Ranked(e.p[:, k], e.question.truth == k) for k in range(len(e.question.names))]
    text = "One class against all others. A class that does not occur in the truth has no curve."
    return section("Precision, recall and ROC", plots.curves(ranked, e.question.names), paragraph(text, quiet=True))


def _class_calibration(e: Evaluation) -> str:
    found = reliability(e.p.max(axis=1), e.p.argmax(axis=1) == e.question.truth)
    text = (
        f"Expected calibration error {found.ece:.3f}; log loss {e.metrics['calibration']['log_loss']:.3f}. Each answer "
        "is sorted by the probability it was given with; where the line lies on the diagonal, 70 % means seven in ten."
    )
    return section("Do the probabilities mean what they say?", plots.reliability_diagram(found), paragraph(text))


def _mistakes(e: Evaluation) -> str:
    """The wrong answers that were given with the least belief in the truth, each over time."""
    truth, guess = e.question.truth, e.p.argmax(axis=1)
    in_truth = e.p[np.arange(len(truth)), truth]
    wrong = np.flatnonzero(guess != truth)
    wrong = wrong[np.argsort(in_truth[wrong], kind="stable")][:WORST]
    if not len(wrong):
        return section("The worst mistakes", paragraph("None: every answer is right."))
    text = "Those given with the least belief in the truth."
    if e.over_time is not None:
        text = "Belief at every moment in the answer, the truth (dashed) and the runner-up."
    return section("The worst mistakes", paragraph(text, quiet=True), *(_mistake(e, int(i)) for i in wrong))


def _mistake(e: Evaluation, i: int) -> str:
    names, truth = e.question.names, int(e.question.truth[i])
    order = np.argsort(-e.p[i], kind="stable").tolist()
    shown = list(dict.fromkeys([*order[:2], truth]))
    curve = "" if e.over_time is None else plots.belief(*_belief(e, i), names, shown, truth)
    row = e.manifest.rows[i]
    who = " – ".join(filter(None, (row.get("artist_name") or row.get("artist"), row.get("title"))))
    said = f"said {names[order[0]]} {e.p[i, order[0]]:.2f}, is {names[truth]} {e.p[i, truth]:.2f}"
    left = f"<code>{escape(printable(row['path']))}</code><br>{escape(who)}{'<br>' if who else ''}{escape(said)}"
    return f'<div class="mistake"><div>{left}</div>{curve}</div>'


def _belief(e: Evaluation, i: int) -> tuple[np.ndarray, np.ndarray]:
    """The middle of each step, seconds, and the answers at it, [steps, n]."""
    heard = e.over_time(i)
    return heard.times, e.question.probabilities(e.info.tagset, heard.logits)


# ---------------------------------------------------------------- a column a target


def _columns_parts(e: Evaluation) -> list[str]:
    return [_column_cards(e), _column_table(e), _column_plots(e), _column_calibration(e), _far_off(e)]


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
    m, names = e.metrics, e.question.names
    header = ["target", "yes above", "share of yes", *(NAMES[key] for key in COLUMN_FIGURES)]
    rows = [
        (name, m["positive"][name]["above"], m["positive"][name]["rate"], *(m[key][name] for key in COLUMN_FIGURES))
        for name in names
    ]
    spans, auc = m["intervals"]["roc_auc"], m["roc_auc"]
    picture = plots.bars(names, [auc[n] for n in names], [spans[n] for n in names], 0.5,
                         "ROC-AUC with 95 % interval; the tick is chance")  # fmt: skip
    return section("Target by target", table(header, rows), picture)


def _column_plots(e: Evaluation) -> str:
    ranked = [Ranked(p, positives(t)[0]) for p, t in zip(e.p.T, e.question.truth.T, strict=True)]
    parts = [plots.curves(ranked, e.question.names)]
    if not np.isin(e.question.truth, (0, 1)).all():
        r = [e.metrics["pearson_r"][name] for name in e.question.names]
        parts.append(plots.against_truth(e.p, e.question.truth, e.question.names, r))
    return section("Curves, and answers against truth", *parts)


def _column_calibration(e: Evaluation) -> str:
    if "calibration" not in e.metrics:
        return ""
    found = reliability(e.p.ravel(), e.question.truth.ravel())
    text = f"All targets together: expected calibration error {found.ece:.3f}."
    return section("Do the probabilities mean what they say?", plots.reliability_diagram(found), paragraph(text))


def _far_off(e: Evaluation) -> str:
    """The rows whose answers are farthest from the truth, in spreads of a column, with that column over time."""
    q = e.question
    spread = np.maximum(q.truth.std(axis=0), 1e-6)
    off = np.abs(e.p - q.truth) / spread
    worst = np.argsort(-off.max(axis=1), kind="stable")[:WORST]
    parts = []
    for i in worst:
        k = int(off[i].argmax())
        times, p = _belief(e, int(i))
        curve = plots.column_belief(times, p[:, k], q.names[k], float(q.truth[i, k]))
        said = f"{q.names[k]}: said {e.p[i, k]:.2f}, is {q.truth[i, k]:.2f}"
        path = escape(printable(e.manifest.rows[i]["path"]))
        parts.append(f'<div class="mistake"><div><code>{path}</code><br>{escape(said)}</div>{curve}</div>')
    return section("The worst mistakes", *parts)


# ---------------------------------------------------------------- both kinds


def _embedding(e: Evaluation) -> str:
    rows = np.arange(len(e.heard.embedding))
    if len(rows) > MOST_POINTS:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_POINTS, replace=False))
    x = e.heard.embedding[rows]
    if len(x) < 3:
        return ""
    flat, share = pca(x)
    near = tsne(x)
    if e.question.exclusive:
        picture = plots.projections(flat, share, near, e.question.truth[rows], e.question.names)
    else:
        kinds = [("Principal components", flat)] + ([] if near is None else [("t-SNE", near)])
        picture = "".join(plots.shaded(xy, e.question.truth[rows], e.question.names, title) for title, xy in kinds)
    text = "One point a file: the model's own description of it, brought down to two dimensions. "
    text += "Between clusters of t-SNE distances mean nothing."
    text += "" if e.question.exclusive else " The darker a point, the more of the target."
    if len(rows) < len(e.heard.embedding):
        text += f" {MOST_POINTS} files drawn at random."
    return section("What the model puts together", picture, paragraph(text, quiet=True))


def _naive(e: Evaluation) -> str:
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
    verdict = {True: "Nothing is shared.", False: "Not honest: see above.", None: "Cannot be said."}[found["honest"]]
    seen, unseen = ", ".join(found["checked"]) or "nothing", "; ".join(found["not_checked"]) or "nothing"
    counts = f"Shared songs {found['shared_songs']}, artists {found['shared_artists']}"
    lines = [
        f"Compared with {found['compared_with']}.",
        f"{counts}, recordings {found['shared_audio']}. {verdict}",
        f"Looked at: {seen}. Not looked at: {unseen}.",
        f"The model file says it was trained on: {'; '.join(found['training_data']) or 'it does not say'}.",
    ]
    examples = "".join(f"<li>{escape(printable(text))}</li>" for text in found["examples"])
    return section("What was checked for leakage", *map(paragraph, lines), f"<ul>{examples}</ul>" if examples else "")


def _how() -> str:
    text = (
        "Answers are the calibrated probabilities of a track's mean logits over time. Every answer is in "
        "predictions.csv beside this file, every figure in metrics.json."
    )
    return section("How this was computed", paragraph(text, quiet=True))
