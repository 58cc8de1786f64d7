"""The figures of docs/experiments.md: one row, one command; results are kept, so a row can be stopped and continued.

    python benchmarks/experiments.py list
    python benchmarks/experiments.py run msd-dense --seeds 0,1,2
    python benchmarks/experiments.py table

Every result is one JSON file, OUT/ROW/SEED-FOLD.json, with truth and prediction of each held-out row; the table is made
from them. The seed decides the folds (where the data has none of its own), the weights at the start and the order.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
NOBODY = np.zeros(0, np.int64)


# ---------------------------------------------------------------- training one part


def fit_and_predict(recipe, build, objective, examples, order, valid, test, settings):
    """Train in a folder that is thrown away; logits of the test rows, the seconds it took, the network."""
    from earmark.training.batches import predict
    from earmark.training.fit import fit

    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        carried = passport_of(recipe, build)
        network, _ = fit(build["make"](), objective, examples, order, valid, settings, Path(folder), carried, "auto")
    logits, _ = predict(network, examples, test)
    return logits, time.perf_counter() - began, network


def passport_of(recipe, build) -> dict:
    from earmark.tagger.model import ModelInfo
    from earmark.tagger.tagset import TagGroup, Tagset
    from earmark.training.checkpoint import checkpoint_header

    info = ModelInfo("experiment", "1", Tagset((TagGroup("target", build["names"], "exclusive"),)))
    return checkpoint_header(recipe.network, build["n_inputs"], len(build["names"]), recipe.options, info, {})


def maker(recipe, n_inputs: int, names: tuple[str, ...]) -> dict:
    """How to build the network afresh, from the recipe's seed."""
    import torch

    from earmark.training.networks import build_network

    def make():
        torch.manual_seed(recipe.train.seed)
        return build_network(recipe.network, n_inputs, len(names), recipe.options)

    return {"make": make, "n_inputs": n_inputs, "names": tuple(names)}


def rows_in_order(recipe, targets, rows):
    """An epoch of `rows`, balanced as the recipe says."""
    from earmark.training.sampling import draw_rows, parse_balance

    balance = parse_balance(recipe.balance)
    return lambda rng: draw_rows(targets, rows, balance, int(rng.integers(2**31)))


# ---------------------------------------------------------------- audio: S2 and the others


def audio_part(shared: Path, row: dict, seed: int, fold: int, _args) -> dict:
    """One training of an audio network; all rows outside the test part are trained on, for the recipe's epochs."""
    from earmark.training.batches import Clips
    from earmark.training.objective import Objective
    from earmark.training.recipe import read_recipe

    recipe = read_recipe(row["recipe"], row.get("set", {}) | {"train.seed": seed, "train.patience": 0})
    manifest, targets, fit_rows, test = audio_rows(shared, row, seed, fold)
    cache = spectrograms(manifest, recipe.features)
    objective = Objective.of(targets.kind, targets.values[fit_rows])
    build = maker(recipe, recipe.features.n_mels, targets.names)
    network = build["make"]()
    frames = round(recipe.crop_seconds * recipe.features.frame_rate)
    clips = Clips(cache, targets.values, recipe.features, frames, network.patch_frames, network.min_frames,
                  recipe.augment)  # fmt: skip
    order = rows_in_order(recipe, targets, fit_rows)
    logits, seconds, network = fit_and_predict(recipe, build, objective, clips, order, NOBODY, test, recipe.train)
    result = result_of(targets, fit_rows, test, logits, seconds)
    if network.pools == "distribution":
        result["answer_of_mean"] = mean_distribution(network, clips, test).argmax(1).tolist()
    return result


def mean_distribution(network, clips, rows) -> np.ndarray:
    """The arithmetic mean of the steps' distributions, as S2 published it, where the model file has the geometric."""
    import torch

    network.eval()
    total = np.zeros((len(rows), network.head[-1].out_features))
    with torch.no_grad():
        for positions, inputs in clips.whole(rows):
            np.add.at(total, positions, torch.softmax(network(*inputs)[0], -1).sum(dim=1).numpy())
    return total


