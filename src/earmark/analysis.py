"""One track -> `Analysis`, the dataclass that everything below works with, and the one JSON object of a track."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from earmark import descriptors, settings
from earmark.audio.earprint import Earprint
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.audio.listen import listen
from earmark.audio.opening import held
from earmark.descriptors import Descriptor
from earmark.descriptors.description import Description, Phrase, describe, tell_nothing
from earmark.descriptors.enough import TOO_SHORT, is_silent, is_too_short
from earmark.descriptors.tempo import Rhythm, TempoRange
from earmark.errors import AudioError, as_unicode, printable
from earmark.settings import MAX_SECONDS, TIME_LIMIT
from earmark.tagger.model import Activations, Model
from earmark.tagger.tags import TagProbability, activations_over_time, rank_tags, tags_dict
from earmark.tagger.tagset import Tagset

TAGS = "tags"  # the part that the tagger answers; the other parts of an analysis are its descriptors
NO_CURVES: dict[str, object] = {"times": [], "tags": {}}


@dataclass(frozen=True)
class Analysis:
    """What is known of one track.

    Attributes
    ----------
    path : as given; None for a kept track that no file leads to any more
    track_id : content hash of its audio
    duration, analysed : length of the track and of the part that was analysed, seconds
    model_id, model_version : the tagger
    versions : part (``tags`` or a descriptor) -> version of what computed it; equal versions mean equal results
    tagset : of the tagger
    tags : group -> tags, most probable first; empty where that part was not wanted. A track that is silent or too short
        has every group, with nothing in it
    activations : the tagger's outputs over time, with the embedding; None where they were not wanted or not read
    descriptors : name -> descriptor: ``tempo`` (Rhythm), ``key``, ``loudness``, ``energy``, ``structure``, ``course``
    file_tags : title, artist, album, year and genre as the file has them
    silent : whether nothing in it sounds; False for a kept track, whose columns tell it
    incomplete : what is missing of the file; None where all of it was heard
    warnings : what else was not as it should be, in short sentences
    """

    path: str | None
    track_id: str
    duration: float
    analysed: float
    model_id: str
    model_version: str
    versions: dict[str, str]
    tagset: Tagset
    tags: dict[str, list[TagProbability]] = field(default_factory=dict)
    activations: Activations | None = None
    descriptors: dict[str, Descriptor] = field(default_factory=dict)
    file_tags: FileTags = field(default_factory=FileTags)
    silent: bool = False
    incomplete: Incomplete | None = None
    warnings: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Descriptor]:
        """The descriptors under their former name, for one release."""
        return self.descriptors

    @property
    def name(self) -> str:
        """``artist: title``, or the title alone, on one line that can be shown."""
        tags = self.file_tags
        return printable(f"{tags.artist}: {tags.title}" if tags.artist else tags.title)

    @property
    def embedding(self) -> np.ndarray:
        """float32 [dim], to be compared only within one model_id."""
        return self._heard.track_embedding()

    @property
    def _heard(self) -> Activations:
        """The activations, of an analysis that holds the tagger's part."""
        if self.activations is None:
            raise ValueError(f"{self.name}: only some descriptors were computed, not the tags")
        return self.activations

    @property
    def description(self) -> str:
        """`describe` in the language of the settings."""
        return self.describe()

    @property
    def untold(self) -> str:
        """Why there is nothing in any group of tags: ``too short to say`` or ``silence``; "" where there is."""
        short = is_too_short(TAGS, self.analysed)
        return "" if any(self.tags.values()) and not short else TOO_SHORT if short else "silence" if self.tags else ""

    def top(self, group: str) -> str | None:
        """The most probable tag of a group, None where even that is unsure."""
        return next((hit.tag for hit in self.tags[group][:1] if hit.sure), None)

    def describe(self, language: str | None = None) -> str:
        """Two or three sentences; empty where nothing is sure.

        language : ``en`` or ``de``; that of ``EARMARK_LANGUAGE`` by default, else English. Raises ConfigError for
            others.
        """
        return self._tell(language).text

    def phrases(self, language: str | None = None) -> tuple[Phrase, ...]:
        """The parts of `describe`, each with the tags, descriptors and passages that it rests on."""
        return self._tell(language).phrases

    def _tell(self, language: str | None) -> Description:
        code = language or settings.language()
        if self.untold:
            return tell_nothing("too short" if self.untold == TOO_SHORT else "silence", code)
        return describe(self.tags, self.descriptors, code, self.track_id)

    def curves(self) -> dict:
        """Each tag over time, see `earmark.tagger.tags.activations_over_time`; needs `activations`."""
        return activations_over_time(self.tagset, self._heard) if any(self.tags.values()) else NO_CURVES

    def with_tempo_in(self, tempo_range: TempoRange | None) -> "Analysis":
        """The same with its tempo shown by the octave that lies in a range; as it is for None."""
        rhythm = self.descriptors.get("tempo")
        if tempo_range is None or not isinstance(rhythm, Rhythm):
            return self
        return replace(self, descriptors=self.descriptors | {"tempo": tempo_range.show(rhythm)})

    def lines(self) -> list[tuple[str, str]]:
        """(name, text) of every descriptor, for the terminal."""
        return descriptors.lines(self.descriptors, self.analysed)

    def to_dict(self, language: str | None = None) -> dict:
        """The JSON object of a track: of ``analyze --json`` and, with more, of ``show``, ``similar`` and ``search``.

        language : of the description, as in `describe`
        """
        told = self._tell(language)
        return {
            "path": self.path if self.path is None else as_unicode(self.path),
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
            **{name: descriptor.to_dict() for name, descriptor in self.descriptors.items()},
            "description": told.text,
            "phrases": [phrase.to_dict() for phrase in told.phrases],
            **({"incomplete": self.incomplete.to_dict()} if self.incomplete else {}),
            **({"warnings": list(self.warnings)} if self.warnings else {}),
        }


