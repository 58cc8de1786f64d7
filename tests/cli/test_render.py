import json
from types import SimpleNamespace

import pytest

from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.cli.render import _tag_lines, file_line, print_groups, print_json, print_lines
from earmark.explore.copies import Copy
from earmark.explore.duplicates import Group
from earmark.tagger.tags import TagProbability


def test_json_is_one_line_of_utf8(capsys):
    print_json({"title": "Höhner\n"})
    assert capsys.readouterr().out == '{"title": "Höhner\\n"}\n'


def test_what_json_cannot_hold_is_an_error():
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"x": float("nan")})
    assert json.dumps(None) == "null"


def test_sure_tags_have_bars_and_an_unsure_group_names_the_nearest():
    tags = {
        "genre": [TagProbability("jazz", 0.38, False), TagProbability("rock", 0.3, False)],
        "mood": [TagProbability(*hit) for hit in (("sad", 1.0, True), ("calm", 0.5, True), ("happy", 0.2, False))],
        "scale": [TagProbability("valence", -0.2, True)],
    }
    assert _tag_lines(tags) == [
        "  genre        unsure (nearest: jazz 0.38)",
        "  mood         sad                    1.00 ████████████████████",
        "               calm                   0.50 ██████████",
        "  scale        valence                -0.20 ",
    ]


def test_a_track_without_tags_says_why_in_a_line(capsys):
    empty = {"genre": [], "mood": []}
    assert _tag_lines(empty) == []
    lines = [("key", "too short to say")]
    print_lines(SimpleNamespace(tags=empty, untold="too short to say", warnings=(), lines=lambda: lines))
    assert capsys.readouterr().out == "  tags         too short to say\n  key          too short to say\n"


def test_what_a_file_says_of_itself_is_a_line():
    tags, sound = FileTags("T", "A", "Sampler", 2011, "Jazz"), SoundFormat("mp3", 320_000, 44_100, 2)
    assert file_line(FileInfo(tags, sound)) == "Sampler, 2011, Jazz; mp3, 320 kb/s, 44.1 kHz, stereo"
    assert file_line(FileInfo(FileTags(), SoundFormat("pcm_s16le", None, 48_000, 6))) == "pcm_s16le, 48 kHz, 6 channels"
    assert file_line(FileInfo()) == ""
    assert "scan it" in file_line(None)


def test_groups_are_a_head_and_a_line_a_file(capsys):
    copies = [Copy(f"/m/a\udcff.{kind}", "t", "T", "", "", 61.0, kind, 1000 * rate, hz) for kind, rate, hz in (
        ("flac", 700, 44_100), ("mp3", 128, None),
    )]  # fmt: skip
    print_groups([Group("recording", tuple(copies))], as_json=False)
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "same recording"
    assert [line.split("\t")[1:] for line in lines] == [["1:01", "flac, 700 kb/s, 44.1 kHz"], ["1:01", "mp3, 128 kb/s"]]
    print_groups([Group("recording", tuple(copies))], as_json=True)
    assert json.loads(capsys.readouterr().out)["files"][1]["bit_rate"] == 128_000
