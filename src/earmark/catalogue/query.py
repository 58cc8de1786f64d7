"""A question to the catalogue as a value: filter, words or likeness, order and page."""

from dataclasses import dataclass, field

from earmark.catalogue.filters import Compare, Filter, IsNull, Or, Value, both
from earmark.errors import QueryError

MAX_HITS = 10_000


@dataclass(frozen=True)
class Likeness:
    """Ask for what sounds alike: a vector of one model, float [dim].

    besides : ids of tracks that are no answer: those that have this vector, or that it was made of
    """

    vector: list[float] = field(repr=False)
    model_id: str
    besides: frozenset[str] = frozenset()


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
    after : in place of an offset, with `sort` alone: the page that follows a track, by its value of the field and its
        id; what is written between two pages then neither repeats a track nor passes one over

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
    after: tuple[Value | None, str] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_HITS:
            raise QueryError(self.limit, f"not a number of hits between 1 and {MAX_HITS}", "Ask for another number.")
        if self.offset < 0:
            raise QueryError(self.offset, "not a number of hits to pass over", "Give 0 or more.")
        if sum((bool(self.words.strip()), self.like is not None, self.sort is not None)) > 1:
            raise QueryError("query", "ordered in two ways", "Give words, a likeness or a field to sort by.")
        if self.after is not None and self.sort is None:
            raise QueryError("query", "goes on after a track, but in no order", "Give a field to sort by.")

    @property
    def last(self) -> int:
        """How many answers must be looked up, those before the page included."""
        return self.offset + self.limit

    @property
    def beyond(self) -> Filter | None:
        """The tracks that come after `after`; those without a value of the field come last, equal ones by their id."""
        if self.after is None:
            return None
        column, (value, track_id) = self.sort.removeprefix("-"), self.after
        further = "gt" if column == self.sort else "lt"
        if column == "track_id":
            return Compare(column, further, track_id)
        later = Compare("track_id", "gt", track_id)
        if value is None:
            return both(IsNull(column), later)
        return Or((Compare(column, further, value), both(Compare(column, "eq", value), later), IsNull(column)))
