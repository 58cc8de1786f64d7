from pathlib import Path

import pytest

from earmark.catalogue.query import Likeness, Query
from earmark.errors import QueryError
from earmark.explore import distinct
from earmark.explore.distinct import Variety, select
from earmark.explore.similar import similar
from earmark.explore.songs import Songs
from earmark.explore.text import search
from sounds import tune, write_sound

EVERY = Variety(versions=True)


def names(hits) -> list[str]:
    return [Path(hit.path).name for hit in hits]


def test_a_search_gives_a_song_once_and_tells_what_was_left_out(twice):
    every = search(twice, "song band", n=10, variety=EVERY)
    hits = search(twice, "song band", n=10)

    assert len(every) == 6
    assert {"remix.flac", "theirs.flac", "other.flac"} <= set(names(hits))
    assert len(hits) == 4
    first = next(hit for hit in hits if hit.versions)
    left_out = {hit.track.track_id for hit in every} - {hit.track.track_id for hit in hits}
    assert set(first.versions) == left_out
    assert first.to_dict()["versions"] == list(first.versions)
    assert all("versions" not in hit.to_dict() for hit in hits if hit is not first)


def test_versions_of_the_reference_are_no_answer(twice, doubles):
    reference = doubles / "music" / "song.flac"
    assert set(names(similar(twice, reference))) == {"other.flac", "theirs.flac", "remix.flac"}
    assert len(similar(twice, reference, variety=EVERY)) == 6


def test_versions_of_a_file_that_is_not_in_the_catalogue_are_no_answer(twice, doubles, tmp_path):
    copy = tmp_path / "new.wav"
    write_sound(copy, tune(1), tags={"title": "Song", "artist": "Band"})
    assert set(names(similar(twice, copy))) == {"other.flac", "theirs.flac", "remix.flac"}


def test_as_many_come_back_as_there_are_though_few_are_asked_for_at_first(twice, monkeypatch):
    whole = names(search(twice, "song band", n=4))
    monkeypatch.setattr(distinct, "SPARE", 0)
    asked = []
    find = twice.find
    monkeypatch.setattr(twice, "find", lambda query, model: asked.append(query.limit) or find(query, model))
    for n in (1, 2, 3, 4):
        assert names(search(twice, "song band", n=n)) == whole[:n]
    assert len(asked) > 4


def test_so_many_of_an_artist_or_album_and_any_number_without_one(twice):
    vector = twice.embedding(twice.track_ids().pop(), "tiny")
    query = Query(like=Likeness(vector, "tiny"), limit=10)

    def artists(**limits) -> list[str]:
        hits = select(twice, query, Variety(versions=True, **limits), Songs(twice, "tiny"))
        return sorted(hit.track.analysis.file_tags.artist.replace("ä", "a").lower() for hit in hits)

    assert artists(per_artist=2) == ["", "band", "band", "others"]
    assert artists(per_artist=1) == ["", "band", "others"]
    assert artists(per_album=1) in (["", "band"], ["", "others"])
    assert len(artists(per_album=10)) == 7


def test_the_filter_holds_before_the_choice(twice):
    hits = search(twice, "", twice.filter("title = 'Song (2011 Remaster)'"))
    assert names(hits) == ["song.mp3"]


@pytest.mark.parametrize("limit", [{"per_artist": 0}, {"per_album": -1}])
def test_a_limit_below_one_is_refused(limit):
    with pytest.raises(QueryError, match="not a number of answers"):
        Variety(**limit)
