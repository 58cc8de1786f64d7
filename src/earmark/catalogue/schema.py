"""Analysis -> one row of the catalogue: which columns there are, what they are called, what is in them.

Every field that can be filtered is a column of its own:

- ``genre`` (text): the answer of an exclusive group, null where it is unsure; ``genre_jazz``: its probability;
- ``mood_sadness``: the probability of a tag of an independent group; ``scale_valence``: a number of a group of values;
- ``tags`` (list of text): every tag that reaches its threshold;
- ``tempo`` (BPM), ``metre``, ``key`` ("A minor"), ``camelot``, ``loudness`` (LUFS), ``energy``, ``energy_level`` ...

Columns for machines only (the whole fact as JSON, the embedding, the steps) end or begin as `is_machine` says.
"""

import io
import json
import re
import zlib
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from earmark.analysis import TAGS, Analysis, join_versions
from earmark.descriptors.key.names import camelot, parse_key
from earmark.descriptors.table import PARTS
from earmark.errors import QueryError
from earmark.tagger.model import Activations
from earmark.tagger.tags import CONTENT, TagProbability, gate, rank
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
]
TAGGED = [("model_id", pa.string()), ("tags", pa.list_(pa.string())), ("text", pa.string())]
# part of the facts -> its columns: name, type, where in the fact's dict the value is
FACTS = {
    "tempo": [
        ("tempo", pa.float32(), "bpm"),
        ("tempo_confidence", pa.float32(), "confidence"),
        ("tempo_stability", pa.float32(), "stability"),
        ("metre", pa.string(), "metre"),
        ("metre_confidence", pa.float32(), "metre_confidence"),
    ],
    "key": [
        ("key", pa.string(), None),
        ("key_confidence", pa.float32(), "confidence"),
        ("camelot", pa.string(), "camelot"),
        ("tuning_cents", pa.float32(), "tuning_cents"),
    ],
    "loudness": [
        ("loudness", pa.float32(), "integrated_lufs"),
        ("loudness_range", pa.float32(), "range_lu"),
        ("true_peak", pa.float32(), "true_peak_dbtp"),
        ("replaygain", pa.float32(), "replaygain_db"),
    ],
    "energy": [("energy", pa.float32(), "value"), ("energy_level", pa.string(), "level")],
    "structure": [],
}


CORRECTABLE = {"tempo": ("tempo",), "key": ("key", "camelot"), "metre": ("metre",)}
"""What a user may correct -> the columns that the correction sets."""


def is_machine(column: str) -> bool:
    """Whether a column is not for people: no filter names it and no answer shows it."""
    return column == "text" or column.endswith("_json") or column.startswith(("embedding_", "steps_"))


def slug(text: str) -> str:
    """A name that needs no quotes in SQL: ``Joyful activation`` -> ``joyful_activation``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "x"


def tag_column(group: TagGroup, tag: str) -> str:
    """The column of one tag's probability (or value)."""
    return f"{slug(group.name)}_{slug(tag)}"


def embedding_column(model_id: str) -> str:
    """Vectors are stored under their model's id, so that two models' are never compared."""
    return f"embedding_{slug(model_id)}"


def steps_column(model_id: str) -> str:
    """The activations over time, kept so that new heads and explanations need no audio."""
    return f"steps_{slug(model_id)}"


def schema_for(tagset: Tagset, model_id: str, dim: int) -> pa.Schema:
    """All columns that analyses with this model fill."""
    fields = [*ABOUT, *TAGGED]
    for part, columns in FACTS.items():
        fields += [(name, kind) for name, kind, _ in columns] + [(f"{part}_json", pa.string())]
    for group in tagset.groups:
        if group.kind == "exclusive":
            fields.append((slug(group.name), pa.string()))
        fields += [(tag_column(group, tag), pa.float32()) for tag in group.tags]
    fields.append((embedding_column(model_id), pa.list_(pa.float32(), dim)))
    fields.append((steps_column(model_id), pa.large_binary()))
    return pa.schema(fields)


