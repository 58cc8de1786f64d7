"""Playlists: made, changed, written, taken back."""

import pytest

from earmark.errors import NotFound
from earmark.library import Edits


def test_a_list_is_made_changed_written_and_forgotten(catalogue, tmp_path):
    made = catalogue.make_playlist("Late", tracks=["Low", "Top"])
    assert [row.title for row in made.rows] == ["Low", "Top"]
    catalogue.edit_playlist("Late", Edits(add=("High",), at=1))
    assert [row.title for row in catalogue.playlist("Late").rows] == ["High", "Low", "Top"]
    assert catalogue.export_playlist("Late", tmp_path / "late.m3u8").n_found == 3
    again, missing = catalogue.import_playlist(tmp_path / "late.m3u8", "Again")
    assert ([row.title for row in again.rows], missing) == (["High", "Low", "Top"], [])
    catalogue.undo_playlist("Late")
    assert [row.title for row in catalogue.playlist("Late").rows] == ["Low", "Top"]
    catalogue.drop_playlist("Late")
    catalogue.drop_playlist("Again")
    with pytest.raises(NotFound, match="Late"):
        catalogue.playlist("Late")


def test_a_list_of_songs_that_are_not_here_is_refused(catalogue, tmp_path):
    (tmp_path / "other.m3u8").write_text("#EXTM3U\n/elsewhere/song.mp3\n", encoding="utf-8")
    with pytest.raises(NotFound, match="none of its tracks"):
        catalogue.import_playlist(tmp_path / "other.m3u8")
