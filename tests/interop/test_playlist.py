import csv
import json
import os
from dataclasses import replace
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import pytest

from earmark.audio.filetags import FileTags
from earmark.errors import ConfigError, FileError
from earmark.interop.paths import Root
from earmark.interop.playlist import XSPF, address, write_playlist
from tagged import track_of, write_kind

NAMES = ("b", "a ü%#?", "#hash", "Жизнь & <co>")


@pytest.fixture
def tracks(tmp_path):
    """Tracks whose file names and titles are odd, in an order that is none of the alphabet."""
    (tmp_path / "music").mkdir()
    found = []
    for i, name in enumerate(NAMES):
        path = write_kind(tmp_path / "music" / f"{name}.flac", seconds=0.4 + 0.1 * i)
        tags = FileTags(f"Title {name}", "Àrtist", "=1+1", 1999)
        found.append(track_of(path, duration=60.4, file_tags=tags))
    return found


def test_m3u8_is_relative_to_the_list(tmp_path, tracks):
    report = write_playlist(tmp_path / "lists.m3u8", tracks, name="My\nlist")
    assert (report.n_tracks, report.n_found, report.missing, report.left_out) == (4, 4, (), ())
    lines = (tmp_path / "lists.m3u8").read_text(encoding="utf-8").splitlines()
    assert lines[:4] == ["#EXTM3U", "#PLAYLIST:My list", "#EXTINF:60,Àrtist - Title b", "music/b.flac"]
    assert [tmp_path / line for line in lines[3::2]] == [tmp_path / "music" / f"{name}.flac" for name in NAMES]


def test_a_name_that_begins_like_a_remark_is_a_path(tmp_path, tracks):
    write_playlist(tmp_path / "music" / "list.m3u8", tracks)
    assert "\n./#hash.flac\n" in (tmp_path / "music" / "list.m3u8").read_text(encoding="utf-8")


def test_m3u8_with_a_map_of_folders(tmp_path, tracks):
    write_playlist(tmp_path / "list.m3u8", tracks, roots=[Root(str(tmp_path), "/srv")])
    assert "/srv/music/b.flac" in (tmp_path / "list.m3u8").read_text(encoding="utf-8").splitlines()


def test_paths_that_a_format_cannot_hold_are_left_out_and_named(tmp_path):
    odd = write_kind(tmp_path / os.fsdecode(b"\xff.flac"))
    lines = write_kind(tmp_path / "two\nlines.flac", seconds=0.5)
    gone = replace(track_of(write_kind(tmp_path / "x.flac", seconds=0.7)), files=())
    tracks = [track_of(odd), track_of(lines), gone]
    report = write_playlist(tmp_path / "list.m3u8", tracks)
    assert (report.n_tracks, report.n_found) == (3, 0)
    assert set(report.left_out) == {str(odd), str(lines), gone.track_id}
    report = write_playlist(tmp_path / "list.xspf", tracks)
    assert (report.n_found, report.left_out) == (2, (gone.track_id,))
    places = ET.parse(tmp_path / "list.xspf").iter(f"{{{XSPF}}}location")
    assert {unquote_to_bytes(place.text.removeprefix("file://")) for place in places} == {
        os.fsencode(odd), os.fsencode(lines)
    }  # fmt: skip


def test_xspf_and_jspf_say_the_same(tmp_path, tracks):
    write_playlist(tmp_path / "list.xspf", tracks, name="N")
    write_playlist(tmp_path / "list.jspf", tracks, name="N")
    root = ET.parse(tmp_path / "list.xspf").getroot()
    listed = json.loads((tmp_path / "list.jspf").read_text(encoding="utf-8"))["playlist"]
    assert root.find(f"{{{XSPF}}}title").text == listed["title"] == "N"
    in_xml = [{part.tag.split("}")[1]: part.text for part in one} for one in root.iter(f"{{{XSPF}}}track")]
    in_json = [one | {"location": one["location"][0], "duration": str(one["duration"])} for one in listed["track"]]
    assert in_xml == in_json
    assert in_xml[0] == {"location": f"file://{tmp_path}/music/b.flac", "title": "Title b", "creator": "Àrtist",
                         "album": "=1+1", "duration": "60400"}  # fmt: skip


def test_csv_has_no_formula(tmp_path, tracks):
    write_playlist(tmp_path / "list.csv", tracks)
    with open(tmp_path / "list.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [f"Title {name}" for name in NAMES]
    first = rows[0]
    assert (first["album"], first["bpm"], first["key"], first["camelot"], first["energy"]) == (
        "'=1+1", "127.96", "Bbm", "3A", "7"
    )  # fmt: skip


def test_addresses_of_both_kinds_of_systems():
    assert address("/a b/ü.flac") == "file:///a%20b/%C3%BC.flac"
    assert address("a b.flac") == "a%20b.flac"
    assert address(r"C:\a b\c.flac") == "file:///C:/a%20b/c.flac"


def test_what_cannot_be_done_is_an_error(tmp_path, tracks):
    with pytest.raises(ConfigError, match=r"\.pls: no format of a playlist"):
        write_playlist(tmp_path / "list.pls", tracks)
    with pytest.raises(FileError, match="cannot be written"):
        write_playlist(tmp_path / "none" / "list.m3u8", tracks)
