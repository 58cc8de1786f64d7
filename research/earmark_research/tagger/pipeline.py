"""The parts put together: which tracks are learned from, which are kept aside, and what the file says of itself."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from earmark.tagger.interop.musicnn import Weights
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import Tagset
from earmark_research.tagger import corpus as corpora
from earmark_research.tagger.corpus import Corpus
from earmark_research.tagger.fit import FitConfig, TrainingSet, fit
from earmark_research.tagger.inherit import begin
from earmark_research.tagger.labels import read_rows
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.network import StarterConfig, StarterNet

LABELLED = {"gtzan": "gtzan_partial", "emotify": "emotify"}  # source -> folder of the data
DECIDING = 120  # patches that decide which filters a narrower front end keeps


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured on and kept from training.

    Attributes
    ----------
    sources : cache folders that are learned from; ``gtzan`` and ``emotify`` bring labels
    held_folds : folds of Emotify that no training sees, neither labels nor sound
    held_music : parts of paths that no training sees
    """

    sources: tuple[str, ...]
    held_folds: tuple[str, ...]
    held_music: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the training, which goes on from the weights of another.

    Attributes
    ----------
    name : of its checkpoint and model file
    sources : cache folders that it learns from
    share : how much of a batch each source makes up
    cfg : steps and rate
    after : name of the stage that it goes on from; without one it begins with musicnn's weights
    """

    name: str
    sources: tuple[str, ...]
    share: tuple[float, ...]
    cfg: FitConfig
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """A network as a stage left it."""

    network: StarterNet
    stage: Stage
    plan: Plan

    @property
    def label(self) -> str:
        return stage_label(self.stage, self.plan)

    def heard(self, path: str, rows: dict[str, dict[str, str]]) -> bool:
        """Whether the network learned from the track ``source/path``, labels aside."""
        return corpora.source_of(path) in self.stage.sources and not is_held(path, rows, self.plan)


def label_rows(data: Path) -> dict[str, dict[str, str]]:
    """``source/path`` -> its row, for both labelled sources under the folder `data`."""
    return {
        f"{source}/{path}": row
        for source, folder in LABELLED.items()
        for path, row in read_rows(Path(data) / folder / "tracks.csv").items()
    }


def crossed(plan: Plan, rows: dict[str, dict[str, str]]) -> Plan:
    """Emotify's folds the other way round, so that of two networks there is one that never heard a fold."""
    folds = {row["fold"] for path, row in rows.items() if corpora.source_of(path) == "emotify"}
    return replace(plan, held_folds=tuple(sorted(folds.difference(plan.held_folds))))


def is_held(path: str, rows: dict[str, dict[str, str]], plan: Plan) -> bool:
    """Whether the track ``source/path`` is kept from training: GTZAN's valid split, held folds, held music."""
    source = corpora.source_of(path)
    if source == "gtzan":
        return rows[path]["split"] != "train"
    if source == "emotify":
        return rows[path]["fold"] in plan.held_folds
    return source == "cc" or any(part in path for part in plan.held_music)


def held_tracks(corpus: Corpus, rows: dict, plan: Plan) -> np.ndarray:
    """Bool [n_tracks], the tracks that are held."""
    return np.array([is_held(path, rows, plan) for path in corpus.paths])


def training_set(cache: Path, data: Path, plan: Plan, stage: Stage) -> TrainingSet:
    """Everything of the stage's sources that is not held."""
    corpus = corpora.load(cache, stage.sources)
    held = held_tracks(corpus, label_rows(data), plan)
    corpus = corpus.take(np.flatnonzero(~held[corpus.track]))
    return TrainingSet(corpus, draw_weights(corpus, stage))


def draw_weights(corpus: Corpus, stage: Stage) -> np.ndarray:
    """How often each patch is drawn: sources by ``stage.share``, patches of a source alike."""
    source = corpus.sources[corpus.track]
    weight = np.zeros(len(source))
    for name, share in zip(stage.sources, stage.share, strict=True):
        weight[source == name] = share / max(1, np.count_nonzero(source == name))
    return weight


def train(
    cache: Path, data: Path, plan: Plan, stages: Sequence[Stage], net: StarterConfig, weights: dict[str, Weights],
    out: Path, left: dict[str, StarterNet],
) -> Iterator[Trained]:  # fmt: skip
    """The network after each stage; checkpoints go to `out`, networks to `left`, by the labels of their stages.

    A label tells which folds were held where its stage could have seen them: two trainings with other folds share the
    stages without research recordings.
    """
    labels = {stage.name: stage_label(stage, plan) for stage in stages}
    for stage in stages:
        label = labels[stage.name]
        if label not in left:
            there = training_set(cache, data, plan, stage)
            network = copy.deepcopy(left[labels[stage.after]]) if stage.after else begun(there.corpus, net, weights)
            left[label] = fit(there, stage.cfg, network, out / f"{label}.pt")
        yield Trained(left[label], stage, plan)


def begun(corpus: Corpus, net: StarterConfig, weights: dict[str, Weights]) -> StarterNet:
    """A network with musicnn's weights; patches of the corpus decide which filters it has."""
    some = corpus.mel[corpora.spread(len(corpus.mel), DECIDING)].astype(np.float32)
    return begin(net, N_TAGS, weights, some)


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
        description="Two networks of musicnn made small, a third one guessed, and a head fitted to listeners' labels.",
    )


WEIGHTS = "Apache-2.0 for the weights, which began as musicnn's (ISC, copyright Music Technology Group, UPF)"
LICENCE = f"{WEIGHTS}; recordings and labels they learned from have terms of their own"
FREE_LICENCE = f"{WEIGHTS}; what the last layer was fitted to is licensed for research"


def training_data(heard: bool) -> list[dict[str, str]]:
    """What was learned from, and its terms."""
    used = "recordings and {}" if heard else "recordings and {}, for the last layer alone"
    rows = [
        ("Emotify", used.format("ratings"), "research use; music by Magnatune, CC BY-NC-SA"),
        ("GTZAN, fault-filtered train split", used.format("genres"), "research use"),
        ("Music of free games in Debian", "recordings", "GPL, CC BY, CC BY-SA, CC0"),
        ("Accompaniments composed by code, FluidR3 GM soundfont", "recordings", "ours; MIT"),
        ("Voices that sing over them, made of flite's", "recordings", "ours; BSD-like"),
        ("musicnn 0.1.0, three networks", "weights of two to begin with, and the answers of all", "ISC"),
        ("Speech prompts and sounds in Debian", "recordings, as examples of no music", "free"),
    ]
    return [dict(zip(("name", "used", "terms"), row, strict=True)) for row in rows]
