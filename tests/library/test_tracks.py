"""What is told of tracks, and corrected."""

import pytest

from earmark.errors import QueryError


def test_a_catalogue_as_a_table(catalogue):
    table = catalogue.tracks()
    assert len(catalogue) == table.num_rows == 5
    assert {"track_id", "paths", "title", "artist", "duration"} <= set(table.column_names)
    assert len(table.to_pandas()) == 5
    assert catalogue.tracks("title = 'Low'")["title"].to_pylist() == ["Low"]


def test_a_correction_wins_until_it_is_taken_back(catalogue):
    before = catalogue.show("Low").to_dict()
    catalogue.correct("Low", tempo=92.5, metre="3/4")
    shown = catalogue.show("Low")
    assert (shown.descriptors["tempo"].bpm, shown.descriptors["tempo"].metre) == (92.5, "3/4")
    catalogue.correct("Low", metre=None)
    assert catalogue.show("Low").corrections == {"tempo": "92.5"}
    catalogue.uncorrect("Low")
    assert catalogue.show("Low").to_dict() == before


def test_a_track_has_a_tag_or_not(catalogue):
    with pytest.raises(QueryError, match="a track has a tag or not"):
        catalogue.correct("Low", {"genre/jazz": 0.7})
    assert catalogue.show("Low").corrections == {}
