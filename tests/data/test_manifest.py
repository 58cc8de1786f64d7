"""Manifests in memory: which rows belong together."""

import pytest

from datafiles import manifest_of
from earmark.data.manifest import abbreviate
from earmark.errors import DataError


def test_groups_chain_songs_artists_and_duplicates_but_not_placeholders():
    manifest = manifest_of(
        song=["s1", "s1", "s2", "", "", "s5"],
        artist=["A", "B", "b ", "Various Artists", "various artists", ""],
        duplicate=["", "", "d", "", "d", ""],
    )
    a, b, c, d, e, f = manifest.groups()
    assert a == b == c == e  # s1 joins 0-1, artist B 1-2 whatever its case, duplicate d 2-4
    assert len({a, d, f}) == 3
    assert len(set(manifest_of(genre=["x"] * 4).groups())) == 4


def test_the_same_file_twice_is_one_group():
    assert len(set(manifest_of(path=["a.wav", "b.wav", "a.wav"]).groups())) == 2


def test_a_file_without_a_song_is_a_song_of_its_own():
    manifest = manifest_of(song=["Blue  Train", "blue train", ""])
    assert manifest.songs() == ["blue train", "blue train", "2.wav"]
    assert manifest_of(genre=["x", "y"]).songs() == ["0.wav", "1.wav"]


def test_an_unknown_column_lists_the_known_ones():
    with pytest.raises(DataError, match="column 'mood': not in test. It has path, genre"):
        manifest_of(genre=["x"]).column("mood")


def test_rows_are_numbered_as_a_spreadsheet_does():
    assert manifest_of(genre=["x", "y"]).where(1) == "row 3 (1.wav)"
    assert abbreviate(range(10), shown=3) == "0, 1, 2 and 7 more"
    assert abbreviate(range(3), shown=3) == "0, 1, 2"
