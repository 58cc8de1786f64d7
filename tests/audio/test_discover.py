import os
import sys

import pytest

from earmark.audio.discover import SUFFIXES, VIDEO_SUFFIXES, Rules, find_sound_files
from earmark.errors import ConfigError, FileError
from films import write_film
from sounds import chord, write_sound


def search(*folders, skip="nowhere", **rules):
    problems = []
    return find_sound_files(list(folders), skip, problems.append, Rules(**rules)), problems


def find(*folders, **options):
    found, problems = search(*folders, **options)
    return [os.path.relpath(file.path, folders[0]) for file in found.files], problems


def lay(folder, *names):
    """Files in `folder` that begin like flac."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"fLaC" + bytes(60))


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


def test_every_missing_folder_is_told_before_the_search(tmp_path):
    lay(tmp_path, "a.flac")
    with pytest.raises(FileError, match="nowhere: no such folder"):
        find(tmp_path, tmp_path / "nowhere")


def test_what_is_left_out_is_counted_once_by_reason(tmp_path):
    lay(
        tmp_path, "a.flac", ".b.flac", "._a.flac", ".cache/c.flac", ".cache/d.flac", "@eaDir/a.flac", "#recycle/x/e.mp3"
    )
    lay(tmp_path, "song.mp3.part", "x/song.dat.crdownload", "y.mp3", "y.mp3.aria2", "f.mp3.download/f.mp3")
    lay(tmp_path, "Podcasts/1.mp3", "Podcasts/2.mp3", "notes.wav")
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "list.m3u").write_text("a.flac")

    found, problems = search(tmp_path, exclude=("Podcasts/", "*.wav"))

    assert [os.path.basename(file.path) for file in found.files] == ["a.flac"]
    assert found.left_out == {
        "hidden": 3, "system folder": 2, "unfinished download": 5, "excluded": 2, "not sound": 2
    }  # fmt: skip
    assert problems == found.unread == []


def test_what_the_user_names_is_taken(tmp_path):
    lay(tmp_path, ".music/a.flac", ".music/.hidden/b.flac", "c.mp3.part")

    named = (tmp_path / ".music", tmp_path / "c.mp3.part", tmp_path)
    found, _ = search(*named)

    assert [os.path.relpath(file.path, tmp_path) for file in found.files] == [".music/a.flac", "c.mp3.part"]
    assert found.left_out == {"hidden": 1}  # the folder in the named one


def test_overlapping_folders_are_counted_once(tmp_path):
    lay(tmp_path, "x/a.flac")
    (tmp_path / "x" / "notes.txt").write_text("words")

    assert search(tmp_path, tmp_path / "x", tmp_path)[0].left_out == {"not sound": 1}


def test_patterns_are_relative_to_each_folder(tmp_path):
    lay(tmp_path, "x/a.flac", "x/in/a.flac", "y/a.flac", "y/b.flac")
    assert find(tmp_path / "x", tmp_path / "y", exclude=("/a.flac",))[0] == ["in/a.flac", "../y/b.flac"]


def test_ignore_files_rule_from_their_folder_down(tmp_path):
    lay(tmp_path, "a.wav", "x/a.wav", "x/b.wav", "x/y/a.wav", "z/b.wav")
    (tmp_path / ".earmarkignore").write_text("a.wav\n")
    (tmp_path / "x" / ".earmarkignore").write_text("!a.wav\n/b.wav\n")

    found, problems = search(tmp_path)

    assert [os.path.relpath(file.path, tmp_path) for file in found.files] == ["x/a.wav", "x/y/a.wav", "z/b.wav"]
    assert found.left_out == {"excluded": 2}
    assert problems == []


def test_a_wrong_ignore_file_is_one_problem(tmp_path):
    lay(tmp_path, "a.wav")
    (tmp_path / ".earmarkignore").write_text("!\n!\n")

    found, (problem,) = search(tmp_path)

    assert len(found.files) == 1
    assert (problem.path, problem.problem) == (str(tmp_path / ".earmarkignore"), "no pattern in line 1, 2")


def test_a_wrong_pattern_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no pattern"):
        find(tmp_path, exclude=("!",))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_pipes_are_never_opened(tmp_path):
    for name in (".earmarkignore", "film.mp4", "nothing"):
        os.mkfifo(tmp_path / name)

    found, problems = search(tmp_path)

    assert (found.files, problems, found.left_out) == ([], [], {"not sound": 2})


def test_videos_are_taken_when_they_are_wanted(tmp_path):
    write_film(tmp_path / "film.mkv")
    write_film(tmp_path / "clip.mp4")
    write_sound(tmp_path / "speech.mp4", chord(0.2), 44_100, "aac", "fltp", "mp4")
    (tmp_path / "old.avi").write_bytes(b"RIFF....AVI ")

    assert find(tmp_path)[0] == ["speech.mp4"]
    assert search(tmp_path)[0].left_out == {"video": 3}
    assert find(tmp_path, include_video=True)[0] == ["clip.mp4", "film.mkv", "old.avi", "speech.mp4"]


def test_a_film_of_another_name_is_no_sound(tmp_path):
    write_film(tmp_path / "film.wmv").rename(tmp_path / "film.dat")

    assert search(tmp_path)[0].left_out == {"video": 1}
    assert find(tmp_path, include_video=True)[0] == ["film.dat"]


@pytest.mark.parametrize("suffix", "mp2 mp1 dff tta ac3 eac3 dts spx shn tak voc qoa oma mlp thd rf64 mka weba".split())
def test_known_by_name(suffix):
    assert f".{suffix}" in SUFFIXES


def test_a_suffix_means_one_thing():
    assert not SUFFIXES & VIDEO_SUFFIXES


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    lay(tmp_path, "x/a.flac")
    (tmp_path / "x").chmod(0)
    found, (problem,) = search(tmp_path)
    (tmp_path / "x").chmod(0o700)
    assert found.unread == [problem.path] == [str(tmp_path / "x")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems want names that are text")
def test_odd_names_are_found(tmp_path):
    lay(tmp_path, "new\nline/a.flac", os.fsdecode(b"caf\xe9.flac"))
    assert len(find(tmp_path)[0]) == 2
