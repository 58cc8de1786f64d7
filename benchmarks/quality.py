"""How good the three profiles are, and the small network beside its teachers and a floor without any network.

    python benchmarks/quality.py --heard DIR --data ../shared/data
    python benchmarks/quality.py --cache DIR --data ../shared/data [--rendered DIR] \
        [--everything EVERYTHING-WITHOUT-3.onnx EVERYTHING-WITHOUT-012.onnx] --out quality.json

The first prints the table of bars: the profiles as they are in the package, on what both networks heard of each
recording, which is kept in the cache of ``python -m earmark_research.profiles``. The second is about the small
network.

Probes (logistic regression, ridge) are fitted on frozen track embeddings, all on the same rows; their one parameter
is chosen within the training rows, grouped by song. Intervals are bootstrap (5-95 %) over test tracks. DIR is the
cache of ``python -m earmark_research.tagger``. The small network, trained on free audio, used no recording of GTZAN
and Emotify; of the two networks that did, each fold is measured with the one that did not use it.
"""

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import profile_figures
from earmark.audio.decode import load_audio
from earmark.tagger import registry
from earmark.tagger.model import Model, load_model
from earmark_research.assets import STARTER
from earmark_research.tagger.calibration import mean_by_track, roc_auc
from earmark_research.tagger.corpus import Corpus, load, spread_evenly
from earmark_research.tagger.labels import FEELINGS, read_rows
from earmark_research.tagger.network import DIM, pad_to_steps
from earmark_research.tagger.plan import Plan, artist, held_tracks, label_rows
from earmark_research.tagger.predicted_teacher import TEACHER
from earmark_research.tagger.recipe import RECIPE, Recipe
from earmark_research.tagger.teachers import EMBEDDING_PARTS

PAIRS = (("MSD_vgg", "MSD_musicnn"), ("MSD_vgg", "MTT_musicnn"), ("MSD_musicnn", "MTT_musicnn"))


