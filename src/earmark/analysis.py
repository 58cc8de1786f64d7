"""One track -> Analysis, the dataclass that everything below speaks: catalogue, search, command line, API."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from earmark.audio.earprint import Earprint
from earmark.audio.filetags import FileTags
from earmark.audio.listen import EVERYTHING, listen
from earmark.descriptors.sentence import describe
from earmark.descriptors.table import NEEDS_CHROMA, NEEDS_TAGGER, PARTS, Fact, find_facts, part_names
from earmark.errors import AudioError, printable
from earmark.settings import MAX_SECONDS, TIME_LIMIT
from earmark.tagger.model import Activations, Model
from earmark.tagger.tags import TagProbability, rank_tags, tags_dict

TAGS = "tags"  # the part that the model answers; the others are those of `earmark.descriptors.table`


@dataclass(frozen=True)
class Analysis:
    """What earmark heard in one track.

    Attributes
    ----------
    path : as given
    track_id : content hash of its audio
    duration, analysed : length of the track and of the part that was listened to, seconds
    model_id, model_version : the tagger
    versions : part -> version of what computed it; equal versions mean equal results
    tags : group -> tags, most probable first; empty where that part was not wanted
    activations : the tagger's answers over time, with the embedding; None where that part was not wanted
    facts : part -> fact: ``tempo`` (Rhythm), ``key``, ``loudness``, ``energy``, ``structure``
    file_tags : what the file says of itself
    """

    path: str
    track_id: str
    duration: float
    analysed: float
    model_id: str
    model_version: str
    versions: dict[str, str]
    tags: dict[str, list[TagProbability]] = field(default_factory=dict)
    activations: Activations | None = None
    facts: dict[str, Fact] = field(default_factory=dict)
    file_tags: FileTags = field(default_factory=FileTags)

    @property
    def embedding(self) -> np.ndarray:
        """float32 [dim], to be compared only within one model_id."""
        return self.activations.track_embedding()

    def top(self, group: str) -> str | None:
        """The most probable tag of a group, None where even that is unsure."""
        first = self.tags[group][0]
        return first.tag if first.sure else None

    def to_dict(self) -> dict:
        """The JSON object of ``earmark analyze --json``."""
        facts = {name: fact.to_dict() for name, fact in self.facts.items()}
        return {
            "path": printable(self.path),
            "track_id": self.track_id,
            "duration": round(self.duration, 3),
            "analysed": round(self.analysed, 3),
            "analysis_version": join_versions(self.versions),
            "model": {"id": self.model_id, "version": self.model_version},
            "title": self.file_tags.title,
            "artist": self.file_tags.artist,
            "album": self.file_tags.album,
            "year": self.file_tags.year,
            "tags": tags_dict(self.tags),
            **facts,
            "description": describe(self.tags, facts),
        }


def analyze(
    path: str | os.PathLike,
    model: Model,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    parts: set[str] | None = None,
) -> Analysis:
    """Listen to one audio file or earprint.

    Parameters
    ----------
    parts : what to compute, of `versions`; everything by default

    Raises
    ------
    AudioError : the file cannot be read, or an earprint was made with another front end than the model's
    """
    heard = listen(path, model.info.features, max_seconds, time_limit, needs_of(parts))
    return analyze_heard(path, heard, model, parts)


def analyze_heard(path: str | os.PathLike, heard: Earprint, model: Model, parts: set[str] | None = None) -> Analysis:
    """What `analyze` does once the sound is read."""
    if heard.features != model.info.features:
        remedy = "Use a model with the same front end, or the audio itself."
        raise AudioError(path, f"an earprint that model {model.info.id!r} cannot read", remedy)
    current = versions(model)
    parts = set(current) if parts is None else parts
    activations = model.run(heard.S) if parts & (NEEDS_TAGGER | {TAGS}) else None
    wanted_tags = activations is not None and TAGS in parts
    return Analysis(
        path=os.fspath(path),
        track_id=heard.track_id,
        duration=heard.duration,
        analysed=min(heard.duration, len(heard.S) / heard.features.frame_rate),
        model_id=model.info.id,
        model_version=model.info.version,
        versions={part: current[part] for part in current if part in parts},
        tags=rank_tags(model.tagset, activations) if wanted_tags else {},
        activations=activations if wanted_tags else None,
        facts=find_facts(heard, activations, parts),
        file_tags=heard.tags,
    )


def needs_of(parts: Collection[str] | None) -> frozenset[str]:
    """What the earprint must hold beside the log-mel for these parts; None stands for all parts."""
    if parts is None:
        return EVERYTHING
    return frozenset(
        need for need, users in (("chroma", NEEDS_CHROMA), ("loudness", {"loudness"})) if not users.isdisjoint(parts)
    )


def versions(model: Model) -> dict[str, str]:
    """Part -> version, of all that an analysis with this model holds."""
    tagger = f"{model.info.id}@{model.info.version}"
    facts = {
        name: f"{PARTS[name].version}/{tagger}" if name in NEEDS_TAGGER else PARTS[name].version
        for name in part_names(model.info.features)
    }
    return {TAGS: tagger} | facts


def join_versions(parts: dict[str, str]) -> str:
    """``tags:starter@1 tempo:1 ...``: the stamp that decides what must be computed again."""
    return " ".join(f"{part}:{version}" for part, version in parts.items())


def split_versions(stamp: str) -> dict[str, str]:
    """What `join_versions` joined."""
    return dict(item.split(":", 1) for item in stamp.split())
