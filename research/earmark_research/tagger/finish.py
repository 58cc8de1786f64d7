"""A trained network -> the bundled file, and the head of the accurate profile: chosen tags, calibrated, measured."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from torch import nn

from earmark.evaluation.calibration import Reliability, reliability
from earmark.tagger.interop.accurate import Head, save_head
from earmark.tagger.interop.musicnn import PATCH_FRAMES
from earmark.tagger.model import ModelInfo
from earmark.training.export import export_onnx
from earmark_research.tagger import corpus as corpora
from earmark_research.tagger import pipeline
from earmark_research.tagger.calibration import (
    DERIVED_GROUPS,
    SURE,
    Kept,
    auc,
    by_track,
    calibration_errors,
    cross_fitted,
    fit_calibration,
    known_rows,
    select,
    supported,
)
from earmark_research.tagger.compact import store_half
from earmark_research.tagger.corpus import EMBEDDING_PARTS, Corpus
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.labels import GENRES_OF, HELD_NOISE, LEARNED_NOISE, Targets, make_targets
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.network import StarterNet, whole_outputs
from earmark_research.tagger.tags import GENRES, starter_tagset

HELD_MUSIC = ("cc",)  # cache folders of music that is only measured on
# Sound that no microphone heard teaches, but does not judge.
INVENTED = ("rendered", "sung", "mixed", "mixed_sung", "mixed_gtzan")
FOLDS = 4  # of the labelled tracks that were learned from, for calibration
GUESSED = "MSD_vgg"  # the network that is guessed
GUESS_PATCHES, GUESS_RANK = 20_000, 32
GUESS_DECAY = 300.0  # of standardised values; ten times as much guesses as well
ACCURATE_DECAY = 1.0  # of the accurate profile's head
LAST_DECAY = 0.3  # of the student's: best of .1 to 3 for genres and feelings by cross-validation on what is learned


def with_guess(trained: pipeline.Trained, cache: Path, data: Path) -> pipeline.Trained:
    """The same with a network that guesses too, and has a head of that size that knows nothing yet."""
    network = copy.deepcopy(trained.network)
    corpus = pipeline.training_set(cache, data, trained.plan, trained.stage).corpus
    network.guess = fit_guess(network, corpus.take(corpora.spread(len(corpus.mel), GUESS_PATCHES)))
    network.head = nn.Linear(network.head.in_features + network.guess[-1].out_features, N_TAGS)
    return replace(trained, network=network)


def fit_guess(network: StarterNet, corpus: Corpus) -> nn.Sequential:
    """What `GUESSED` would say, from what the network pools: ridge regression, brought down to `GUESS_RANK`."""
    pooled = answers(network.embed, corpus.mel)[1].astype(np.float64)
    wanted = corpus.embedding[:, EMBEDDING_PARTS[GUESSED]].astype(np.float64)
    mean, std = pooled.mean(axis=0), pooled.std(axis=0) + 1e-3
    z = (pooled - mean) / std
    coef = Ridge(GUESS_DECAY).fit(z, wanted).coef_
    top = np.linalg.svd(z @ coef.T, full_matrices=False)[2][:GUESS_RANK]  # what varies most of the answers
    first = top @ coef / std
    down, up = nn.Linear(len(mean), len(top), bias=False), nn.Linear(len(top), wanted.shape[1])
    down.weight.data, up.weight.data = (torch.from_numpy(w).float() for w in (first, top.T.copy()))
    up.bias.data = torch.from_numpy(wanted.mean(axis=0) - top.T @ first @ mean).float()
    return nn.Sequential(down, up)


def answers(ask: Callable, mel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both things that a network, or its `embed`, says of each patch [n, 187, 96]: means over time, float32 [n, ..]."""
    with torch.no_grad():
        blocks = [ask(whole_outputs(part.float())) for part in torch.from_numpy(mel).split(64)]
    return tuple(torch.cat([block[k].mean(dim=1) for block in blocks]).numpy() for k in (0, 1))


def learned_part(cache: Path, rows: dict, plan: pipeline.Plan) -> tuple[Corpus, Targets]:
    """What linear heads are fitted on: labelled music with its labels, as much without, and noise; nothing held."""
    noise_there = (name for name in LEARNED_NOISE if (cache / name).is_dir())
    sources = list(dict.fromkeys((*plan.sources, *noise_there)))
    corpus = corpora.load(cache, sources)
    held = pipeline.held_tracks(corpus, rows, plan)
    source, free = corpus.sources[corpus.track], ~held[corpus.track]
    labelled, noise = (free & np.isin(source, names) for names in (list(pipeline.LABELLED), LEARNED_NOISE))
    spare = np.flatnonzero(free & ~labelled & ~noise)
    spare = spare[corpora.spread(len(spare), np.count_nonzero(labelled))]  # more of it would drown the labels
    learned = corpus.take(np.sort(np.concatenate([np.flatnonzero(labelled | noise), spare])))
    return learned, make_targets(learned, rows, ~held)


