"""What fits words, a filter, or both."""

from earmark.catalogue.filters import Filter
from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit
from earmark.explore.distinct import ONE_OF_EACH, Variety, select
from earmark.explore.songs import Songs


def search(
    store: Store, words: str = "", where: Filter | None = None, n: int = 10, variety: Variety = ONE_OF_EACH
) -> list[Hit]:
    """The n tracks whose title, artist, album or tags fit the words best; without words, n that fit the filter.

    variety : by default only the first answer of a song is given, and other versions of it are left out

    Raises
    ------
    QueryError : the words cannot be understood
    """
    query, model = Query(where, words, limit=n), store.model()
    return select(store, query, variety, Songs(store, model.id)) if model is not None else []
