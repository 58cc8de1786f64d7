"""One track -> Analysis, the dataclass that everything below speaks: catalogue, search, command line, API."""

import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from earmark.audio import MAX_SECONDS, TIME_LIMIT, content_hash, load_audio
from earmark.chroma import DEFAULT_CHROMA, chroma
from earmark.config import FeatureConfig
from earmark.describe import describe
from earmark.earprint import Earprint, is_earprint, read_earprint
from earmark.errors import AudioError, printable
from earmark.facts import NEEDS_CHROMA, NEEDS_TAGGER, PARTS, Fact, find_facts, part_names
from earmark.features import log_mel
from earmark.filetags import FileTags, read_file_tags
from earmark.loudness import LoudnessMeter
from earmark.model import Activations, Model
from earmark.tagset import TagGroup, Tagset

CONTENT = "content"  # the group that says whether there is music at all
TAGS = "tags"  # the part that the model answers; the others are those of `earmark.facts`


@dataclass(frozen=True, slots=True)
class TagProbability:
    """One tag of one track. `sure` says whether the probability reaches the tag's threshold."""

    tag: str
    probability: float
    sure: bool


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


def tags_dict(tags: dict[str, list[TagProbability]]) -> dict:
    """The ``tags`` of the JSON object."""
    return {
        group: [asdict(hit) | {"probability": round(hit.probability, 4)} for hit in hits]
        for group, hits in tags.items()
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
    return analyze_heard(path, listen(path, model.info.features, max_seconds, time_limit, parts), model, parts)


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


def identify(path: str | os.PathLike) -> str:
    """The ``track_id`` of an audio file or earprint, without listening to it."""
    return read_earprint(path).track_id if is_earprint(path) else content_hash(path)


def listen(
    path: str | os.PathLike,
    features: FeatureConfig,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    parts: Collection[str] | None = None,
) -> Earprint:
    """What the networks hear of a file: read as it is from an earprint, computed from anything else.

    parts : what it is for, of `versions`; loudness and chroma are left out where no part needs them
    """
    if is_earprint(path):
        return read_earprint(path)
    meter = None
    if parts is None or "loudness" in parts:
        meter = LoudnessMeter(44_100, 2, "stereo")  # it starts anew when the file turns out otherwise
    audio = load_audio(path, features.sr, max_seconds, time_limit, observer=meter)
    tonal = audio.sr == DEFAULT_CHROMA.sr and (parts is None or not NEEDS_CHROMA.isdisjoint(parts))
    tags = read_file_tags(path)
    if not tags.title:
        tags = FileTags(Path(printable(os.fspath(path))).stem, tags.artist, tags.album, tags.year, tags.genre)
    return Earprint(
        S=log_mel(audio.y, features),
        features=features,
        duration=audio.duration,
        track_id=audio.track_id,
        truncated=audio.truncated,
        tags=tags,
        chroma=chroma(audio.y) if tonal else None,
        loudness=meter.result() if meter else None,
    )


def rank_tags(tagset: Tagset, activations: Activations) -> dict[str, list[TagProbability]]:
    """Group -> tags of the whole track, most probable first."""
    probabilities = tagset.probabilities(activations.track_logits())
    return gate({group.name: rank(group, probabilities[part]) for group, part in tagset.slices()})


def gate(tags: dict[str, list[TagProbability]]) -> dict[str, list[TagProbability]]:
    """Where a model has a tag ``music`` in a group ``content`` and is not sure of it, nothing else is sure either.

    Speech, noise and silence have no genre; a tagger that never heard them would still name one.
    """
    if any(hit.tag == "music" and not hit.sure for hit in tags.get(CONTENT, [])):
        return {group: [replace(hit, sure=False) for hit in hits] for group, hits in tags.items()}
    return tags


def rank(group: TagGroup, probabilities: np.ndarray) -> list[TagProbability]:
    """The tags of one group, most probable first, from their probabilities [n_tags] in the group's order."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    return [
        TagProbability(group.tags[i], float(probabilities[i]), bool(probabilities[i] >= group.threshold[i]))
        for i in order
    ]


def curves(tagset: Tagset, activations: Activations) -> dict:
    """The belief at every moment: ``times`` in seconds and, per ``group/tag``, a probability a step."""
    probabilities = tagset.probabilities(activations.logits)
    return {
        "times": [round(float(t), 2) for t in activations.times],
        "tags": {name: [round(float(p), 4) for p in probabilities[:, i]] for i, name in enumerate(tagset.names())},
    }
