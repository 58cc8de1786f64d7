import json
import os
import shutil

import pytest

from earmark.errors import ConfigError, FileError
from earmark.interop.fields import FIELDS
from earmark.interop.mutagen_files import open_tags
from earmark.interop.plan import Refusal, changes_of, make_plan, read_plan, with_block
from earmark.interop.profile import PROFILES, Profile
from tagged import KINDS, track_of, write_kind

GENRE = Profile("genre", ("genre",))
BPM = Profile("bpm", ("bpm",))


@pytest.fixture
def song(tmp_path):
    return write_kind(tmp_path / "song.flac")


def set_tag(path, name, *values):
    tags = open_tags(path)
    tags.write(name, values)
    tags.save()


def planned(path, profile, mode="fill-empty"):
    """name -> (old, new)."""
    (file,) = make_plan([track_of(path)], profile, mode).files or [None]
    return {} if file is None else {change.name: (change.old, change.new) for change in file.changes}


def test_an_empty_field_is_filled_in_every_mode(song):
    for mode in ("fill-empty", "add", "replace"):
        assert planned(song, GENRE, mode) == {"GENRE": ((), ("Rock",))}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("fill-empty", {}), ("add", {"GENRE": (("Jazz", "Polka"), ("Jazz", "Polka", "Rock"))}),
     ("replace", {"GENRE": (("Jazz", "Polka"), ("Rock",))})],
)  # fmt: skip
def test_what_there_is_stays_unless_the_mode_says_otherwise(song, mode, expected):
    set_tag(song, "GENRE", "Jazz", "Polka")
    assert planned(song, GENRE, mode) == expected


def test_nothing_is_added_twice(song):
    set_tag(song, "GENRE", "ROCK")
    assert planned(song, GENRE, "add") == {}


def test_a_single_value_is_never_added_to(song):
    set_tag(song, "BPM", "64")
    assert planned(song, BPM, "add") == {}
    assert planned(song, BPM, "replace") == {"BPM": (("64",), ("128",))}


def test_a_field_that_one_of_its_tags_fills_is_filled(song):
    """A second key beside the one that is there would contradict it."""
    set_tag(song, "INITIALKEY", "Am")
    assert planned(song, Profile("key", ("key",))) == {}


def test_our_own_tags_are_renewed_in_any_mode(song):
    set_tag(song, "EARMARK_BPM", "1")
    assert planned(song, Profile("own", ("own",)))["EARMARK_BPM"] == (("1",), ("127.96",))


def test_an_mp4_holds_a_whole_tempo(tmp_path):
    path = write_kind(tmp_path / "song.m4a")
    assert planned(path, Profile("exact", ("bpm",), bpm_decimals=2)) == {"tmpo": ((), ("128",))}


@pytest.mark.parametrize(
    ("old", "new"),
    [((), ("[earmark: x]",)), (("",), ("[earmark: x]",)), (("mine",), ("mine [earmark: x]",)),
     (("a  [earmark: old; b] \n c",), ("a  [earmark: x] \n c",)), (("one", "two"), ("one [earmark: x]", "two")),
     (("one", "[earmark: y]"), ("one", "[earmark: x]")), ((r"\1 [earmark: ]",), (r"\1 [earmark: x]",))],
)  # fmt: skip
def test_only_our_block_of_a_comment_changes(old, new):
    assert with_block(old, "[earmark: x]") == new


def test_a_plan_of_everything_in_every_format_has_nothing_left_to_do_when_done(tmp_path):
    everything = Profile("all", tuple(dict.fromkeys(name for one in PROFILES.values() for name in one.fields)))
    for kind in KINDS:
        path = write_kind(tmp_path / f"song.{kind}")
        (file,) = make_plan([track_of(path)], everything, "add").files
        tags = open_tags(path)
        for change in file.changes:
            tags.write(change.name, change.new)
        tags.save()
        plan = make_plan([track_of(path)], everything, "add")
        assert (plan.files, plan.n_same) == ((), 1), kind