def run_patches(model: Model, mel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Embedding [n, dim] and logits [n, n_tags] of each patch [n, 187, 96] by itself."""
    parts = torch.from_numpy(mel).split(32)
    if model.info.patch_frames > mel.shape[1]:
        parts = map(pad_to_steps, parts)
    out = [model._run_batch(part.float().numpy()) for part in parts]
    logits, embedding = (np.concatenate([block[k].mean(axis=1) for block in out]) for k in (0, 1))
    return embedding, logits


def fit_classifier(X: np.ndarray, y: np.ndarray, groups: np.ndarray):
    """Logistic regression; C chosen by grouped cross-validation on these rows."""
    pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    grid = {"logisticregression__C": [0.0003, 0.001, 0.003, 0.01, 0.1]}
    return GridSearchCV(pipe, grid, cv=GroupKFold(4)).fit(X, y, groups=groups)


def fit_ridge(X: np.ndarray, Y: np.ndarray, groups: np.ndarray):
    """Ridge for all feelings at once; alpha chosen likewise."""
    pipe = make_pipeline(StandardScaler(), Ridge())
    grid = {"ridge__alpha": [30, 100, 300, 1000, 3000, 10000]}
    return GridSearchCV(pipe, grid, cv=GroupKFold(4), scoring="r2").fit(X, Y, groups=groups)


def bootstrap(figure, n: int, times: int = 500) -> tuple[float, float]:
    """5th and 95th percentile of ``figure(rows)`` over resampled rows."""
    rng = np.random.default_rng(0)
    values = [figure(rng.integers(0, n, n)) for _ in range(times)]
    return tuple(np.nanpercentile(values, [5, 95]))


def mean_r(predicted: np.ndarray, truth: np.ndarray) -> float:
    """Pearson r, averaged over columns."""
    a, b = predicted - predicted.mean(axis=0), truth - truth.mean(axis=0)
    return float(((a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))).mean())


def gtzan(X: np.ndarray, meta: list[dict]) -> tuple[dict, dict]:
    """Ten genres, 2-3 s clips: train -> valid, and within train over five folds that share no artist."""
    rows = np.array([i for i, m in enumerate(meta) if "clips_3s" in m["path"]])
    X, meta = X[rows], [meta[i] for i in rows]
    y, songs, artists = (np.array([m[key] for m in meta]) for key in ("genre", "song", "artist"))
    train, valid = (np.flatnonzero([m["split"] == name for m in meta]) for name in ("train", "valid"))
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0).split(train, y[train], artists[train])
    within = [(train[fitted], train[rest]) for fitted, rest in folds]
    return tuple(share_right(X, y, songs, parts) for parts in ([(train, valid)], within))


def share_right(X: np.ndarray, y: np.ndarray, songs: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray]]) -> dict:
    """Accuracy over the second rows of each part, by classifiers that are fitted on the first."""
    right = np.concatenate(
        [fit_classifier(X[fitted], y[fitted], songs[fitted]).predict(X[rest]) == y[rest] for fitted, rest in parts]
    )
    return {"value": right.mean(), "interval": bootstrap(lambda r: right[r].mean(), len(right)), "n": len(right)}


def emotify(X_of_fold: dict[str, np.ndarray], meta: list[dict]) -> tuple[dict, dict]:
    """Nine feelings and four genres over the folds of `X_of_fold` (fold -> embedding by a network without it)."""
    fold = np.array([m["fold"] for m in meta])
    songs, genre = np.array([m["song"] for m in meta]), np.array([m["genre"] for m in meta])
    shares = np.array([[float(m[name]) for name in FEELINGS] for m in meta])
    predicted, right, seen = np.zeros_like(shares), np.zeros(len(meta), bool), np.zeros(len(meta), bool)
    per_fold = []
    for name, X in X_of_fold.items():
        test = fold == name
        seen |= test
        predicted[test] = fit_ridge(X[~test], shares[~test], songs[~test]).predict(X[test])
        right[test] = fit_classifier(X[~test], genre[~test], songs[~test]).predict(X[test]) == genre[test]
        per_fold.append(mean_r(predicted[test], shares[test]))
    p, t, r = predicted[seen], shares[seen], right[seen]
    interval = bootstrap(lambda i: mean_r(p[i], t[i]), len(p))
    feelings = {"value": float(np.mean(per_fold)), "interval": interval, "n": len(p)}
    return feelings, {"value": r.mean(), "interval": bootstrap(lambda i: r[i].mean(), len(r)), "n": len(r)}


def floor_statistics(files: list[Path], stored: Path) -> np.ndarray:
    """float32 [n_files, 2 * 39]: mean and deviation of 20 MFCC, 12 chroma and 7 bands of contrast; kept in `stored`."""
    import librosa

    if stored.is_file():
        return np.load(stored)
    rows = []
    for file in files:
        y = load_audio(file).y
        power = np.abs(librosa.stft(y, n_fft=1024, hop_length=512)) ** 2
        mel = librosa.feature.melspectrogram(S=power, sr=16000, n_mels=64)
        parts = [
            librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20),
            librosa.feature.chroma_stft(S=power, sr=16000),
            librosa.feature.spectral_contrast(S=np.sqrt(power), sr=16000, fmin=100.0),
        ]
        stacked = np.vstack(parts)
        rows.append(np.concatenate([stacked.mean(axis=1), stacked.std(axis=1)]))
    np.save(stored, np.array(rows, np.float32))
    return np.load(stored)


def teacher_embeddings(corpus: Corpus) -> dict[str, np.ndarray]:
    """Track embeddings of each teacher, each pair, and all three: the accurate profile."""
    choices = {name: (name,) for name in EMBEDDING_PARTS}
    choices |= {" + ".join(pair): pair for pair in PAIRS}
    choices |= {"accurate profile (all three)": tuple(EMBEDDING_PARTS)}
    blocks = {name: mean_by_track(corpus.embedding[:, part], corpus.track) for name, part in EMBEDDING_PARTS.items()}
    return {label: np.hstack([blocks[name] for name in names]) for label, names in choices.items()}


def student_embedding(model: Model, corpus: Corpus) -> np.ndarray:
    """Track embeddings of a model file on the same patches."""
    return mean_by_track(run_patches(model, corpus.mel)[0], corpus.track)


NAMED = {
    "instrument/guitar": r"guitar",
    "instrument/piano": r"piano",
    "instrument/strings": r"string|violin|cello|orchestra",
    "instrument/drums": r"drum|percussion",
    "instrument/synthesizer": r"synth|electronic|keyboard",
    "voice/vocals": r"vocal|sing|voice|rap",
    "voice/female voice": r"female|woman",
    "voice/male voice": r"\bmale|\bman\b",
    "character/fast": r"fast|up-?tempo|energetic|lively",
    "character/heavy": r"heavy|distort|metal|aggress",
    "character/mellow": r"mellow|soft|slow|gentle|calm",
}


def captions(model: Model, corpus: Corpus, meta: list[dict]) -> dict[str, list]:
    """ROC-AUC of a tag against its being named in the caption of a GTZAN valid clip, and in how many it is.

    A caption that names no instrument does not deny it: the figures are lower bounds.
    """
    rows = [i for i, m in enumerate(meta) if m["split"] == "valid" and m["caption"]]
    return auc_where_named(model, corpus, rows, NAMED, [meta[i]["caption"].lower() for i in rows])


def auc_where_named(
    model: Model, corpus: Corpus, tracks: Sequence[int], patterns: dict[str, str], texts: Sequence[str], least: int = 0
) -> dict[str, list]:
    """ROC-AUC of each tag over `tracks` against its pattern being found in their texts, and in how many it is.

    Tags that the model has not are left out, as are those with fewer than `least` tracks on either side.
    """
    patches = np.flatnonzero(np.isin(corpus.track, tracks))
    z = mean_by_track(run_patches(model, corpus.mel[patches])[1], corpus.track[patches])
    names, found = model.tagset.names(), {}
    for tag, pattern in patterns.items():
        named = np.array([bool(re.search(pattern, text)) for text in texts])
        if tag in names and least <= named.sum() <= len(named) - least:
            found[tag] = [roc_auc(z[:, names.index(tag)], named), int(named.sum())]
    return found


PLAYED = {
    "instrument/guitar": r"Guitar",
    "instrument/piano": r"Piano",
    "instrument/strings": r"Violin|Viola|Cello|Contrabass|String",
    "instrument/violin": r"Violin",
    "instrument/flute": r"Flute|Recorder|Piccolo",
    "instrument/harp": r"Harp\b",
    "instrument/harpsichord": r"Harpsichord",
    "instrument/drums": r"Drums",
    "instrument/synthesizer": r"Synth|Lead|Pad",
    "voice/choir": r"Choir|Voice",
}


def scores(model: Model, cache: Path, pieces: Path, plan: Plan) -> dict[str, list]:
    """Instruments of a score against tags: ROC-AUC of a tag over held rendered pieces, and how many have it."""
    rows = read_rows(pieces / "tracks.csv")
    corpus = load(cache, ["rendered"])
    held = np.flatnonzero(held_tracks(corpus, {}, plan))
    programs = [rows[corpus.paths[i].split("/", 1)[1]]["programs"] for i in held]
    return auc_where_named(model, corpus, held, PLAYED, programs, least=5)


def missed(
    model: Model, cache: Path, songs: Corpus, clips: Corpus, rows: dict, recipe: Recipe
) -> dict[str, dict[str, float]]:
    """Share of the variance of each teacher's embedding that a student misses, on at most 300 patches of each part."""
    followed = [*recipe.network.branches, TEACHER]  # in the order of the embedding
    ends = DIM * np.arange(1, len(followed))  # of all but the last
    music, sung = (load(cache, [source]) for source in ("music", "sung"))
    parts = {"GTZAN valid": (clips, True), "Emotify, fold 3": (songs, True),
             "games kept aside": (music, True), "games learned from": (music, False),
             "songs of ours kept aside": (sung, True), "songs of ours learned from": (sung, False)}  # fmt: skip
    found: dict = {}
    for label, (corpus, held) in parts.items():
        patches = np.flatnonzero(held_tracks(corpus, rows, recipe.plan)[corpus.track] == held)
        some = corpus.take(patches[spread_evenly(len(patches), 300)])
        wanted = np.hstack([some.embedding[:, EMBEDDING_PARTS[name]] for name in followed]).astype(np.float32)
        wrong = (run_patches(model, some.mel)[0] - wanted) ** 2
        spread = (wanted - wanted.mean(axis=0)) ** 2
        sums = zip(*(np.split(x.sum(axis=0), ends) for x in (wrong, spread)), strict=True)
        found[label] = {name: float(a.sum() / b.sum()) for name, (a, b) in zip(followed, sums, strict=True)}
    return found


def seconds_per_track(model: Model) -> float:
    """CPU seconds of the network alone on a 3-minute track, one thread, the best of five."""
    S = np.random.default_rng(0).uniform(0, 3, (11250, 96)).astype(np.float32)
    times = []
    for _ in range(5):
        start = time.process_time()
        model.run(S)
        times.append(time.process_time() - start)
    return min(times)


def measure(args: argparse.Namespace) -> dict:
    """Every row of the table: label -> figures."""
    rows, recipe = label_rows(args.data), Recipe.read(RECIPE, args.cache)
    songs, clips = (load(args.cache, [source]) for source in ("emotify", "gtzan"))
    meta = [[dict(rows[p], path=p, artist=artist(p, rows)) for p in corpus.paths] for corpus in (songs, clips)]
    folds = ("0", "1", "2", "3")
    table: dict = {}

    def add(label: str, X_clips: np.ndarray | None, X_of_fold: dict[str, np.ndarray]) -> None:
        feelings, genres = emotify(X_of_fold, meta[0])
        row = {}
        if X_clips is not None:
            row = dict(zip(("gtzan", "gtzan_within_train"), gtzan(X_clips, meta[1]), strict=True))
        table[label] = row | {"feelings": feelings, "emotify_genres": genres}
        print(label, {key: round(float(value["value"]), 3) for key, value in table[label].items()}, flush=True)

    files = [[args.data / folder / m["path"].split("/", 1)[1] for m in part]
             for folder, part in zip(("emotify", "gtzan_partial"), meta, strict=True)]  # fmt: skip
    floor = [floor_statistics(f, args.cache / f"floor_{i}.npy") for i, f in enumerate(files)]
    add("MFCC + chroma + contrast", floor[1], dict.fromkeys(folds, floor[0]))
    teachers = [teacher_embeddings(corpus) for corpus in (songs, clips)]
    for label in teachers[0]:
        add(label, teachers[1][label], dict.fromkeys(folds, teachers[0][label]))
        add(f"{label}, fold 3 alone", None, {"3": teachers[0][label]})
    student = load_model(args.model)
    X = student_embedding(student, songs)
    add("bundled student", student_embedding(student, clips), dict.fromkeys(folds, X))
    add("bundled student, fold 3 alone", None, {"3": X})
    if args.everything:
        everything, counterpart = (load_model(file) for file in args.everything)
        X, unseen = student_embedding(everything, songs), student_embedding(counterpart, songs)
        add("student of everything", student_embedding(everything, clips), dict.fromkeys(folds[:3], unseen) | {"3": X})
        add("student of everything, fold 3 alone", None, {"3": X})
        add("its counterpart, folds 0-2 alone", student_embedding(counterpart, clips), dict.fromkeys(folds[:3], unseen))
        table["held-out figures of the student of everything"] = everything.info.metrics
    table["missed variance of the teachers' embeddings"] = missed(student, args.cache, songs, clips, rows, recipe)
    models = {"small network": student}
    for name, model in models.items():
        table[f"held-out figures of the {name} file"] = model.info.metrics
    table["seconds, one core, 3-minute track"] = {name: seconds_per_track(model) for name, model in models.items()}
    table["captions, GTZAN valid: AUC, clips"] = {
        name: captions(model, clips, meta[1]) for name, model in models.items()
    }
    if args.rendered:
        table["scores, held pieces: AUC, pieces"] = {
            name: scores(model, args.cache, args.rendered, recipe.plan) for name, model in models.items()
        }
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--heard", type=Path, help="cache of earmark_research.profiles: prints the table of bars")
    parser.add_argument("--cache", type=Path, help="cache of earmark_research.tagger: goes into the small network")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument(
        "--everything", type=Path, nargs=2, help="a student of research recordings too, and its counterpart"
    )
    parser.add_argument("--rendered", type=Path, help="the rendered pieces, for their scores")
    parser.add_argument("--out", type=Path, default=Path("quality.json"))
    args = parser.parse_args()
    if not (args.heard or args.cache):
        parser.error("give --heard or --cache")
    if args.heard:
        times = profile_figures.seconds({name: load_model(registry.bundled(name)) for name in registry.BUNDLED})
        profile_figures.print_table(profile_figures.figures(args.heard, args.data, gtzan, emotify), times)
    if args.cache:
        args.out.write_text(json.dumps(measure(args), indent=1, default=float) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
