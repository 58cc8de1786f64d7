"""What songs are about, as a vector: two columns of tracks that no filter names.

``lyrics_vector`` is what a sentence encoder makes of the words of a song, and ``lyrics_vector_of`` tells of which words
and by which encoder, so that it is made again where either has changed. A track without words has neither.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

VECTOR, OF = "lyrics_vector", "lyrics_vector_of"
DIM = 512
SCHEMA = pa.schema([(VECTOR, pa.list_(pa.float16(), DIM)), (OF, pa.string())])


def made_of(words: str, encoder: str) -> str:
    """What a vector was made of: the encoder's id, and a sum of the words."""
    return f"{encoder}:{crc32(words.encode()):08x}"


def stale_in(rows: pa.Table, encoder: str) -> list[tuple[str, str | None]]:
    """Ids whose vector is not that of their words, with what it is to be made of; None: they have no words any more.

    rows : ``track_id``, ``lyrics`` and ``lyrics_vector_of``
    """
    columns = (rows[name].to_pylist() for name in ("track_id", "lyrics", OF))
    wanted = ((i, made_of(words, encoder) if words else None, of) for i, words, of in zip(*columns, strict=True))
    return [(i, now) for i, now, of in wanted if now != of]


def rows_of(made: Sequence[tuple[str, str | None, np.ndarray | None]]) -> pa.Table:
    """Rows to write, of (id, what it was made of, vector float [`DIM`]); without a vector both columns are null."""
    ids, of, vectors = zip(*made, strict=True)
    lists = [None if vector is None else np.asarray(vector, np.float16) for vector in vectors]
    return pa.table(
        {"track_id": list(ids), VECTOR: pa.array(lists, SCHEMA.field(VECTOR).type), OF: pa.array(of, pa.string())}
    )


def vectors_in(rows: pa.Table) -> tuple[list[str], np.ndarray]:
    """The ids, and the vectors float32 [n, `DIM`], of the rows that have one."""
    there = rows.filter(pc.field(VECTOR).is_valid())
    vectors = pc.list_flatten(there[VECTOR]).to_numpy().reshape(len(there), DIM)
    return there["track_id"].to_pylist(), vectors.astype(np.float32)