@dataclass
class Answered:
    """Patches with logits [n, n_tags] by which tags are judged; `track` are rows of `paths`."""

    logits: np.ndarray
    targets: Targets
    track: np.ndarray
    paths: list[str]

    def take(self, rows: np.ndarray) -> "Answered":
        targets = Targets(*(value[rows] for value in vars(self.targets).values()))
        return Answered(self.logits[rows], targets, self.track[rows], self.paths)

    def join(self, other: "Answered") -> "Answered":
        """Both, one after the other."""
        pairs = zip(vars(self.targets).values(), vars(other.targets).values(), strict=True)
        return Answered(
            np.concatenate([self.logits, other.logits]),
            Targets(*(np.concatenate(pair) for pair in pairs)),
            np.concatenate([self.track, other.track + len(self.paths)]),
            self.paths + other.paths,
        )


def out_of_fold(X: np.ndarray, learned: Corpus, targets: Targets, rows: dict, decay: float) -> Answered:
    """What heads say of the labelled tracks that they were not fitted on: of each artist's by one that knows none.

    A network that never heard these tracks is judged by them as by those that are held, and they are many more.
    """
    labelled = np.isin(learned.sources[learned.track], list(pipeline.LABELLED))
    artists = np.array([artist(path, rows) for path in learned.paths])[learned.track]
    everything = Answered(np.zeros((len(X), N_TAGS), np.float32), targets, learned.track, learned.paths)
    for fitted, asked in GroupKFold(FOLDS).split(X, groups=artists):
        weight, bias = fit_head(X[fitted], everything.take(fitted).targets, decay)
        everything.logits[asked] = X[asked] @ weight + bias
    return everything.take(np.flatnonzero(labelled))


def artist(path: str, rows: dict[str, dict[str, str]]) -> str:
    """Who made a track, where its label row says so; else the track itself."""
    return rows.get(path, {}).get("artist") or path


def held_out(cache: Path, rows: dict, plan: pipeline.Plan) -> tuple[Corpus, Targets]:
    """Music and noise that no training saw, with all their labels."""
    extra = HELD_MUSIC + HELD_NOISE
    sources = [name for name in (*plan.sources, *extra) if name not in INVENTED and (cache / name).is_dir()]
    corpus = corpora.load(cache, sources)
    held = np.isin(corpus.sources, extra) | pipeline.held_tracks(corpus, rows, plan)
    kept = corpus.take(np.flatnonzero(held[corpus.track]))
    return kept, make_targets(kept, rows, held)


def as_kept(answered: Answered) -> tuple[Kept, Kept]:
    """Rows per track and rows per patch."""
    means = Targets(*(by_track(value, answered.track) for value in vars(answered.targets).values()))
    means.asked = means.asked > 0.5
    return Kept(by_track(answered.logits, answered.track), means), Kept(answered.logits, answered.targets)


def judge(info: ModelInfo, held: Answered, more: Answered, rows: dict) -> tuple[ModelInfo, np.ndarray]:
    """Choose and calibrate the tags; returns the metadata with its figures, and which outputs stay.

    Tags are chosen and figures told by what is `held` alone, calibration is fitted and judged on `more` as well.
    """
    tracks, patches = as_kept(held)
    keep = supported(patches)
    tagset = select(info.tagset, keep)
    metrics = figures(tracks, patches, paths_of(held))
    answered = held.join(more)
    tracks, patches = (replace(kept, logits=kept.logits[:, keep]) for kept in as_kept(answered))
    answers = cross_fitted(tagset, tracks, song_names(paths_of(answered), rows))
    metrics["calibration_error"] = rounded(calibration_errors(answers))
    metrics["reliability"] = {name: as_lists(reliability(*pair)) for name, pair in answers.items()}
    return replace(info, tagset=fit_calibration(tagset, tracks, patches), metrics=metrics), keep


def paths_of(answered: Answered) -> list[str]:
    """Of the tracks that have patches."""
    return [answered.paths[i] for i in np.unique(answered.track)]


def as_lists(found: Reliability) -> dict[str, list]:
    """A reliability diagram for the metadata: what was said, what held, and how many answers, per bin with any."""
    bins = {"said": found.predicted, "held": found.observed, "count": found.count}
    return {name: np.round(values[found.count > 0], 3).tolist() for name, values in bins.items()}


def song_names(paths: list[str], rows: dict[str, dict[str, str]]) -> np.ndarray:
    """What tells recordings apart: the song where a label row names it, else the file."""
    return np.array([f"{corpora.source_of(p)}/{rows[p]['song']}" if p in rows else p for p in paths])


