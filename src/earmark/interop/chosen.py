"""The tracks that a query means, all of them."""

from collections.abc import Iterator

from earmark.catalogue.filters import Filter
from earmark.catalogue.query import MAX_HITS, Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Track

PAGE = 500  # tracks that are read at once


def chosen(store: Store, words: str = "", where: Filter | None = None) -> Iterator[Track]:
    """Tracks that fit words (the best first, at most `MAX_HITS`), a filter, or both; without either, all by id.

    Raises QueryError.
    """
    if words.strip():
        yield from (hit.track for hit in store.select(Query(where, words, limit=MAX_HITS)))
        return
    after = None
    while hits := store.select(Query(where, sort="track_id", after=after, limit=PAGE)):
        yield from (hit.track for hit in hits)
        after = (None, hits[-1].track.track_id)
