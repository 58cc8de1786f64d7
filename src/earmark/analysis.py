"""One track -> Analysis, the dataclass that everything below speaks: catalogue, search, command line, API."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from earmark.audio import MAX_SECONDS, TIME_LIMIT, content_hash, load_audio
from earmark.config import FeatureConfig
from earmark.earprint import Earprint, is_earprint, read_earprint
from earmark.errors import AudioError, printable
from earmark.features import log_mel
from earmark.filetags import FileTags, read_file_tags
from earmark.model import Activations, Model
from earmark.tagset import TagGroup, Tagset

ANALYSIS_VERSION = "1"  # of everything but the model: raise it when a result changes


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
    model_id, model_version, version : what made this analysis; equal stamps mean equal results
    tags : group -> tags, most probable first
    embedding : float32 [dim], to be compared only within one model_id
    activations : the same over time
    file_tags : what the file says of itself
    """

    path: str
    track_id: str
    duration: float
    analysed: float
    model_id: str
    model_version: str
    version: str
    tags: dict[str, list[TagProbability]]
    embedding: np.ndarray
    activations: Activations
    file_tags: FileTags = field(default_factory=FileTags)

    def top(self, group: str) -> str | None:
        """The most probable tag of a group, None where even that is unsure."""
        first = self.tags[group][0]
        return first.tag if first.sure else None

    def to_dict(self) -> dict:
        """The JSON object of ``earmark analyze --json``."""
        return {
            "path": printable(self.path),
            "track_id": self.track_id,
            "duration": round(self.duration, 3),
            "analysed": round(self.analysed, 3),
            "analysis_version": self.version,
            "model": {"id": self.model_id, "version": self.model_version},
            "title": self.file_tags.title,
            "artist": self.file_tags.artist,
            "album": self.file_tags.album,
            "year": self.file_tags.year,
            "tags": tags_dict(self.tags),
        }


def tags_dict(tags: dict[str, list[TagProbability]]) -> dict:
    """The ``tags`` of the JSON object."""
    return {
        group: [asdict(hit) | {"probability": round(hit.probability, 4)} for hit in hits]
        for group, hits in tags.items()
    }


def analyze(
    path: str | os.PathLike, model: Model, max_seconds: float = MAX_SECONDS, time_limit: float = TIME_LIMIT
) -> Analysis:
    """Listen to one audio file or earprint.

    Raises
    ------
    AudioError : the file cannot be read, or an earprint was made with another front end than the model's
    """
    heard = listen(path, model.info.features, max_seconds, time_limit)
    if heard.features != model.info.features:
        remedy = "Use a model with the same front end, or the audio itself."
        raise AudioError(path, f"an earprint that model {model.info.id!r} cannot read", remedy)
    activations = model.run(heard.S)
    return Analysis(
        path=os.fspath(path),
        track_id=heard.track_id,
        duration=heard.duration,
        analysed=min(heard.duration, len(heard.S) / heard.features.frame_rate),
        model_id=model.info.id,
        model_version=model.info.version,
        version=analysis_version(model),
        tags=rank_tags(model.tagset, activations),
        embedding=activations.track_embedding(),
        activations=activations,
        file_tags=heard.tags,
    )


def identify(path: str | os.PathLike) -> str:
    """The ``track_id`` of an audio file or earprint, without listening to it."""
    return read_earprint(path).track_id if is_earprint(path) else content_hash(path)


def analysis_version(model: Model) -> str:
    """The stamp that decides whether a track must be listened to again."""
    return f"{ANALYSIS_VERSION}+{model.info.id}@{model.info.version}"


def listen(
    path: str | os.PathLike,
    features: FeatureConfig,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
) -> Earprint:
    """What the networks hear of a file: read as it is from an earprint, computed from anything else."""
    if is_earprint(path):
        return read_earprint(path)
    audio = load_audio(path, features.sr, max_seconds, time_limit)
    tags = read_file_tags(path)
    if not tags.title:
        tags = FileTags(Path(printable(os.fspath(path))).stem, tags.artist, tags.album, tags.year, tags.genre)
    return Earprint(log_mel(audio.y, features), features, audio.duration, audio.track_id, audio.truncated, tags)


def rank_tags(tagset: Tagset, activations: Activations) -> dict[str, list[TagProbability]]:
    """Group -> tags of the whole track, most probable first."""
    probabilities = tagset.probabilities(activations.track_logits())
    return {group.name: rank(group, probabilities[part]) for group, part in tagset.slices()}


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