def audio_rows(shared: Path, row: dict, seed: int, fold: int):
    """The manifest, its targets, the rows to train on and the rows to test on."""
    from earmark.data.read import read_manifest
    from earmark.data.splits import Split, folds_of, random_folds, random_split, split_of
    from earmark.data.targets import read_targets

    manifest = read_manifest(shared / "data" / row["data"])
    targets = read_targets(manifest, ["genre"])
    if row["data"] == "gtzan_partial":
        published = split_of(manifest, targets)
        split = Split(published.train, NOBODY, published.valid, "manifest split")  # the valid part is the test here
        if row.get("naive"):
            split = random_split(manifest, targets, seed, like=split)
        return manifest, targets, split.train, split.test
    folds = random_folds(manifest, targets, 4, seed) if row.get("naive") else folds_of(manifest, targets, seed=seed)
    split = folds[fold]
    return manifest, targets, np.sort(np.concatenate([split.train, split.valid])), split.test


def spectrograms(manifest, features):
    from earmark import settings
    from earmark.data.cache import FeatureCache

    return FeatureCache.build(manifest, features, settings.CACHE.path())


# ---------------------------------------------------------------- audio: probes on frozen embeddings


def probe_part(shared: Path, row: dict, seed: int, fold: int, args) -> dict:
    """A linear probe; its penalty is chosen by grouped cross-validation within the training rows."""
    from earmark.data.splits import grouped_folds
    from earmark.data.targets import Targets
    from earmark.tagger.tagset import TagGroup
    from earmark.training.probe import ProbeSettings, fit_probe

    began = time.perf_counter()
    manifest, targets, fit_rows, test = audio_rows(shared, row, seed, fold)
    x = embeddings(shared, row, manifest, args)
    inner = Targets(targets.kind, targets.names, targets.values[fit_rows], targets.index[fit_rows])
    folds = grouped_folds(manifest.subset(fit_rows), inner, 5, seed)
    parts = [(np.sort(np.concatenate([f.train, f.valid])), f.test) for f in folds]
    group = TagGroup("genre", targets.names, "exclusive")
    result = fit_probe(x[fit_rows], targets.values[fit_rows], group, ProbeSettings(), parts, seed)
    logits = result.head(x[test]).mean(axis=1)
    return result_of(targets, fit_rows, test, logits, time.perf_counter() - began)


def embeddings(shared: Path, row: dict, manifest, args) -> np.ndarray:
    """float32 [n, 1, dim] of the backbones named in the row, joined; kept in OUT/embeddings."""
    parts = [one_embedding(shared, name, row["data"], manifest, args) for name in row["backbone"].split("+")]
    return np.concatenate(parts, axis=-1)


def one_embedding(shared: Path, name: str, data: str, manifest, args) -> np.ndarray:
    from earmark.audio.config import DEFAULT_FEATURES
    from earmark.tagger.model import load_model
    from earmark.training.probe import embed_tracks

    model = None if name == "mfcc" else load_model(backbone_file(shared, name, args))
    kept = Path(args.out) / "embeddings" / f"{data}-{name}{model.info.version if model else ''}.npy"
    if kept.exists():
        return np.load(kept)
    cache = spectrograms(manifest, DEFAULT_FEATURES)
    if model is None:
        found = np.stack([mfcc_statistics(np.asarray(S, np.float32)) for S in cache])[:, None]
    else:
        found = embed_tracks(model, cache)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, found)
    return found


def backbone_file(shared: Path, name: str, args) -> Path:
    from earmark.tagger.registry import model_path

    if name not in ("msd_vgg", "msd_musicnn", "mtt_musicnn"):
        return model_path(name)
    import teacher_files  # beside this file

    folder = Path(args.out) / "teachers"
    if not (folder / f"{name}.onnx").exists():
        teacher_files.main(str(shared / "teachers"), str(folder))
    return folder / f"{name}.onnx"


