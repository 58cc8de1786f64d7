"""What fits words, a filter, or both."""

from earmark.catalogue.filters import Filter
from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit


def search(store: Store, words: str = "", where: Filter | None = None, n: int = 10) -> list[Hit]:
    """The n tracks whose title, artist, album or tags fit the words best; without words, n that fit the filter.

    Raises
    ------
    QueryError : the words cannot be understood
    """
    return store.select(Query(where, words, limit=n))
