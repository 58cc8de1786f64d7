"""A tag of one's own from few examples: how near 20 of each kind come to all, and what it takes.

    python benchmarks/teach.py --catalogue DIR --data ../shared/data/emotify --target genre [--draws 20]

The catalogue is a scan of the folder. For each fold of the manifest the head is fitted, as `earmark teach` does it, to
so many examples of each class drawn from the other folds, or to all of them, and asked about the fold that it has not
seen; a song is in one fold. Figures: accuracy and balanced accuracy (the mean over draws, with their spread), macro
AUC, the rate of the commonest class, and the seconds of CPU that a fit takes with its cross-validation.
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np

from earmark.catalogue.store import Store
from earmark.teaching.estimate import area
from earmark.teaching.fit import Space
from earmark.teaching.taught import Example, Taught


def load(catalogue: Path, data: Path, target: str) -> tuple[list[str], np.ndarray, dict[str, dict]]:
    """Ids, embeddings float16 [n, dim], and id -> row of the manifest, of the tracks that have a label and a fold."""
    store = Store(catalogue)
    rows = list(csv.DictReader((data / "tracks.csv").read_text(encoding="utf-8").splitlines()))
    at = store.tracks_at(str((data / row["path"]).resolve()) for row in rows)
    labelled = {at[path]: row for row in rows if (path := str((data / row["path"]).resolve())) in at and row[target]}
    ids, vectors = store.vectors(store.scanned_model().id, sorted(labelled))
    return ids, vectors, labelled


def drawn(ids: list[str], rows: dict[str, dict], target: str, n: int | None, rng: np.random.Generator) -> list[str]:
    """n of each class, or all; of each song one at most."""
    if n is None:
        return ids
    found = []
    for name in sorted({rows[i][target] for i in ids}):
        mine = list({rows[i]["song"]: i for i in rng.permutation([i for i in ids if rows[i][target] == name])}.values())
        found += mine[:n]
    return found


def judge(examples: list[str], held: list[str], ids, vectors, rows, target) -> dict[str, float]:
    """The figures of a head on these examples, on the held-out tracks."""
    taught = Taught(target, (), is_group=True).with_examples({i: Example(rows[i][target]) for i in examples})
    began = time.process_time()
    fitted = taught.fitted(ids, vectors, lambda i: rows[i].get("artist") or rows[i]["song"], "m")
    seconds = time.process_time() - began
    place = {i: k for k, i in enumerate(ids)}
    p = fitted.probabilities(vectors[[place[i] for i in held]])
    truth = np.array([fitted.tags.index(rows[i][target]) for i in held])
    right = p.argmax(axis=1) == truth
    classes = range(len(fitted.tags))
    own = fitted.estimate.balanced_accuracy or (np.nan,) * 3
    return {
        "accuracy": right.mean(), "balanced": np.mean([right[truth == k].mean() for k in np.unique(truth)]),
        "auc": np.nanmean([area(p[:, k], truth == k) for k in classes]), "seconds": seconds,
        "estimated": own[0], "majority": np.bincount(truth).max() / len(truth),
    }  # fmt: skip


def figures(n: int | None, draws: int, ids, vectors, rows, target, column) -> dict[str, float]:
    """Mean over folds, then over draws, of every figure; and the spread of accuracy over draws."""
    folds, many = sorted({rows[i][column] for i in ids}), []
    for draw in range(draws if n else 1):
        rng = np.random.default_rng(draw)
        parts = []
        for fold in folds:
            rest = [i for i in ids if rows[i][column] != fold]
            held = [i for i in ids if rows[i][column] == fold]
            parts.append(judge(drawn(rest, rows, target, n, rng), held, ids, vectors, rows, target))
        many.append({name: float(np.mean([part[name] for part in parts])) for name in parts[0]})
    mean = {name: float(np.mean([one[name] for one in many])) for name in many[0]}
    ends = [one["accuracy"] for one in many]
    return mean | {"from": min(ends), "to": max(ends)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--target", default="genre")
    parser.add_argument("--fold", default="fold", help="column of the manifest that says which rows are held out")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--examples", type=int, nargs="*", default=[5, 10, 20, 40])
    args = parser.parse_args()
    ids, vectors, rows = load(args.catalogue, args.data, args.target)
    assert Space.of(vectors).mean.shape == vectors.shape[1:]
    for n in (*args.examples, None):
        found = figures(n, args.draws, ids, vectors, rows, args.target, args.fold)
        print(json.dumps({"examples": n or "all"} | {name: round(value, 4) for name, value in found.items()}))


if __name__ == "__main__":
    main()