def mfcc_statistics(S: np.ndarray) -> np.ndarray:
    """The floor: mean and deviation of 20 MFCC and of their steps, float32 [80], of a log-mel [n_frames, n_mels]."""
    from scipy.fft import dct

    mfcc = dct(S, type=2, axis=1, norm="ortho")[:, :20]
    step = np.diff(mfcc, axis=0) if len(mfcc) > 1 else np.zeros_like(mfcc)
    return np.concatenate([mfcc.mean(0), mfcc.std(0), step.mean(0), step.std(0)]).astype(np.float32)


# ---------------------------------------------------------------- the Million Song part: S3


def series_part(shared: Path, row: dict, seed: int, fold: int, args) -> dict:
    """One fold of a network of S3; where the row has candidates, they are chosen from on the inner valid part."""
    import torch

    from earmark.training.recipe import read_recipe

    began = time.perf_counter()
    base = row.get("set", {}) | {"train.seed": seed, "train.patience": 0}
    songs, manifest, targets, split = series_rows(shared, row, seed, fold)
    candidates = row.get("candidates", [{}])
    chosen, scores = 0, []
    if len(candidates) > 1 and not args.dev:
        for change in candidates:
            recipe = read_recipe(row["recipe"], base | change)
            logits = series_logits(recipe, songs, targets, split.train, split.valid)
            scores.append(merit(targets.index[split.valid], logits.argmax(1)))
        chosen = int(np.argmax(scores))
    recipe = read_recipe(row["recipe"], base | candidates[chosen])
    rows, test = np.sort(np.concatenate([split.train, split.valid])), split.test
    if args.dev:
        rows, test = split.train, split.valid
    torch.manual_seed(seed)
    logits = series_logits(recipe, songs, targets, rows, test)
    extra = {"chosen": candidates[chosen]} if len(candidates) > 1 else {}
    return result_of(targets, rows, test, logits, time.perf_counter() - began) | extra


def series_logits(recipe, songs, targets, rows, test) -> np.ndarray:
    from earmark.data.series import LyricsCode, series_inputs
    from earmark.training.batches import Arrays
    from earmark.training.objective import Objective

    code = LyricsCode.of(songs, recipe.series.lyrics, rows)
    examples = Arrays(series_inputs(songs, code, recipe.series.use), targets.values)
    build = maker(recipe, examples.inputs[1].shape[1], targets.names)
    objective = Objective.of("exclusive", targets.values[rows])
    order = rows_in_order(recipe, targets, rows)
    return fit_and_predict(recipe, build, objective, examples, order, NOBODY, test, recipe.train)[0]


def series_rows(shared: Path, row: dict, seed: int, fold: int):
    from earmark.data.series import read_songs
    from earmark.data.splits import grouped_folds, random_folds

    column = row.get("target", "genre_cd2")
    songs, manifest, targets = read_songs(shared / "data" / "msd_lyrics", column, row.get("min_songs", 10))
    divide = random_folds if row.get("naive") else grouped_folds
    return songs, manifest, targets, divide(manifest, targets, 5, seed)[fold]


