import os
from dataclasses import replace
from pathlib import Path

import pytest

from earmark.errors import ConfigError
from earmark.interop.paths import Root, place_of, read_roots
from tagged import track_of, write_kind


@pytest.fixture
def song(tmp_path):
    (tmp_path / "music").mkdir()
    return write_kind(tmp_path / "music" / "song.flac")


def test_the_longest_root_counts_and_only_whole_names():
    roots = read_roots(["/music=/data", "/music/jazz=/jazz/", "~/x=/y"])
    assert roots[-1] == Root("/music", "/data") or roots[0].here.startswith("/music/jazz")
    mapped = {path: next(filter(None, (root.map(path) for root in roots)), None) for path in
              ("/music/a.mp3", "/music/jazz/b.mp3", "/musical/c.mp3")}  # fmt: skip
    assert mapped == {"/music/a.mp3": "/data/a.mp3", "/music/jazz/b.mp3": "/jazz/b.mp3", "/musical/c.mp3": None}


@pytest.mark.parametrize("text", ["/music", "=/data", "/music="])
def test_what_is_no_map_is_an_error(text):
    with pytest.raises(ConfigError, match="no map of folders"):
        read_roots([text])


def test_a_file_is_found_where_the_list_says(tmp_path, song):
    track = track_of(song)
    here = place_of(track, (), tmp_path)
    assert (here.there, here.found) == (os.path.join("music", "song.flac"), True)
    assert place_of(track, (), None).there == str(song)
    believed = place_of(track, (Root(str(tmp_path), "/no/such/folder"),), None)
    assert (believed.there, believed.found) == ("/no/such/folder/music/song.flac", True)
    (tmp_path / "there").mkdir()
    seen = place_of(track, (Root(str(tmp_path), str(tmp_path / "there")),), None)
    assert not seen.found
    song.unlink()
    assert not place_of(track, (), tmp_path).found


def test_of_several_files_the_one_that_is_there(tmp_path, song):
    other = Path(str(song).replace("song", "other"))
    other.write_bytes(song.read_bytes())
    track = track_of(song, other)
    other.unlink()
    assert place_of(track, (), None).path == str(song)


def test_an_address_is_written_as_it_is_after_files_of_this_machine(tmp_path, song):
    track = track_of(song)
    far = [replace(file, path="s3://bucket/song.flac") for file in track.files]
    elsewhere = replace(track, files=far)
    assert place_of(elsewhere, (Root("/a", "/b"),), tmp_path).there == "s3://bucket/song.flac"
    assert place_of(replace(track, files=[*far, *track.files]), (), None).there == str(song)
