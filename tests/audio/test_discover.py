import os
import sys

import pytest

from earmark.audio.discover import find_sound_files
from earmark.errors import FileError
from sounds import chord, write_sound


def find(*folders, skip="nowhere"):
    problems = []
    found = find_sound_files(list(folders), skip, problems.append)
    return [os.path.relpath(file.path, folders[0]) for file in found], problems


def test_by_name_and_by_content(tmp_path):
    write_sound(tmp_path / "b.flac", chord(0.2))
    write_sound(tmp_path / "inner.flac", chord(0.2)).rename(tmp_path / "a.bin")
    (tmp_path / "LOUD.MP3").write_bytes(b"no sound, but its name says so")
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "._b.flac").write_bytes(b"what macOS leaves behind")

    assert find(tmp_path) == (["LOUD.MP3", "a.bin", "b.flac"], [])


def test_link_loops_are_entered_once(tmp_path):
    inner = tmp_path / "album"
    inner.mkdir()
    write_sound(inner / "a.flac", chord(0.2))
    (inner / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(inner, target_is_directory=True)

    found, problems = find(tmp_path)

    assert len(found) == 1
    assert problems == []


def test_overlapping_folders_and_files_count_once(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(0.2))

    assert find(tmp_path, tmp_path, path)[0] == ["a.flac"]


def test_the_catalogue_is_not_searched(tmp_path):
    inside = tmp_path / "catalogue"
    inside.mkdir()
    write_sound(inside / "a.flac", chord(0.2))

    assert find(tmp_path, skip=inside)[0] == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "broken.mp3").symlink_to(tmp_path / "gone.mp3")
    os.mkfifo(tmp_path / "pipe.mp3")

    found, problems = find(tmp_path)

    assert found == []
    assert sorted((os.path.basename(p.path), p.problem) for p in problems) == [
        ("broken.mp3", "cannot be read (No such file or directory)"),
        ("pipe.mp3", "not a regular file"),
    ]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileError, match="no such folder"):
        find(tmp_path / "nowhere")
