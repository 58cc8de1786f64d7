"""The columns of the catalogue: what they are called, what is in them, and a row from an analysis.

Every field that can be filtered is a column of its own:

- ``genre`` (text): the answer of an exclusive group, null where it is unsure; ``genre_jazz``: its probability;
- ``mood_sadness``: the probability of a tag of an independent group; ``scale_valence``: a number of a group of values;
- ``tags`` (list of text): every tag that reaches its threshold;
- the columns of the descriptors: ``tempo`` (BPM), ``metre``, ``key`` ("A minor"), ``loudness`` (LUFS), ``energy`` ...

Columns for machines only (a descriptor as JSON, the embedding) are those that `is_machine` names. The activations over
time have a table of their own, ``steps``.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pyarrow as pa

from earmark.analysis import TAGS, Analysis, join_versions
from earmark.audio.incomplete import Incomplete
from earmark.catalogue.filters.expression import Kind
from earmark.catalogue.steps import pack_activations
from earmark.descriptors import DESCRIPTORS, Descriptor
from earmark.tagger.tags import CONTENT
from earmark.tagger.tagset import TagGroup, Tagset

ABOUT = [
    ("track_id", pa.string()),
    ("title", pa.string()),
    ("artist", pa.string()),
    ("album", pa.string()),
    ("year", pa.int32()),
    ("file_genre", pa.string()),
    ("duration", pa.float32()),
    ("analysed", pa.float32()),
    ("analysis_version", pa.string()),
    ("analysed_at", pa.timestamp("s", tz="UTC")),
    ("incomplete", pa.bool_()),  # less was heard than the file promises, see `incomplete_json`
    ("incomplete_json", pa.string()),
    ("warnings", pa.list_(pa.string())),  # null: none
    ("lyrics", pa.string()),  # words of the song, folded; null: no file brings any
    ("lyrics_language", pa.string()),  # ISO 639-1; null: it cannot be told
    ("lyrics_confidence", pa.float32()),
    ("n_files", pa.int32()),  # paths that lead to it; 0: kept for its return, no answer to any query
]
HEARD = "tags_json"
"""The column of what `tags` would hold by the model alone, of tracks whose tags a user has corrected."""
TAGGED = [("model_id", pa.string()), ("tags", pa.list_(pa.string())), ("text", pa.string())]
ARROW = {"number": pa.float32(), "text": pa.string()}
"""Kind of a descriptor's column -> its Arrow type."""

FILES = pa.schema(
    [
        ("key", pa.binary()),  # the path's own bytes: any name that the file system allows
        ("path", pa.string()),  # the same for people
        ("size", pa.int64()),
        ("mtime_ns", pa.int64()),
        ("track_id", pa.string()),  # null: failed
        ("stamp", pa.string()),  # versions of the analysis that saw it
        ("problem", pa.string()),
        ("remedy", pa.string()),
        ("seen_at", pa.timestamp("s", tz="UTC")),
        ("title", pa.string()),  # the tags of this file; those of tracks are derived from these
        ("artist", pa.string()),
        ("album", pa.string()),
        ("year", pa.int32()),
        ("file_genre", pa.string()),
        ("codec", pa.string()),
        ("bit_rate", pa.int64()),  # bits a second
        ("sample_rate", pa.int32()),  # Hz
        ("n_channels", pa.int32()),
        ("checksum", pa.binary()),  # of head and tail; null: an older earmark saw it
        ("lyrics", pa.string()),  # as the file brings them
        ("differs", pa.int32()),  # 1: its tags are others than those that the track shows
    ]
)

SHOWN = "shown"
"""The column of all that a track shows in one value, see `earmark.catalogue.shown`."""

CORRECTIONS = pa.schema(
    [("key", pa.string()), ("track_id", pa.string()), ("field", pa.string()), ("value", pa.string())]
)
DOCUMENTS = pa.schema([("key", pa.string()), ("kind", pa.string()), ("document", pa.string())])


@cache
def is_machine(column: str) -> bool:
    """Whether a column is not for people: no filter names it and no answer shows it."""
    own = column in ("text", SHOWN, "map_x", "map_y", "lyrics") or column.endswith("_json")
    return own or column.startswith("lyrics_vector") or is_vector(column) or is_steps(column)


def is_vector(column: str) -> bool:
    """Whether a column holds the embeddings of a model."""
    return column.startswith("embedding_")


def is_own(column: str) -> bool:
    """Whether a column is of the user's own tags, see `earmark.catalogue.own`."""
    return column.startswith("own_")


def is_listed(column: str) -> bool:
    """Whether a `Track` is made of a column: all that can be filtered but own tags, and the descriptors as JSON."""
    return not (is_machine(column) or is_own(column)) or column.endswith("_json")


def is_steps(column: str) -> bool:
    """Whether a column holds activations over time; up to version 4 of a catalogue its table of tracks had such."""
    return column.startswith("steps_")


def kind_of(column: pa.Field) -> Kind:
    """What a filter may compare a column with: ``text``, ``number``, ``time``, ``flag`` or ``list``."""
    if pa.types.is_boolean(column.type):
        return "flag"
    if pa.types.is_list(column.type):
        return "list"
    if pa.types.is_timestamp(column.type):
        return "time"
    return "text" if pa.types.is_string(column.type) else "number"