def row_of(analysis: Analysis, tagset: Tagset, kept: dict[str, str]) -> dict:
    """The row of one analysis, by column; parts that it does not hold fill no columns.

    kept : versions of the parts that the row has from before
    """
    tags = analysis.file_tags
    row = {
        "track_id": analysis.track_id, "title": tags.title, "artist": tags.artist, "album": tags.album,
        "year": tags.year, "file_genre": tags.genre, "duration": analysis.duration, "analysed": analysis.analysed,
        "analysis_version": join_versions(kept | analysis.versions), "analysed_at": datetime.now(UTC),
    }  # fmt: skip
    if TAGS in analysis.versions:
        row |= _tag_columns(analysis, tagset)
    for part in PARTS.keys() & analysis.versions.keys():
        row |= fact_columns(part, analysis.facts[part].to_dict() if part in analysis.facts else None)
    return row


def _tag_columns(analysis: Analysis, tagset: Tagset) -> dict:
    tags = analysis.file_tags
    said = [g.name for g in tagset.groups if g.kind in ("exclusive", "independent") and g.name != CONTENT]
    sure = [hit.tag for group in said for hit in analysis.tags[group] if hit.sure]
    row = {
        "model_id": analysis.model_id,
        "tags": sure,
        "text": " ".join([tags.title, tags.artist, tags.album, tags.genre, *sure]),
        embedding_column(analysis.model_id): analysis.embedding.tolist(),
        steps_column(analysis.model_id): pack_steps(analysis.activations),
    }
    for group in tagset.groups:
        if group.kind == "exclusive":
            row[slug(group.name)] = analysis.top(group.name)
        row |= {tag_column(group, hit.tag): hit.probability for hit in analysis.tags[group.name]}
    return row


def fact_columns(part: str, fact: dict | None) -> dict:
    """One part's columns; all null where the source could not tell it."""
    values = {name: fact[field] if fact and field else None for name, _, field in FACTS[part]}
    if part == "key" and fact and fact["tonic"]:
        values["key"] = f"{fact['tonic']} {fact['mode']}"
    return values | {f"{part}_json": json.dumps(fact) if fact else None}


def corrected_columns(field: str, value: str) -> dict:
    """The columns that a user's correction sets in place of the estimate.

    Raises
    ------
    QueryError : the field cannot be corrected, or the value is none of its values
    """
    if field == "tempo":
        return {"tempo": _bpm(value)}
    if field == "key":
        tonic, mode = parse_key(value)
        return {"key": f"{tonic} {mode}", "camelot": camelot(tonic, mode)}
    if field == "metre" and re.fullmatch(r"\d{1,2}/(2|4|8|16)", value):
        return {"metre": value}
    remedy = "Correct tempo (30 to 300 BPM), key ('A minor' or 8A) or metre ('3/4')."
    raise QueryError(f"{field} = {value}", "cannot be a correction", remedy)


def _bpm(value: str) -> float:
    try:
        bpm = float(value)
    except ValueError:
        bpm = 0.0
    if not 30 <= bpm <= 300:
        raise QueryError(f"tempo = {value}", "not a tempo", "Give beats a minute, 30 to 300.")
    return bpm


def facts_of(row: dict) -> dict[str, dict]:
    """Part -> the fact's dict, back from a row."""
    stored = {part: row.get(f"{part}_json") for part in PARTS}
    return {part: json.loads(text) for part, text in stored.items() if text}


def tags_of(row: dict, tagset: Tagset) -> dict[str, list[TagProbability]]:
    """Group -> tags, most probable first, back from a row."""
    groups = {group: [row.get(tag_column(group, tag)) for tag in group.tags] for group in tagset.groups}
    return gate({group.name: rank(group, values) for group, values in groups.items() if None not in values})


def pack_steps(activations: Activations) -> bytes:
    """Activations as a deflated npz; logits and embedding in half precision, which costs .001 of a probability.

    Level 1 takes a quarter of the time of savez_compressed and 3 % more room.
    """
    file = io.BytesIO()
    half = {"logits": activations.logits, "embedding": activations.embedding}
    np.savez(file, times=activations.times, **{name: array.astype(np.float16) for name, array in half.items()})
    return zlib.compress(file.getvalue(), 1)


def unpack_steps(packed: bytes) -> Activations:
    """What `pack_steps` packed."""
    with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as file:
        return Activations(file["times"], file["logits"].astype(np.float32), file["embedding"].astype(np.float32))
