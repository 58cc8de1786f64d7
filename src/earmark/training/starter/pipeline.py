"""The parts put together: which tracks are learned from, which are kept aside, and what the file says of itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.model import ModelInfo
from earmark.tagset import Tagset
from earmark.training.starter import corpus as corpora
from earmark.training.starter.corpus import Corpus
from earmark.training.starter.fit import FitConfig, TrainingSet, fit
from earmark.training.starter.heads import fit_head
from earmark.training.starter.labels import make_targets, read_rows
from earmark.training.starter.network import StarterConfig, StarterNet

LABELLED = {"gtzan": "gtzan_partial", "emotify": "emotify"}  # source -> folder of the data


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured on and kept from training.

    Attributes
    ----------
    sources : cache folders of music; ``gtzan`` and ``emotify`` bring labels
    held_folds : folds of Emotify that no training sees, neither labels nor sound
    held_music : parts of paths that no training sees
    """

    sources: tuple[str, ...] = ("gtzan", "emotify", "music", "rendered", "mixed", "mixed_gtzan")
    held_folds: tuple[str, ...] = ("3",)
    held_music: tuple[str, ...] = ("hyperrogue", "singularity", "rendered/0-008")


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the training, which begins with the weights of the one before.

    Attributes
    ----------
    name : of its checkpoint and model file
    sources : cache folders of music that it learns from
    share : how much of a batch each source makes up
    cfg : steps, rate, weights of the losses
    """

    name: str
    sources: tuple[str, ...]
    share: tuple[float, ...]
    cfg: FitConfig


def label_rows(data: Path) -> dict[str, dict[str, str]]:
    """``source/path`` -> its row, for both labelled sources under the folder `data`."""
    return {
        f"{source}/{path}": row
        for source, folder in LABELLED.items()
        for path, row in read_rows(Path(data) / folder / "tracks.csv").items()
    }


def is_held(path: str, rows: dict[str, dict[str, str]], plan: Plan) -> bool:
    """Whether the track ``source/path`` is kept from training: GTZAN's valid split, held folds, held music."""
    source = corpora.source_of(path)
    if source == "gtzan":
        return rows[path]["split"] != "train"
    if source == "emotify":
        return rows[path]["fold"] in plan.held_folds
    return source == "cc" or any(part in path for part in plan.held_music)


def split(corpus: Corpus, rows: dict, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Bool per track: held, and held per patch."""
    held = np.array([is_held(path, rows, plan) for path in corpus.paths])
    return held, held[corpus.track]


def noise_patches(cache: Path, n_synthetic: int = 600, seed: int = 0) -> np.ndarray:
    """float16 [n, 187, 96]: recorded sounds that are no music, where the cache has them, and synthetic ones."""
    from earmark.features import log_mel
    from earmark.training.starter.negatives import negative

    rng = np.random.default_rng(seed)
    made = [corpora.to_patches(log_mel(negative(rng)))[0] for _ in range(n_synthetic)]
    parts = [np.stack(made).astype(np.float16)]
    if (cache / "nonmusic").is_dir():
        parts.append(corpora.load_mel(cache / "nonmusic"))
    return np.concatenate(parts)


def training_set(cache: Path, data: Path, plan: Plan, stage: Stage) -> TrainingSet:
    """Everything that `fit` needs, from the cache; the accurate head is fitted on the way, on the same tracks."""
    corpus, rows = corpora.load(cache, stage.sources), label_rows(data)
    held, held_patch = split(corpus, rows, plan)
    corpus = corpus.take(np.flatnonzero(~held_patch))
    targets = make_targets(corpus, rows, ~held)
    head_logits = np.zeros((len(targets.music), 0), np.float32)
    if stage.cfg.head > 0:
        X = corpus.embedding.astype(np.float32)
        weight, bias = fit_head(X, targets)
        head_logits = X @ weight + bias
    return TrainingSet(corpus, targets, head_logits, draw_weights(corpus, stage), noise_patches(cache))


def draw_weights(corpus: Corpus, stage: Stage) -> np.ndarray:
    """How often each patch is drawn: sources by ``stage.share``, patches of a source alike."""
    source = corpus.sources[corpus.track]
    weight = np.zeros(len(source))
    for name, share in zip(stage.sources, stage.share, strict=True):
        weight[source == name] = share / max(1, np.count_nonzero(source == name))
    return weight


def train(
    cache: Path, data: Path, plan: Plan, stages: Sequence[Stage], net: StarterConfig, out: Path
) -> Iterator[tuple[Stage, StarterNet]]:
    """The network after each stage; checkpoints go to `out`.

    The name of a checkpoint tells which folds were held where its stage could have seen them: two trainings with
    other folds share the stages without labels.
    """
    before = None
    for stage in stages:
        checkpoint = out / f"{stage_label(stage, plan)}.pt"
        yield stage, fit(training_set(cache, data, plan, stage), stage.cfg, net, checkpoint, begin=before)
        before = checkpoint


def stage_label(stage: Stage, plan: Plan) -> str:
    """Name of a stage's files."""
    return f"{stage.name}-without-{''.join(plan.held_folds)}" if "emotify" in stage.sources else stage.name


def hears_labelled(stage: Stage) -> bool:
    """Whether the network itself learns from research recordings; else its last layer alone knows their labels."""
    return not set(LABELLED).isdisjoint(stage.sources)


def model_info(tagset: Tagset, version: str, heard: bool = True) -> ModelInfo:
    """The metadata of a model file; `heard` as in `hears_labelled`."""
    return ModelInfo(
        id="earmark-starter",
        version=version,
        tagset=tagset,
        patch_frames=192,  # 3.07 s: as in training, so every step sees what it learned to see
        min_frames=64,
        training_data=training_data(heard),
        licence=LICENCE if heard else FREE_LICENCE,
        description="Small tagger distilled from musicnn's networks and fitted to listeners' labels.",
    )


LICENCE = "Apache-2.0 for the weights; recordings and labels they learned from have terms of their own"
FREE_LICENCE = "Apache-2.0 for the weights; what the last layer was fitted to is licensed for research"


def training_data(heard: bool) -> list[dict[str, str]]:
    """What was learned from, and its terms."""
    used = "recordings and {}" if heard else "recordings and {}, for the last layer alone"
    rows = [
        ("Emotify", used.format("ratings"), "research use; music by Magnatune, CC BY-NC-SA"),
        ("GTZAN, fault-filtered train split", used.format("genres"), "research use"),
        ("Music of free games in Debian", "recordings", "GPL, CC BY, CC BY-SA, CC0"),
        ("Accompaniments composed by code, FluidR3 GM soundfont", "recordings", "ours; MIT"),
        ("musicnn 0.1.0 (MSD, MTT)", "answers of its networks", "ISC"),
        ("Speech prompts and sounds in Debian", "recordings, as examples of no music", "free"),
    ]
    return [dict(zip(("name", "used", "terms"), row, strict=True)) for row in rows]