@cache
def slug(text: str) -> str:
    """A name that needs no quotes in a filter: ``Joyful activation`` -> ``joyful_activation``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "x"


def tag_column(group: TagGroup, tag: str) -> str:
    """The column of one tag's probability (or value)."""
    return f"{slug(group.name)}_{slug(tag)}"


def tag_columns(group: TagGroup) -> tuple[str, ...]:
    """The columns of a group's tags, in their order."""
    return _tag_column_names(group.name, group.tags)


@cache
def _tag_column_names(group: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{slug(group)}_{slug(tag)}" for tag in tags)


def embedding_column(model_id: str) -> str:
    """Vectors are stored under their model's id, so that two models' are never compared."""
    return f"embedding_{slug(model_id)}"


def activations_column(model_id: str) -> str:
    """The activations over time, kept so that new heads and explanations need no audio."""
    return f"steps_{slug(model_id)}"


def base_schema() -> pa.Schema:
    """The columns of every track, whatever the model: about the file and its analysis, and the descriptors."""
    fields = [*ABOUT, *TAGGED]
    for name, module in DESCRIPTORS.items():
        fields += [(column, ARROW[kind]) for column, (kind, _) in module.COLUMNS.items()]
        fields.append((f"{name}_json", pa.string()))
    return pa.schema([*fields, (SHOWN, pa.binary())])


def schema_for(tagset: Tagset, model_id: str, dim: int) -> pa.Schema:
    """All columns that analyses with this model fill; dim : of its embedding."""
    fields = list(base_schema())
    for group in tagset.groups:
        if group.kind == "exclusive":
            fields.append(pa.field(slug(group.name), pa.string()))
        fields += [pa.field(tag_column(group, tag), pa.float32()) for tag in group.tags]
    fields.append(pa.field(embedding_column(model_id), pa.list_(pa.float16(), dim)))  # turns no neighbours around
    return pa.schema(fields)


def steps_schema(model_id: str) -> pa.Schema:
    """The columns of the table ``steps``: what is large, and read for single tracks only."""
    return pa.schema([("track_id", pa.string()), (activations_column(model_id), pa.large_binary())])


def steps_row(analysis: Analysis) -> dict:
    """The row of ``steps`` of an analysis that holds activations."""
    packed = analysis.activations.packed or pack_activations(analysis.activations, analysis.tagset)
    return {"track_id": analysis.track_id, activations_column(analysis.model_id): packed}


def row_of(analysis: Analysis, kept: dict[str, str], corrected: dict[str, Descriptor]) -> dict:
    """The row of one analysis, by column; parts that it does not hold fill no columns, nor do the tags of files.

    Parameters
    ----------
    kept : versions of the parts that the row has from before
    corrected : the analysis' descriptors with the user's corrections applied
    """
    row = {
        "track_id": analysis.track_id, "duration": analysis.duration, "analysed": analysis.analysed,
        "analysis_version": join_versions(kept | analysis.versions), "analysed_at": datetime.now(UTC),
        "incomplete": analysis.incomplete is not None, "warnings": list(analysis.warnings) or None,
        **_json_column("incomplete", analysis.incomplete),
    }  # fmt: skip
    if TAGS in analysis.versions:
        row |= _tag_columns(analysis)
    for name in DESCRIPTORS.keys() & analysis.versions.keys():
        row |= descriptor_columns(name, corrected.get(name)) | _json_column(name, analysis.descriptors.get(name))
    return row


def sure_tags(analysis: Analysis) -> list[str]:
    """What the column ``tags`` holds: every tag that reaches its threshold, but for what kind of sound it is."""
    named = [group.name for group in analysis.tagset.groups if is_named(group)]
    return [hit.tag for group in named for hit in analysis.tags.get(group, []) if hit.sure]


def heard_tags(row: Mapping[str, Any]) -> list[str] | None:
    """The tags that the model was sure of, whatever a user has said since; None where it told none."""
    text = row.get(HEARD)
    return json.loads(text) if text else row.get("tags")


def answer_columns(analysis: Analysis) -> dict[str, str | list[str] | None]:
    """The columns of what is sure: ``tags``, and the answer of every exclusive group."""
    told = [group for group in analysis.tagset.groups if group.name in analysis.tags]
    exclusive = [group.name for group in told if group.kind == "exclusive"]
    return {"tags": sure_tags(analysis)} | {
        slug(group): analysis.top(group) for group in exclusive if group in analysis.tags
    }


def is_named(group: TagGroup) -> bool:
    """Whether the column ``tags`` holds what is sure of this group."""
    return group.kind in ("exclusive", "independent") and group.name != CONTENT


def _tag_columns(analysis: Analysis) -> dict:
    groups = analysis.tagset.groups
    row = {
        "model_id": analysis.model_id,
        embedding_column(analysis.model_id): analysis.embedding.tolist(),
        **answer_columns(analysis),
    }
    for group in groups:
        told = {hit.tag: hit.probability for hit in analysis.tags[group.name]}
        row |= {tag_column(group, tag): told.get(tag) for tag in group.tags}
    return row


def descriptor_columns(name: str, descriptor: Descriptor | None) -> dict:
    """The filterable columns of one descriptor; all null where the source could not tell it."""
    columns = DESCRIPTORS[name].COLUMNS.items()
    return {
        column: None if descriptor is None else getattr(descriptor, attribute) for column, (_, attribute) in columns
    }


def _json_column(name: str, descriptor: Descriptor | Incomplete | None) -> dict:
    return {f"{name}_json": None if descriptor is None else json.dumps(descriptor.to_dict())}
