from dataclasses import replace

import pytest

from earmark.audio.filetags import FileTags
from earmark.interop.paths import Root
from earmark.interop.servers.songs import Song, match
from tagged import track_of, write_kind


@pytest.fixture
def track(tmp_path):
    folder = tmp_path / "Ann" / "One"
    folder.mkdir(parents=True)
    path = write_kind(folder / "a.flac", tags={"title": "Help!", "musicbrainz_trackid": "M-1", "isrc": "gb1"})
    return track_of(path, duration=100.0, file_tags=FileTags("Help! é", "Ann & Bob"))


def by(track, *songs, roots=()):
    report = match([track], songs, roots)
    return [(song.id, what) for _, song, what in report.pairs]


def test_the_surest_of_the_ways_counts(track):
    named = Song("n", "HELP e", "Ann and Bob", duration=101.0)
    placed = Song("p", path="/music/ann/one/A.flac")
    assert by(track, named) == [("n", "name")]
    assert by(track, named, placed) == [("p", "path")]
    assert by(track, named, placed, Song("i", isrc="GB1")) == [("i", "isrc")]
    assert by(track, named, placed, Song("i", isrc="GB1"), Song("m", mbid="m-1")) == [("m", "mbid")]


def test_a_song_of_another_length_or_one_of_two_is_none(track):
    assert by(track, Song("n", "Help! é", "Ann & Bob", duration=104.0)) == []
    twice = [Song(name, "Help! é", "Ann & Bob", duration=100.0) for name in "ab"]
    assert by(track, *twice) == []
    assert match([track], twice).missing == [track]


def test_a_mapped_path_counts_as_a_whole(track):
    path = track.files[0].path
    here = path.rpartition("/Ann/")[0]
    songs = [Song("x", path="/data/Ann/One/a.flac"), Song("y", path="/other/Ann/One/a.flac")]
    assert by(track, *songs) == []
    assert by(track, *songs, roots=(Root(here, "/data"),)) == [("x", "path")]


def test_letters_are_one_whether_composed_or_not(tmp_path):
    (tmp_path / "A" / "B").mkdir(parents=True)
    found = track_of(write_kind(tmp_path / "A" / "B" / "e\u0301.flac"))
    assert by(found, Song("x", path="/m/A/B/\u00e9.flac")) == [("x", "path")]


def test_a_track_whose_file_has_gone_is_still_found_by_name(track):
    gone = replace(track, files=())
    assert by(gone, Song("n", "Help! é", "Ann & Bob", duration=100.0), Song("m", mbid="m-1")) == [("n", "name")]


def test_the_report_counts_and_names(track):
    report = match([track, track], [Song("m", mbid="m-1")])
    assert report.to_dict() == {"matched": 2, "by": {"mbid": 2}, "missing": []}
    missing = match([track], []).to_dict()["missing"]
    assert missing == [{"track_id": track.track_id, "title": "Help! é"}]