def floor_part(shared: Path, row: dict, seed: int, fold: int, _args) -> dict:
    """Logistic regression on mean and deviation of the series and the count-weighted GloVe vector."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from earmark.data.series import LyricsCode, series_inputs

    began = time.perf_counter()
    songs, _, targets, split = series_rows(shared, row, seed, fold)
    rows = np.sort(np.concatenate([split.train, split.valid]))
    series, lyrics = series_inputs(songs, LyricsCode.of(songs, "count", rows), row.get("use", "both"))
    x = np.concatenate([series.mean(axis=1), series.std(axis=1), lyrics], axis=1)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    model.fit(x[rows], targets.index[rows])
    logits = np.full((len(split.test), len(targets.names)), -1e9)
    logits[:, model.classes_] = model.predict_log_proba(x[split.test])
    return result_of(targets, rows, split.test, logits, time.perf_counter() - began)


def merit(truth: np.ndarray, answer: np.ndarray) -> float:
    """What candidates are chosen by: accuracy and macro-F1, equally."""
    from sklearn.metrics import f1_score

    return float((truth == answer).mean() + f1_score(truth, answer, average="macro", zero_division=0))


# ---------------------------------------------------------------- results


def result_of(targets, rows, test, logits, seconds) -> dict:
    common = int(np.bincount(targets.index[rows]).argmax())
    return {
        "names": list(targets.names), "truth": targets.index[test].tolist(), "answer": logits.argmax(1).tolist(),
        "top3": np.argsort(-logits, axis=1)[:, :3].tolist(), "common": common, "n_train": len(rows),
        "seconds": round(seconds, 1),
    }  # fmt: skip


S3 = {"data.balance": "Rock=400,*=100"}  # S3's proportions, fewer draws
S2 = {"data.crop_seconds": 3.0}
EMOTIFY = {"data.crop_seconds": 5.0}
OURS = {"network.normalise": True, "network.dropout": 0.3, "network.l1": 0.0, "network.l2": 1e-4,
        "series.lyrics": "all", "data.balance": "none", "train.batch": 32}  # fmt: skip
BEST = [{}, {"data.balance": "none", "train.epochs": 20}]


def _rows() -> dict[str, dict]:
    rows = {}
    for network in ("cnn", "crnn"):
        for naive in (False, True):
            end = "-random" if naive else ""
            common = {"part": audio_part, "recipe": f"deepsound-{network}", "naive": naive}
            rows[f"gtzan-{network}{end}"] = common | {"data": "gtzan_partial", "folds": 1, "set": S2}
            rows[f"emotify-{network}{end}"] = common | {"data": "emotify", "folds": 4, "set": EMOTIFY}
    rows["gtzan-fcn"] = {"part": audio_part, "recipe": "fcn", "data": "gtzan_partial", "folds": 1,
                         "set": {"data.crop_seconds": 3.0, "network.width": 12}}  # fmt: skip
    rows["gtzan-short-chunk"] = {"part": audio_part, "recipe": "short-chunk", "data": "gtzan_partial", "folds": 1,
                                 "set": {"data.crop_seconds": 3.0, "network.width": 32}}  # fmt: skip
    for backbone in ("default", "mfcc", "msd_vgg", "msd_musicnn", "mtt_musicnn", "msd_vgg+mtt_musicnn"):
        probe = {"part": probe_part, "backbone": backbone}
        rows[f"gtzan-probe-{backbone}"] = probe | {"data": "gtzan_partial", "folds": 1}
        rows[f"emotify-probe-{backbone}"] = probe | {"data": "emotify", "folds": 4}
    msd = {"folds": 5}
    rows["msd-floor"] = msd | {"part": floor_part}
    rows["msd-floor-audio"] = msd | {"part": floor_part, "use": "audio"}
    rows["msd-floor-lyrics"] = msd | {"part": floor_part, "use": "lyrics"}
    for network in ("dense", "cnn", "lstm"):
        rows[f"msd-{network}"] = msd | {"part": series_part, "recipe": f"msd-{network}", "set": S3}
        rows[f"msd-{network}-ours"] = msd | {"part": series_part, "recipe": f"msd-{network}", "set": OURS}
    best = msd | {"part": series_part, "recipe": "msd-best"}
    rows["msd-best"] = best | {"candidates": BEST}
    rows["msd-best-audio"] = best | {"set": {"series.use": "audio"}}
    rows["msd-best-lyrics"] = best | {"set": {"series.use": "lyrics"}}
    rows["msd-best-fixed"] = best
    rows["msd-best-random"] = best | {"naive": True}
    rows["msd-popularity"] = msd | {"part": series_part, "recipe": "msd-popularity", "target": "song_hotttnesss"}
    return rows


def run(args) -> None:
    row = _rows()[args.row] | {"set": _rows()[args.row].get("set", {}) | parse_changes(args.set)}
    for seed in map(int, args.seeds.split(",")):
        for fold in range(row["folds"]):
            path = Path(args.out) / (args.row + args.tag) / f"{seed}-{fold}.json"
            if path.exists():
                continue
            result = row["part"](Path(args.shared), row, seed, fold, args)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(result))
            hits = np.equal(result["truth"], result["answer"]).mean()
            print(f"{args.row} seed {seed} fold {fold}: {hits:.3f} in {result['seconds']} s", flush=True)


def parse_changes(texts: list[str]) -> dict:
    from earmark.training.recipe import parse_changes

    return parse_changes(texts)


def summary(folder: Path) -> dict | None:
    """Figures of one row, pooled over the folds of each seed; only seeds with every fold."""
    from sklearn.metrics import f1_score

    by_seed: dict[str, list[dict]] = {}
    for path in sorted(folder.glob("*.json")):
        by_seed.setdefault(path.stem.split("-")[0], []).append(json.loads(path.read_text()))
    if not by_seed:
        return None
    n_folds = _rows().get(folder.name, {}).get("folds") or max(map(len, by_seed.values()))
    accuracy, f1, majority, seconds, mean_accuracy, n = [], [], [], [], [], 0
    for results in by_seed.values():
        if len(results) < n_folds:
            continue
        truth = np.concatenate([r["truth"] for r in results])
        answer = np.concatenate([r["answer"] for r in results])
        common = np.concatenate([[r["common"]] * len(r["truth"]) for r in results])
        accuracy.append((truth == answer).mean())
        present = np.unique(truth)
        f1.append(f1_score(truth, answer, labels=present, average="macro", zero_division=0))
        majority.append((truth == common).mean())
        seconds += [r["seconds"] for r in results]
        if "answer_of_mean" in results[0]:
            mean_accuracy.append((truth == np.concatenate([r["answer_of_mean"] for r in results])).mean())
        n = len(truth)
    return {"seeds": len(accuracy), "n": n, "accuracy": accuracy, "macro_f1": f1, "majority": majority,
            "seconds": float(np.mean(seconds or [0.0])), "mean_accuracy": mean_accuracy}  # fmt: skip


def table(args) -> None:
    """The Markdown table of all rows with results."""
    print("| row | n | accuracy | macro-F1 | majority | seeds | s a training |\n|---|---|---|---|---|---|---|")
    names = sorted({path.parent.name for path in Path(args.out).glob("*/*-*.json")}, key=_place)
    for name in names:
        s = summary(Path(args.out) / name)
        if not s["seeds"]:
            continue
        print(
            f"| `{name}` | {s['n']} | {spread(s['accuracy'])} | {spread(s['macro_f1'])} | "
            f"{np.mean(s['majority']):.3f} | {s['seeds']} | {s['seconds']:.0f} |"
        )
        if s["mean_accuracy"]:
            print(f"| (mean of distributions) | {s['n']} | {spread(s['mean_accuracy'])} | | | | |")  # fmt: skip


def _place(name: str) -> tuple[int, str]:
    known = list(_rows())
    return (known.index(name) if name in known else len(known), name)


def spread(values: list[float]) -> str:
    """Mean and the standard deviation over seeds."""
    return f"{np.mean(values):.3f}" + (f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["list", "run", "table"])
    parser.add_argument("row", nargs="?", choices=list(_rows()))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--out", default=str(ROOT / "runs" / "experiments"))
    parser.add_argument("--shared", default=str(ROOT.parent / "shared"))
    parser.add_argument("--set", action="append", default=[], help="change a setting, for trying things out")
    parser.add_argument("--tag", default="", help="added to the row's name when settings are changed")
    parser.add_argument("--dev", action="store_true", help="test on the inner valid part: for choosing, not reporting")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    if args.what == "list":
        print("\n".join(_rows()))
    elif args.what == "table":
        table(args)
    else:
        import torch

        torch.set_num_threads(args.threads)
        run(args)


if __name__ == "__main__":
    main()
