import pytest

from catalogues import ROOTS
from earmark.errors import QueryError
from earmark.explore.text import search


def titles(hits) -> list[str]:
    return [hit.track.title for hit in hits]


def test_words_are_found_in_title_artist_and_tags(store):
    assert titles(search(store, "höhner")) == ["Don't"]
    assert set(titles(search(store, "sines"))) == {name.title() for name in ROOTS}
    with_tag = {row["title"] for row in store.table().to_pylist() if "happy" in row["tags"]}
    assert set(titles(search(store, "happy"))) == with_tag
    assert search(store, "zzzz") == []


def test_words_and_a_filter_both_hold(store):
    assert titles(search(store, "sines", store.filter("title = 'Top'"))) == ["Top"]


def test_a_filter_may_name_every_field(store):
    probability = {row["title"]: row["mood_sad"] for row in store.table().to_pylist()}
    middle = sorted(probability.values())[2]

    found = set(titles(search(store, where=store.filter(f"mood_sad > {middle} AND duration < 5"))))

    assert found == {title for title, p in probability.items() if p > middle}
    assert titles(search(store, where=store.filter("year = 1987"))) == ["Don't"]
    assert search(store, where=store.filter("artist = 'nobody'")) == []


def test_the_best_fit_comes_first_with_its_relevance(store):
    hits = search(store, "low sines")
    assert titles(hits)[0] == "Low"
    assert [hit.relevance for hit in hits] == sorted((hit.relevance for hit in hits), reverse=True)
    assert hits[0].similarity is None


@pytest.mark.parametrize("n", [0, 10_001])
def test_a_number_of_hits_out_of_bounds_is_refused(store, n):
    with pytest.raises(QueryError, match=f"^{n}: not a number of hits between 1 and 10000"):
        search(store, "sines", n=n)
