import pytest

from earmark.catalogue import filters
from earmark.errors import QueryError
from earmark.explore.facets import BINS, MOST, facets


def test_texts_lists_and_numbers(store):
    found = facets(store, ["artist", "year", "duration", "tags", "incomplete"])
    assert found["artist"]["values"] == [{"value": "Sines", "count": 5}, {"value": "Höhner", "count": 1}]
    assert found["year"]["missing"] == 5
    assert sum(found["year"]["counts"]) == 1
    assert len(found["duration"]["edges"]) == BINS + 1
    assert sum(found["duration"]["counts"]) == 6
    assert all(entry["count"] <= 6 for entry in found["tags"]["values"])


def test_only_what_fits_is_counted(store):
    where = filters.Compare("title", "eq", "Don't")
    assert facets(store, ["artist"], where) == {"artist": {"missing": 0, "values": [{"value": "Höhner", "count": 1}]}}
    assert facets(store, ["year"], filters.Compare("year", "eq", 1)) == {
        "year": {"missing": 0, "edges": [], "counts": []}
    }


def test_a_field_that_is_named_twice_is_counted_once(store):
    assert facets(store, ["artist", "artist"]) == facets(store, ["artist"])


@pytest.mark.parametrize("names", [["nonsense"], ["analysed_at"], ["title"] * (MOST + 1)])
def test_what_has_no_facet(store, names):
    with pytest.raises(QueryError):
        facets(store, names)