def analyze(
    path: str | os.PathLike,
    model: Model,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    parts: Collection[str] | None = None,
) -> Analysis:
    """Analyse one audio file or earprint.

    Parameters
    ----------
    max_seconds : of sound that are analysed
    time_limit : seconds of wall clock that decoding may take
    parts : what to compute, of `versions`; everything by default

    Raises
    ------
    AudioError : the file cannot be read, or an earprint was made with another front end than the model's
    """
    needs = needs_of(versions(model) if parts is None else parts)
    with held(path):
        earprint = listen(path, model.info.features, max_seconds, time_limit, needs)
    return analyze_earprint(path, earprint, model, parts)


def analyze_earprint(
    path: str | os.PathLike, earprint: Earprint, model: Model, parts: Collection[str] | None = None
) -> Analysis:
    """What `analyze` does once the sound is decoded; `path` is where it came from."""
    if earprint.features != model.info.features:
        remedy = "Use a model with the same front end, or the audio itself."
        raise AudioError(path, f"an earprint that model {model.info.id!r} cannot read", remedy)
    current = versions(model)
    parts = set(current if parts is None else parts)
    activations = model.run(earprint.S) if TAGS in parts or "activations" in needs_of(parts) else None
    tagged, silent = TAGS in parts, is_silent(earprint.S)
    return Analysis(
        path=os.fspath(path),
        track_id=earprint.track_id,
        duration=earprint.duration,
        analysed=earprint.seconds,
        model_id=model.info.id,
        model_version=model.info.version,
        versions={part: version for part, version in current.items() if part in parts},
        tagset=model.tagset,
        tags=tell_tags(activations, model.tagset, earprint.seconds, silent) if activations and tagged else {},
        activations=activations if tagged else None,
        descriptors=descriptors.estimate(earprint, activations, parts),
        file_tags=earprint.tags,
        silent=silent,
        incomplete=earprint.incomplete,
        warnings=earprint.warnings,
    )


def tell_tags(
    activations: Activations, tagset: Tagset, seconds: float, silent: bool
) -> dict[str, list[TagProbability]]:
    """Group -> tags; nothing in any group where the sound is silent or, of so many seconds, too short."""
    if silent or is_too_short(TAGS, seconds):
        return {group.name: [] for group in tagset.groups}
    return rank_tags(tagset, activations)


def needs_of(parts: Collection[str]) -> frozenset[str]:
    """What the descriptors among `parts` are computed from, see `earmark.descriptors`."""
    return descriptors.needs_of([part for part in parts if part != TAGS])


def versions(model: Model) -> dict[str, str]:
    """Part -> version, of all that an analysis with this model holds."""
    tagger = f"{model.info.id}@{model.info.version}"
    own = {name: descriptors.DESCRIPTORS[name] for name in descriptors.names_for(model.info.features)}
    found = {name: f"{m.VERSION}/{tagger}" if "activations" in m.NEEDS else m.VERSION for name, m in own.items()}
    return {TAGS: tagger} | found


def join_versions(parts: dict[str, str]) -> str:
    """``tags:earmark@7-default tempo:1 ...``: the versions as they are stored and shown."""
    return " ".join(f"{part}:{version}" for part, version in parts.items())


def split_versions(text: str) -> dict[str, str]:
    """What `join_versions` joined."""
    return dict(item.split(":", 1) for item in text.split())
