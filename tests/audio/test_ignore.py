import os

import pytest

from earmark.audio.ignore import MOST_BYTES, Exclusions
from earmark.errors import ConfigError


def left(*patterns, path, folder=False):
    """Whether the patterns of a command line leave out `path`, below the folder /music."""
    return Exclusions.of("/music", patterns).cover(os.path.join("/music", path), folder)


@pytest.mark.parametrize(
    ("patterns", "path", "folder", "expected"),
    [
        (["*.wav"], "a.wav", False, True),
        (["*.wav"], "x/y/a.wav", False, True),
        (["*.wav"], "a.WAV", False, False),
        (["/a.wav"], "x/a.wav", False, False),
        (["x/a.wav"], "x/a.wav", False, True),
        (["x/a.wav"], "y/x/a.wav", False, False),
        (["Podcasts/"], "x/Podcasts", True, True),
        (["Podcasts/"], "Podcasts", False, False),
        (["x/**"], "x", True, False),
        (["x/**"], "x/y", True, True),
        (["**/x/*.wav"], "y/z/x/a.wav", False, True),
        (["take ?.wav"], "take 1.wav", False, True),
        (["[ab].wav"], "c.wav", False, False),
        (["*.wav", "!keep.wav"], "keep.wav", False, False),
        (["!keep.wav", "*.wav"], "keep.wav", False, True),
        (["*", "!*/", "!*.flac"], "x", True, False),
        (["*", "!*/", "!*.flac"], "x/a.flac", False, False),
        (["*", "!*/", "!*.flac"], "x/a.mp3", False, True),
        (["x", "!/y"], "y/x", True, True),  # a folder above that is taken in again changes nothing for x
        (["#recycle"], "#recycle", True, True),
        ([], "a.wav", False, False),
    ],
)
def test_patterns_rule_as_in_git(patterns, path, folder, expected):
    assert left(*patterns, path=path, folder=folder) is expected


def test_deeper_files_rule_over_those_above_and_the_command_line_over_all(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / ".earmarkignore").write_text("*.wav\n/top.mp3\n")
    (tmp_path / "x" / ".earmarkignore").write_bytes(
        b"\xef\xbb\xbf!good.wav\r\n!never.wav\r\n# a comment\r\n\r\n/inner.mp3\r\n"
    )
    above = Exclusions.of(str(tmp_path), ("never.wav",)).with_file(str(tmp_path / ".earmarkignore"), pytest.fail)
    below = above.with_file(str(tmp_path / "x" / ".earmarkignore"), pytest.fail)

    names = ["a.wav", "good.wav", "never.wav", "inner.mp3", "top.mp3"]
    assert [name for name in names if below.cover(str(tmp_path / "x" / name), False)] == [
        "a.wav", "never.wav", "inner.mp3"
    ]  # fmt: skip
    assert above.cover(str(tmp_path / "good.wav"), False)


def test_names_that_are_no_text(tmp_path):
    (tmp_path / ".earmarkignore").write_bytes(b"caf\xe9*\n")
    exclusions = Exclusions.of(str(tmp_path), ()).with_file(str(tmp_path / ".earmarkignore"), pytest.fail)
    assert exclusions.cover(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.mp3"), False)


def problems_of(path):
    told = []
    exclusions = Exclusions.of(str(path.parent), ()).with_file(str(path), lambda *wrong: told.append(wrong))
    return told, exclusions.cover(str(path.parent / "a.wav"), False)


def test_wrong_lines_are_one_problem_and_the_others_rule(tmp_path):
    path = tmp_path / ".earmarkignore"
    path.write_text("!\n*.wav\n*a*b*c*d*e*\n")

    (((problem, remedy),), covers) = problems_of(path)

    assert problem == "no pattern in line 1, 3"
    assert ".gitignore" in remedy
    assert covers


def test_a_file_that_is_no_list_rules_nothing(tmp_path):
    path = tmp_path / ".earmarkignore"
    path.write_bytes(b"*.wav\n" * (MOST_BYTES // 6 + 1))
    assert problems_of(path) == ([("too large for a list of patterns, so nothing is left out by it", "Shorten it.")], 0)
    path.unlink()
    (((problem, _),), covers) = problems_of(path)
    assert problem.startswith("not readable (No such file or directory)")
    assert not covers


@pytest.mark.parametrize("text", ["", "!", "  "])
def test_the_command_line_takes_patterns_only(text):
    with pytest.raises(ConfigError, match=r"--exclude .*: no pattern. Write it as in a .gitignore file"):
        Exclusions.of("/music", (text,))