def test_a_plan_comes_back_from_its_file_with_any_path(tmp_path):
    path = write_kind(tmp_path / os.fsdecode(b"s\xf6ng \xe2\x80\xae \n.flac"))
    plan = make_plan([track_of(path)], PROFILES["navidrome"], "fill-empty")
    plan.write(tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan
    assert plan.lines()[0].endswith(r"s\xf6ng \u202e \x0a.flac")
    assert any(line.split() == ["bpm", "BPM", "-", "->", "128"] for line in plan.lines())


@pytest.mark.parametrize(
    "harm",
    [lambda p: p.pop("files"), lambda p: p.update(earmark_tag_plan=99), lambda p: p["files"][0].update(path="../a.mp3"),
     lambda p: p["files"][0]["changes"][0].update(name="TITLE"), lambda p: p["files"][0]["changes"][0].update(new=[3]),
     lambda p: p.update(more=1)],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(tmp_path, song, harm):
    values = make_plan([track_of(song)], GENRE, "add").to_dict()
    values = json.loads(json.dumps(values))
    harm(values)
    (tmp_path / "plan.json").write_text(json.dumps(values))
    with pytest.raises(FileError, match=r"plan\.json: is no plan of tags"):
        read_plan(tmp_path / "plan.json")


def test_a_plan_that_is_missing_or_cannot_be_written_says_so(tmp_path, song):
    with pytest.raises(FileError, match="cannot be read"):
        read_plan(tmp_path / "none.json")
    with pytest.raises(FileError, match="cannot be written"):
        make_plan([], GENRE, "add").write(tmp_path / "none" / "plan.json")
    with pytest.raises(ConfigError, match="overwrite: no such mode"):
        make_plan([track_of(song)], GENRE, "overwrite")


def refusal(path, track=None) -> Refusal:
    plan = make_plan([track or track_of(path)], GENRE, "add")
    assert plan.files == ()
    return plan.refused[0]


def test_files_that_cannot_be_written_are_named_with_the_reason(tmp_path, song):
    track = track_of(song)
    os.link(song, tmp_path / "other.flac")
    assert "2 names (hard links)" in refusal(song, track).problem
    (tmp_path / "other.flac").unlink()

    song.chmod(0o444)
    assert "read-only" in refusal(song, track).problem
    song.chmod(0o644)

    os.utime(song, (1, 1))
    assert refusal(song, track) == Refusal(
        str(song), "has changed since it was scanned", "Scan again and make a new plan."
    )
    song.unlink()
    assert "cannot be read (No such file" in refusal(song, track).problem


def test_kinds_that_hold_no_tags_are_named(tmp_path):
    path = write_kind(tmp_path / "song.aac")
    assert "kind whose tags are not written" in refusal(path).problem
    odd = shutil.copy(write_kind(tmp_path / "song.mka", container="matroska"), tmp_path / "odd.mp3")
    assert "its tags cannot be written" in refusal(odd, track_of(tmp_path / "odd.mp3")).problem


def test_a_link_leads_to_its_file_and_two_ways_to_one_file_are_one(tmp_path, song):
    (tmp_path / "link.flac").symlink_to(song)
    plan = make_plan([track_of(song, tmp_path / "link.flac")], GENRE, "add")
    assert [file.path for file in plan.files] == [str(song)]


def test_fields_that_a_family_has_not_are_left_out(tmp_path):
    tags = open_tags(write_kind(tmp_path / "song.opus"))
    found = changes_of(tags, {"gain": ("1 dB",), "r128": ("-100",)}, "replace")
    assert [change.name for change in found] == ["R128_TRACK_GAIN"]
    assert "gain" in FIELDS


def test_files_outside_of_the_folders_are_refused_also_behind_links(tmp_path):
    for name in ("in", "out", "inner"):
        (tmp_path / name).mkdir()
    inside, outside = write_kind(tmp_path / "in" / "song.flac"), write_kind(tmp_path / "out" / "song.flac")
    (tmp_path / "in" / "link.flac").symlink_to(outside)
    tracks = [track_of(path) for path in (inside, outside, tmp_path / "in" / "link.flac")]
    plan = make_plan(tracks, GENRE, "add", roots=[tmp_path / "in"])
    assert [file.path for file in plan.files] == [str(inside)]
    assert {(one.path, "outside of the folders" in one.problem) for one in plan.refused} == {(str(outside), True)}
    assert make_plan(tracks, GENRE, "add", roots=[str(tmp_path / "i")]).files == ()  # no folder, though a beginning
    (tmp_path / "way").symlink_to(tmp_path / "in")
    assert len(make_plan(tracks, GENRE, "add", roots=[tmp_path / "way"]).files) == 1
    assert len(make_plan(tracks, GENRE, "add", roots=["/"]).files) == 2
