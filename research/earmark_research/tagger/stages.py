"""The training in stages, each of which goes on from the weights of another."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.progress import Progress, silent
from earmark.tagger.interop.musicnn import Weights
from earmark_research.tagger.corpus import Corpus, load, source_of, spread_evenly
from earmark_research.tagger.fit import FitConfig, TrainingSet, fit
from earmark_research.tagger.initialise import initialise_network
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.network import StarterConfig, StarterNet
from earmark_research.tagger.plan import LABELLED, Plan, Rows, held_tracks, is_held

DECIDING = 120  # patches that decide which filters a narrower front end keeps


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the training.

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

    def uses_labelled(self) -> bool:
        """Whether research recordings are among its sources; else only the last layer depends on their labels."""
        return not set(LABELLED).isdisjoint(self.sources)

    def label(self, plan: Plan) -> str:
        """Name of its files: names the held folds where the stage depends on them."""
        return f"{self.name}-without-{''.join(plan.held_folds)}" if "emotify" in self.sources else self.name


@dataclass(frozen=True, slots=True)
class Trained:
    """A network as a stage left it."""

    network: StarterNet
    stage: Stage
    plan: Plan

    @property
    def label(self) -> str:
        """Name of its files."""
        return self.stage.label(self.plan)

    def learned_from(self, path: str, rows: Rows) -> bool:
        """Whether the network was trained on the sound of the track ``source/path``."""
        return source_of(path) in self.stage.sources and not is_held(path, rows, self.plan)


def training_set(cache: Path, rows: Rows, plan: Plan, stage: Stage) -> TrainingSet:
    """Everything of the stage's sources that is not held."""
    corpus = load(cache, stage.sources)
    held = held_tracks(corpus, rows, plan)
    corpus = corpus.take(np.flatnonzero(~held[corpus.track]))
    return TrainingSet(corpus, draw_weights(corpus, stage))


def draw_weights(corpus: Corpus, stage: Stage) -> np.ndarray:
    """float64 [n], by which each patch is drawn: sources by ``stage.share``, patches of a source alike."""
    source = corpus.sources[corpus.track]
    weight = np.zeros(len(source))
    for name, share in zip(stage.sources, stage.share, strict=True):
        weight[source == name] = share / max(1, np.count_nonzero(source == name))
    return weight


def train_stages(
    cache: Path, rows: Rows, plan: Plan, stages: Sequence[Stage], cfg: StarterConfig, weights: Mapping[str, Weights],
    out: Path, networks: dict[str, StarterNet], progress: Progress = silent,
) -> Iterator[Trained]:  # fmt: skip
    """The network after each stage; checkpoints go to the folder `out`.

    `networks` are those that are trained already, by the labels of their stages, and each new one joins them: plans
    with other folds share the stages that use no research recording.
    """
    labels = {stage.name: stage.label(plan) for stage in stages}
    for stage in stages:
        label = labels[stage.name]
        if label not in networks:
            data = training_set(cache, rows, plan, stage)
            earlier = networks[labels[stage.after]] if stage.after else None
            network = copy.deepcopy(earlier) if earlier else first_network(data.corpus, cfg, weights)
            networks[label] = fit(data, stage.cfg, network, out / f"{label}.pt", progress)
        yield Trained(networks[label], stage, plan)


def first_network(corpus: Corpus, cfg: StarterConfig, weights: Mapping[str, Weights]) -> StarterNet:
    """A network with musicnn's weights; patches of the corpus decide which filters it keeps."""
    some = corpus.mel[spread_evenly(len(corpus.mel), DECIDING)].astype(np.float32)
    return initialise_network(cfg, N_TAGS, weights, some)
