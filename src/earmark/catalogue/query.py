"""A question to the catalogue as a value: filter, words or likeness, order and page."""

from dataclasses import dataclass, field

from earmark.catalogue.filters import Filter
from earmark.errors import QueryError

MAX_HITS = 10_000


@dataclass(frozen=True)
class Likeness:
    """Ask for what sounds alike: a vector of one model, float [dim]."""

    vector: list[float] = field(repr=False)
    model_id: str


@dataclass(frozen=True)
class Query:
    """What `Store.select` answers.

    Attributes
    ----------
    where : only tracks that fit this filter; it holds before any ranking
    words : of title, artist, album or tags; the best fit first
    like : the most alike first; cannot be joined with words
    sort : a field to order by, ``-tempo`` for the largest first; not with words or likeness, which have their own order
    limit, offset : the page: at most `limit` tracks after the first `offset`

    Raises
    ------
    QueryError : a page out of bounds, or two orders at once
    """

    where: Filter | None = None
    words: str = ""
    like: Likeness | None = None
    sort: str | None = None
    limit: int = 10
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_HITS:
            raise QueryError(self.limit, f"not a number of hits between 1 and {MAX_HITS}", "Ask for another number.")
        if self.offset < 0:
            raise QueryError(self.offset, "not a number of hits to pass over", "Give 0 or more.")
        if sum((bool(self.words.strip()), self.like is not None, self.sort is not None)) > 1:
            raise QueryError("query", "ordered in two ways", "Give words, a likeness or a field to sort by.")
