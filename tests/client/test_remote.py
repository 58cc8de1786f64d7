import pytest

from earmark.catalogue.filters import parse_filter
from earmark.client.remote import where_of
from earmark.errors import NotFound


def test_tracks_by_their_ids_in_this_order(both):
    ids = [track.track_id for track in both[0].page(sort="-title")]
    for catalogue in both:
        assert [track.track_id for track in catalogue.shown([*ids, ids[0]])] == [*ids, ids[0]]
        with pytest.raises(NotFound):
            catalogue.shown([ids[0], "0" * 20])


def test_a_filter_is_told_as_it_was_given():
    assert where_of(None) == {}
    assert where_of("tempo > 3") == {"where": "tempo > 3"}
    assert where_of(parse_filter("tempo > 3", {"tempo": "number"}))["filter"]["field"] == "tempo"
