"""A track as the catalogue gives it back: its analysis with the user's corrections, its paths, its fields."""

import json
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Self

from earmark.analysis import TAGS, Analysis, split_versions
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.catalogue.corrections import apply_corrections, apply_tag_corrections
from earmark.catalogue.files import FileState
from earmark.catalogue.schema import heard_tags, is_machine, is_named, tag_columns
from earmark.descriptors import DESCRIPTORS, Descriptor, from_dicts
from earmark.descriptors.enough import is_too_short
from earmark.descriptors.tempo import TempoRange
from earmark.errors import as_unicode
from earmark.tagger.tags import TagProbability, gate, rank
from earmark.tagger.tagset import TagGroup, Tagset


@dataclass(frozen=True, slots=True)
class ModelRef:
    """The model that a catalogue was made with, as kept in the catalogue itself."""

    name: str
    id: str
    version: str
    tagset: Tagset


@dataclass(frozen=True)
class Track:
    """One track of a catalogue.

    Attributes
    ----------
    analysis : as it was made, with the corrections applied; its activations only where they were asked for
    files : all that hold this recording, each with its own tags, by path
    corrections : field -> the user's text
    fields : column -> value of everything that can be filtered
    """

    analysis: Analysis
    files: tuple[FileState, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def track_id(self) -> str:
        """Content hash of its audio, 20 hexadecimal digits."""
        return self.analysis.track_id

    @property
    def paths(self) -> tuple[str, ...]:
        """Of all files, sorted."""
        return tuple(sorted(as_unicode(file.path) for file in self.files))

    @property
    def path(self) -> str | None:
        """The first of its paths; None where there is none."""
        return next(iter(self.paths), None)

    @property
    def title(self) -> str:
        """As its file has it, or the file's name."""
        return self.analysis.file_tags.title

    @property
    def name(self) -> str:
        """``artist: title``, or the title alone."""
        return self.analysis.name

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.analysis.duration

    @property
    def tags(self) -> dict[str, list[TagProbability]]:
        """Group -> tags, most probable first."""
        return self.analysis.tags

    @property
    def descriptors(self) -> dict:
        """Name -> descriptor, as in `Analysis`."""
        return self.analysis.descriptors

    def with_tempo_in(self, tempo_range: TempoRange | None) -> "Track":
        """The same with its tempo shown by the octave that lies in a range; its fields stay as they are kept."""
        return replace(self, analysis=self.analysis.with_tempo_in(tempo_range))

    @property
    def row(self) -> dict[str, Any]:
        """Fields and paths by column, as `Catalogue.show` gave them before; for one release."""
        return self.fields | {"paths": list(self.paths)}

    def __getitem__(self, column: str) -> Any:
        """``track["title"]``: a field by its column, as hits gave them before; for one release."""
        return self.row[column]

    def to_dict(self, curves: bool = False, language: str | None = None) -> dict:
        """The JSON object of ``show --json``: that of ``analyze --json``, with ``paths`` and any corrections.

        curves : add each tag over time; needs a track that was read with its activations
        language : of the description, as in `Analysis.describe`
        """
        values = self.analysis.to_dict(language)
        files = [file.to_dict_of_track() for file in self.files]
        found = {"path": values.pop("path"), "paths": list(self.paths), **values, "files": files}
        if self.corrections:
            found["corrections"] = self.corrections
        return found | {"curves": self.analysis.curves()} if curves else found


@dataclass(frozen=True, slots=True)
class Warned:
    """A file whose sound was heard, but not as it should be.

    Attributes
    ----------
    path : of the file
    track_id : the track that it leads to
    warnings : short sentences
    """

    path: str
    track_id: str
    warnings: tuple[str, ...]

    def to_dict(self) -> dict:
        """The JSON object of ``failures --warnings --json``."""
        return {"path": as_unicode(self.path), "track_id": self.track_id, "warnings": list(self.warnings)}


@dataclass(frozen=True, slots=True)
class PassagePair:
    """A passage of a hit and the passage of a seed that it is most like.

    Attributes
    ----------
    start, end : in the hit, seconds
    similarity : cosine of the two passages, -1..1
    seed : id of the seed's track
    seed_start, seed_end : in the seed, seconds
    """

    start: float
    end: float
    similarity: float
    seed: str
    seed_start: float
    seed_end: float

    def to_dict(self) -> dict:
        """JSON-ready."""
        return asdict(self) | {"similarity": round(self.similarity, 4)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer to a query.

    Attributes
    ----------
    track : the track
    similarity : cosine of the embeddings, -1..1; None for a search by words or filter
    relevance : BM25 of the words, larger is better; None without words
    versions : ids of other tracks of the same song that were left out for this one
    score : what the order is by where parts of likeness are weighted, 0..1
    parts : part -> share of random pairs of tracks that are less alike in it, 0..1; None where it is not known
    passages : the passages that are most like one of the seeds
    """

    track: Track
    similarity: float | None = None
    relevance: float | None = None
    versions: tuple[str, ...] = ()
    score: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    passages: tuple[PassagePair, ...] = ()

    @property
    def path(self) -> str:
        """One of the track's paths, or its id where no path is left."""
        return self.track.path or self.track.track_id

    @property
    def row(self) -> dict[str, Any]:
        """Column -> value, see `Track.fields`."""
        return self.track.fields

    def to_dict(self, language: str | None = None) -> dict:
        """The JSON object of ``similar --json`` and ``search --json``: the track's, the numbers, any other versions.

        language : of the description, as in `Analysis.describe`
        """
        numbers = {"score": self.score, "similarity": self.similarity, "relevance": self.relevance}
        found = self.track.to_dict(language=language) | {
            name: round(x, 4) for name, x in numbers.items() if x is not None
        }
        if self.parts:
            found["parts"] = {name: None if x is None else round(x, 4) for name, x in self.parts.items()}
        if self.passages:
            found["passages"] = [pair.to_dict() for pair in self.passages]
        return found | ({"versions": list(self.versions)} if self.versions else {})


def track_of(
    row: dict[str, Any],
    model: ModelRef,
    files: Iterable[FileState],
    corrections: dict[str, str],
    own: dict[str, list[TagProbability]] | None = None,
    told: Callable[[], AbstractContextManager] = nullcontext,
) -> Track:
    """The track of one row of the table; `model` is the one that the catalogue was made with.

    own : the user's own tags, by group
    told : within it tags and descriptors are made, when they are asked for: it makes one error of all
    """
    files = tuple(sorted(files, key=lambda file: file.path))
    analysis = KeptAnalysis(
        path=files[0].path if files else None,
        track_id=row["track_id"],
        duration=row["duration"],
        analysed=row["analysed"],
        model_id=model.id,
        model_version=model.version,
        versions=split_versions(row["analysis_version"]),
        tagset=model.tagset,
        file_tags=FileTags(row["title"], row["artist"], row["album"], row["year"], row["file_genre"]),
        incomplete=_incomplete_of(row),
        warnings=tuple(row.get("warnings") or ()),
    ).later(row, corrections, own or {}, told)
    return Track(analysis, files, corrections, {column: row[column] for column in _shown_to_people(tuple(row))})


@lru_cache(maxsize=16)
def _shown_to_people(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column in columns if not is_machine(column))


class KeptAnalysis(Analysis):
    """An analysis as the catalogue keeps it: tags and descriptors are made of its row when they are first asked for.

    To make them takes longer than all else about a track, and a list of titles needs neither.
    """

    def later(self, row: dict, corrections: dict, own: dict, told: Callable[[], AbstractContextManager]) -> Self:
        """Forget tags and descriptors, and make them of this row, see `track_of`."""
        del self.__dict__["tags"], self.__dict__["descriptors"]
        self.__dict__["_of"] = row, corrections, own, told
        return self

    @cached_property
    def tags(self) -> dict[str, list[TagProbability]]:
        """As in `Analysis`."""
        row, corrections, own, told = self._of
        with told():
            return apply_tag_corrections(_tags_of(row, self.tagset), corrections, self.tagset) | own

    @cached_property
    def descriptors(self) -> dict[str, Descriptor]:
        """As in `Analysis`."""
        row, corrections, _, told = self._of
        with told():
            return apply_corrections(_descriptors_of(row), corrections)


def _incomplete_of(row: dict[str, Any]) -> Incomplete | None:
    text = row.get("incomplete_json")
    return Incomplete.from_dict(json.loads(text)) if text else None


def _descriptors_of(row: dict[str, Any]) -> dict:
    stored = {name: row.get(f"{name}_json") for name in DESCRIPTORS}
    return from_dicts({name: json.loads(text) for name, text in stored.items() if text})


def _tags_of(row: dict[str, Any], tagset: Tagset) -> dict[str, list[TagProbability]]:
    """As in `Analysis`: no group where the track was never tagged, empty groups where nothing could be told."""
    if row.get("tags") is None:
        return {}
    groups = [(group, [row.get(column) for column in tag_columns(group)]) for group in tagset.groups]
    if is_too_short(TAGS, row["analysed"]) or all(None in values for _, values in groups):
        return {group.name: [] for group, _ in groups}
    ranked = gate({group.name: rank(group, values) for group, values in groups if None not in values})
    heard = heard_tags(row)
    return {name: _as_written(tagset.group(name), hits, heard) for name, hits in ranked.items()}


def _as_written(group: TagGroup, hits: list[TagProbability], named: Collection[str]) -> list[TagProbability]:
    """Hits that are sure only where they were so when the track was heard: the margin of an estimate is not kept."""
    if not is_named(group):
        return hits
    return [replace(hit, sure=False) if hit.sure and hit.tag not in named else hit for hit in hits]
