import pytest

from earmark.catalogue.query import Likeness, Query
from earmark.errors import QueryError


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"limit": 0}, "0: not a number of hits between 1 and 10000"),
        ({"limit": 10_001}, "not a number of hits"),
        ({"offset": -1}, "not a number of hits to pass over"),
        ({"words": "jazz", "sort": "tempo"}, "ordered in two ways"),
        ({"words": "jazz", "like": Likeness([1.0], "m")}, "ordered in two ways"),
        ({"sort": "tempo", "like": Likeness([1.0], "m")}, "ordered in two ways"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_when_it_is_made(fields, problem):
    with pytest.raises(QueryError, match=problem):
        Query(**fields)


def test_blank_words_are_no_words():
    assert Query(words="  ", sort="tempo").sort == "tempo"