def figures(tracks: Kept, patches: Kept, paths: list[str]) -> dict:
    """What the outputs by themselves reach on the held-out part, for the metadata."""
    parts = {group.name: (group, part) for group, part in starter_tagset().slices()}
    found: dict = {}
    source = np.array([corpora.source_of(path) for path in paths])
    for name, allowed in GENRES_OF.items():
        rows = source == name
        asked = np.array([genre in allowed for genre in GENRES])
        z = np.where(asked, tracks.logits[rows][:, parts["genre"][1]], -np.inf)
        truth = tracks.targets.genre[rows]
        found[f"genre_accuracy_{name}"] = float((z.argmax(axis=1) == truth.argmax(axis=1)).mean())
        found[f"genre_majority_{name}"] = float(truth.mean(axis=0).max())
    for name in ("mood", "scale"):
        group, part = parts[name]
        z, truth = known_rows(group, part, tracks)
        found[f"{name}_r"] = {
            tag: float(np.corrcoef(a, b)[0, 1]) for tag, a, b in zip(group.tags, z.T, truth.T, strict=True)
        }
        found[f"{name}_r"] = rounded(found[f"{name}_r"])
    found["agreement_auc"] = rounded(agreement(patches))
    music = patches.targets.music > 0.5
    found["music_auc"] = auc(patches.logits[:, parts["content"][1]][:, 0], music)
    return rounded(found)


def agreement(patches: Kept) -> dict[str, float]:
    """ROC-AUC of each derived tag against the teachers' answer of at least .5, where there is any."""
    found = {}
    for group, part in starter_tagset().slices():
        if group.name not in DERIVED_GROUPS:
            continue
        z, truth = known_rows(group, part, patches)
        for tag, a, t in zip(group.tags, z.T, truth.T, strict=True):
            if (t >= SURE).any():
                found[f"{group.name}/{tag}"] = auc(a, t >= SURE)
    return found | {"macro": float(np.mean(list(found.values())))}


def rounded(values: dict) -> dict:
    """Numbers to three places."""
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}


def finish_student(
    trained: pipeline.Trained, witness: pipeline.Trained, cache: Path, data: Path, version: str, out: Path
) -> ModelInfo:
    """Write a model file: supported tags only, calibrated, weights as float16. Both come from `with_guess`.

    `witness` answers for labelled tracks that are learned from and that it never heard itself, so that calibration
    knows more than what is held. It is the network itself where that learned from no research recording.
    """
    network, rows = copy.deepcopy(trained.network), pipeline.label_rows(data)
    learned, targets = learned_part(cache, rows, trained.plan)
    X = answers(network, learned.mel)[1]
    weight, bias = fit_head(X, targets, LAST_DECAY)
    network.head.weight.data, network.head.bias.data = torch.from_numpy(weight.T.copy()), torch.from_numpy(bias)
    if witness is not trained:
        X = answers(witness.network, learned.mel)[1]
    more = out_of_fold(X, learned, targets, rows, LAST_DECAY)
    more = more.take(np.flatnonzero(~np.array([witness.heard(path, rows) for path in more.paths])[more.track]))
    corpus, targets = held_out(cache, rows, trained.plan)
    held = Answered(answers(network, corpus.mel)[0], targets, corpus.track, corpus.paths)
    info = pipeline.model_info(starter_tagset(), version, pipeline.hears_labelled(trained.stage))
    info, keep = judge(info, held, more, rows)
    network.head = narrowed(network.head, keep)
    draft = out.with_suffix(".full.onnx")
    export_onnx(network, info, draft)
    store_half(draft, out)
    draft.unlink()
    return info


def narrowed(head: nn.Linear, keep: np.ndarray) -> nn.Linear:
    """The rows of a linear head that stay."""
    rows = torch.from_numpy(np.flatnonzero(keep))
    small = nn.Linear(head.in_features, len(rows))
    small.weight.data, small.bias.data = head.weight.data[rows].clone(), head.bias.data[rows].clone()
    return small


def finish_accurate(cache: Path, data: Path, plan: pipeline.Plan, version: str, out: Path) -> ModelInfo:
    """Fit, judge and write the head of the accurate profile on the same tracks."""
    rows = pipeline.label_rows(data)
    learned, targets = learned_part(cache, rows, plan)
    X = learned.embedding.astype(np.float32)
    weight, bias = fit_head(X, targets, ACCURATE_DECAY)
    more = out_of_fold(X, learned, targets, rows, ACCURATE_DECAY)
    corpus, targets = held_out(cache, rows, plan)
    held = Answered(corpus.embedding.astype(np.float32) @ weight + bias, targets, corpus.track, corpus.paths)
    info = replace(
        pipeline.model_info(starter_tagset(), version),
        id="earmark-accurate", patch_frames=PATCH_FRAMES, min_frames=PATCH_FRAMES,
        description="Three networks of musicnn and a linear head of ours; one answer every 3 seconds.",
    )  # fmt: skip
    info, keep = judge(info, held, more, rows)
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-3
    head = Head(mean, std, (weight * std[:, None])[:, keep], (bias + mean @ weight)[keep], info)
    save_head(out, head)
    return info
