"""A track as the catalogue gives it back: its analysis with the user's corrections, its paths, its fields."""

import json
from dataclasses import dataclass, field
from typing import Any

from earmark.analysis import Analysis, split_versions
from earmark.audio.filetags import FileTags
from earmark.catalogue.corrections import apply_corrections
from earmark.catalogue.schema import is_machine, tag_column
from earmark.descriptors import DESCRIPTORS, from_dicts
from earmark.tagger.tags import TagProbability, gate, rank
from earmark.tagger.tagset import Tagset


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
    paths : of all files that hold this recording, sorted
    corrections : field -> the user's text
    fields : column -> value of everything that can be filtered
    """

    analysis: Analysis
    paths: tuple[str, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def track_id(self) -> str:
        """Content hash of its audio, 20 hexadecimal digits."""
        return self.analysis.track_id

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

    @property
    def row(self) -> dict[str, Any]:
        """Fields and paths by column, as `Catalogue.show` gave them before; for one release."""
        return self.fields | {"paths": list(self.paths)}

    def __getitem__(self, column: str) -> Any:
        """``track["title"]``: a field by its column, as hits gave them before; for one release."""
        return self.row[column]

    def to_dict(self, curves: bool = False) -> dict:
        """The JSON object of ``show --json``: that of ``analyze --json``, with ``paths`` and any corrections.

        curves : add each tag over time; needs a track that was read with its activations
        """
        values = self.analysis.to_dict()
        found = {"path": values.pop("path"), "paths": list(self.paths), **values}
        if self.corrections:
            found["corrections"] = self.corrections
        return found | {"curves": self.analysis.curves()} if curves else found


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer to a query.

    Attributes
    ----------
    track : the track
    similarity : cosine of the embeddings, -1..1; None for a search by words or filter
    relevance : BM25 of the words, larger is better; None without words
    """

    track: Track
    similarity: float | None = None
    relevance: float | None = None

    @property
    def path(self) -> str:
        """One of the track's paths, or its id where no path is left."""
        return (self.track.paths or (self.track.track_id,))[0]

    def to_dict(self) -> dict:
        """The JSON object of ``similar --json`` and ``search --json``: the track's, and the numbers."""
        numbers = {"similarity": self.similarity, "relevance": self.relevance}
        return self.track.to_dict() | {name: round(x, 4) for name, x in numbers.items() if x is not None}


def track_of(
    row: dict[str, Any],
    model: ModelRef,
    paths: list[str],
    corrections: dict[str, str],
) -> Track:
    """The track of one row of the table; `model` is the one that the catalogue was made with."""
    analysis = Analysis(
        path=paths[0] if paths else None,
        track_id=row["track_id"],
        duration=row["duration"],
        analysed=row["analysed"],
        model_id=model.id,
        model_version=model.version,
        versions=split_versions(row["analysis_version"]),
        tagset=model.tagset,
        tags=_tags_of(row, model.tagset),
        descriptors=apply_corrections(_descriptors_of(row), corrections),
        file_tags=FileTags(row["title"], row["artist"], row["album"], row["year"], row["file_genre"]),
    )
    fields = {column: value for column, value in row.items() if not is_machine(column)}
    return Track(analysis, tuple(paths), corrections, fields)


def _descriptors_of(row: dict[str, Any]) -> dict:
    stored = {name: row.get(f"{name}_json") for name in DESCRIPTORS}
    return from_dicts({name: json.loads(text) for name, text in stored.items() if text})


def _tags_of(row: dict[str, Any], tagset: Tagset) -> dict[str, list[TagProbability]]:
    groups = {group: [row.get(tag_column(group, tag)) for tag in group.tags] for group in tagset.groups}
    return gate({group.name: rank(group, values) for group, values in groups.items() if None not in values})
