"""Playlists and CSV lists as wanted tracks."""

import pytest

from datafiles import write_rows
from earmark.data.collect.sources import Wanted, wanted_from
from earmark.errors import DataError


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"file": "a", "label": "x"}], "no columns location and label among file, label"),
        ([{"path": "a", "label": "x"}, {"path": "b", "label": ""}], "row 3 has no label"),
    ],
)
def test_a_broken_list_is_refused(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        list(wanted_from(write_rows(tmp_path / "list.csv", rows)))


def test_what_is_no_list_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "song.mp3"):
        with pytest.raises(DataError):
            list(wanted_from(path))


def test_a_folder_of_playlists_and_a_list_become_wanted_tracks(tmp_path):
    (tmp_path / "jazz.m3u8").write_text("#EXTINF:5,Bo - Two\n/music/b.mp3\nhttps://example.org/c.mp3\n")
    found = list(wanted_from(tmp_path))
    assert [(track.label, track.location, track.artist) for track in found] == [
        ("jazz", "/music/b.mp3", "Bo"), ("jazz", "https://example.org/c.mp3", ""),
    ]  # fmt: skip
    listed = write_rows(tmp_path / "list.csv", [{"url": "https://example.org/c.mp3", "genre": "rock", "page": "p"}])
    assert list(wanted_from(listed)) == [
        Wanted("https://example.org/c.mp3", "rock", "https://example.org/c.mp3", page="p")
    ]
