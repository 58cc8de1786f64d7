"""Moves the activations of a catalogue up to version 4 out of its table of tracks into one of their own.

Nothing is heard again. What was moved stays moved: interrupted, the next scan goes on with the tracks that are left.
"""

import json
from collections.abc import Iterator

import pyarrow as pa

from earmark.catalogue.place import Place
from earmark.catalogue.schema import is_steps
from earmark.catalogue.steps import pack_activations, unpack_activations
from earmark.catalogue.tables import Table, is_table
from earmark.tagger.tagset import Tagset

AT_ONCE = 256  # tracks that are read, packed and written together
LIGHT = 1024  # rows of what is left that are copied together


def move_steps(files: Table, tracks: Table | None) -> Iterator[float]:
    """Move them; tells after each batch which share is done. The table of tracks is written anew without them."""
    names = [name for name in tracks.schema.names if is_steps(name)] if tracks is not None else []
    if not names:
        return
    steps, done = _open(tracks.path.parent / "steps.lance", names), 0
    have, tagset, total = set(steps.read(["track_id"])["track_id"].to_pylist()), _tagset(files), len(tracks)
    for batch in tracks.batches(["track_id", *names], AT_ONCE):
        rows = [row for row in batch.to_pylist() if row["track_id"] not in have and any(row[name] for name in names)]
        if rows:
            packed = [
                {name: _packed(row[name], tagset) for name in names} | {"track_id": row["track_id"]} for row in rows
            ]
            steps.append(pa.Table.from_pylist(packed, pa.schema(list(steps.schema))))
        done += batch.num_rows
        yield done / total
    steps.index("track_id", "BTREE")
    _leave_out(tracks, names)


def _open(path: Place, names: list[str]) -> Table:
    schema = pa.schema([("track_id", pa.string()), *((name, pa.large_binary()) for name in names)])
    steps = Table(path) if is_table(path) else Table.create(path, schema)
    steps.add_columns(schema)
    return steps


def _tagset(files: Table) -> Tagset | None:
    note = files.metadata.get("model")
    return Tagset.from_dict(json.loads(note)["tagset"]) if note else None


def _packed(old: bytes | None, tagset: Tagset | None) -> bytes | None:
    if old is None:
        return None
    found = unpack_activations(old)
    fits = tagset is not None and found.logits.shape[1] == len(tagset)
    return pack_activations(found, tagset if fits else None)


def _leave_out(tracks: Table, names: list[str]) -> None:
    """The table without these columns, and with the indices that it had."""
    had_words = tracks.has_words()
    schema = pa.schema([field for field in tracks.schema if field.name not in names])
    tracks.replace(tracks.batches(schema.names, LIGHT), schema)
    tracks.index("track_id", "BTREE")
    if had_words:  # words of a former form are made anew by the next tidy
        tracks.index_words("text")
