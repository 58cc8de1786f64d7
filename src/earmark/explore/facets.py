"""How the values of a field are spread over the tracks that fit: counts of texts, a histogram of numbers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark.catalogue.filters import Filter
from earmark.catalogue.store import Store
from earmark.errors import QueryError

MOST = 20  # fields of one question
VALUES = 50  # of a text field, the most frequent
BINS = 20  # of a number


def facets(store: Store, names: list[str], where: Filter | None = None) -> dict[str, dict]:
    """Field -> its facet over all tracks that fit.

    Returns
    -------
    ``missing``: tracks without a value; with ``values``: ``[{"value", "count"}]``, the most frequent first, for texts,
    lists and flags; or ``edges`` and ``counts`` of a histogram for numbers.

    Raises
    ------
    QueryError : no such field, or one of times
    """
    if len(names) > MOST:
        raise QueryError(len(names), "too many facets", f"Ask for {MOST} at most.")
    names = list(dict.fromkeys(names))
    kinds = store.kinds()
    table = store.columns(names, where)
    for name in names:
        if kinds.get(name) == "time":
            raise QueryError(name, "a time has no facet", "Ask for a field of text or numbers.")
    return {name: _facet(table[name], kinds[name]) for name in names if name in table.column_names}


def _facet(column: pa.ChunkedArray, kind: str) -> dict:
    found = {"missing": column.null_count}
    column = column.drop_null()
    return found | (_histogram(column) if kind == "number" else _counts(column, kind))


def _counts(column: pa.ChunkedArray, kind: str) -> dict:
    flat = pc.list_flatten(column) if kind == "list" else column
    pairs = [(entry["values"], entry["counts"]) for entry in pc.value_counts(flat).to_pylist()]
    pairs.sort(key=lambda pair: (-pair[1], str(pair[0])))
    return {"values": [{"value": value, "count": count} for value, count in pairs[:VALUES]]}


def _histogram(column: pa.ChunkedArray) -> dict:
    numbers = np.asarray(column.to_numpy(), np.float64)
    counts, edges = np.histogram(numbers[np.isfinite(numbers)], BINS) if len(numbers) else ((), ())
    return {"edges": [round(float(edge), 6) for edge in edges], "counts": [int(count) for count in counts]}
