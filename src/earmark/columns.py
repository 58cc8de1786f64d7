"""Analysis -> one row of the catalogue: which columns there are, what they are called, what is in them.

Every field that can be filtered is a column of its own:

- ``genre`` (text): the answer of an exclusive group, null where it is unsure; ``genre_jazz``: its probability;
- ``mood_sadness``: the probability of a tag of an independent group;
- ``energy``: a number of a group of values, under its own name;
- ``tags`` (list of text): every tag that reaches its threshold.
"""

import io
import re
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from earmark.analysis import Analysis, TagProbability, rank
from earmark.model import Activations
from earmark.tagset import TagGroup, Tagset

FACTS = [
    ("track_id", pa.string()),
    ("title", pa.string()),
    ("artist", pa.string()),
    ("album", pa.string()),
    ("year", pa.int32()),
    ("file_genre", pa.string()),
    ("duration", pa.float32()),
    ("analysed", pa.float32()),
    ("analysis_version", pa.string()),
    ("model_id", pa.string()),
    ("analysed_at", pa.timestamp("s", tz="UTC")),
    ("tags", pa.list_(pa.string())),
    ("text", pa.string()),
]
HIDDEN = ("text",)  # and every embedding_* and steps_*: for machines


def slug(text: str) -> str:
    """A name that needs no quotes in SQL: ``Joyful activation`` -> ``joyful_activation``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "x"


def tag_column(group: TagGroup, tag: str) -> str:
    """The column of one tag's probability (or value)."""
    return slug(tag) if group.kind == "value" else f"{slug(group.name)}_{slug(tag)}"


def embedding_column(model_id: str) -> str:
    """Vectors are stored under their model's id, so that two models' are never compared."""
    return f"embedding_{slug(model_id)}"


def steps_column(model_id: str) -> str:
    """The activations over time, kept so that new heads and explanations need no audio."""
    return f"steps_{slug(model_id)}"


def schema_for(tagset: Tagset, model_id: str, dim: int) -> pa.Schema:
    """All columns that an analysis by this model fills."""
    fields = list(FACTS)
    for group in tagset.groups:
        if group.kind == "exclusive":
            fields.append((slug(group.name), pa.string()))
        fields += [(tag_column(group, tag), pa.float32()) for tag in group.tags]
    fields.append((embedding_column(model_id), pa.list_(pa.float32(), dim)))
    fields.append((steps_column(model_id), pa.large_binary()))
    return pa.schema(fields)


def row_of(analysis: Analysis, tagset: Tagset) -> dict:
    """The row of one analysis, by column."""
    tags = analysis.file_tags
    sure = [hit.tag for hits in analysis.tags.values() for hit in hits if hit.sure]
    row = {
        "track_id": analysis.track_id, "title": tags.title, "artist": tags.artist, "album": tags.album,
        "year": tags.year, "file_genre": tags.genre, "duration": analysis.duration, "analysed": analysis.analysed,
        "analysis_version": analysis.version, "model_id": analysis.model_id, "analysed_at": datetime.now(UTC),
        "tags": sure, "text": " ".join([tags.title, tags.artist, tags.album, tags.genre, *sure]),
    }  # fmt: skip
    for group in tagset.groups:
        if group.kind == "exclusive":
            row[slug(group.name)] = analysis.top(group.name)
        for hit in analysis.tags[group.name]:
            row[tag_column(group, hit.tag)] = hit.probability
    row[embedding_column(analysis.model_id)] = analysis.embedding.tolist()
    row[steps_column(analysis.model_id)] = pack_steps(analysis.activations)
    return row


def tags_of(row: dict, tagset: Tagset) -> dict[str, list[TagProbability]]:
    """Group -> tags, most probable first, back from a row."""
    groups = {group: [row.get(tag_column(group, tag)) for tag in group.tags] for group in tagset.groups}
    return {group.name: rank(group, values) for group, values in groups.items() if None not in values}


def pack_steps(activations: Activations) -> bytes:
    """Activations as a compressed npz; logits and embedding in half precision, which costs .001 of a probability."""
    file = io.BytesIO()
    half = {"logits": activations.logits, "embedding": activations.embedding}
    np.savez_compressed(file, times=activations.times, **{name: a.astype(np.float16) for name, a in half.items()})
    return file.getvalue()


def unpack_steps(packed: bytes) -> Activations:
    """What `pack_steps` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        return Activations(file["times"], file["logits"].astype(np.float32), file["embedding"].astype(np.float32))
