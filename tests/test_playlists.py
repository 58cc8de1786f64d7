import json

import pytest

from earmark.errors import FileError
from earmark.interop.playlist import write_playlist
from earmark.playlists import LARGEST, PlaylistEntry, read_playlist
from tagged import track_of, write_kind

REKORDBOX = """<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0"><PRODUCT Name="rekordbox" Version="6.0"/><COLLECTION Entries="3">
<TRACK TrackID="1" Name="One" Artist="Ann" TotalTime="200" Location="file://localhost/C:/Music/a%20b.mp3"/>
<TRACK TrackID="2" Name="Two" Artist="Bob" Location="file://localhost/music/two.flac"/>
<TRACK TrackID="3" Name="Three" Location="file://localhost/music/three.flac"/></COLLECTION>
<PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Name="x" Type="1" KeyType="0"><TRACK Key="2"/><TRACK Key="1"/></NODE>
<NODE Name="y" Type="1" KeyType="0"><TRACK Key="1"/><TRACK Key="9"/></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>"""
XSPF = """<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>
<track><location>file:///m/b%20c.mp3</location><creator>Them</creator><title>T</title><duration>1500</duration></track>
<track><title>only a title</title></track><track/></trackList></playlist>"""


def test_m3u8_with_names_lengths_comments_and_a_mark_of_bytes(tmp_path):
    text = "\ufeff#EXTM3U\n#EXTINF:30,Ella - Summertime\na.mp3\n\n# a comment\n#EXTINF:-1,Alone\n../b.mp3\r\n/m/c.mp3\n"
    (tmp_path / "x.m3u8").write_text(text, encoding="utf-8", newline="")
    assert read_playlist(tmp_path / "x.m3u8") == [
        PlaylistEntry(str(tmp_path / "a.mp3"), "Summertime", "Ella", 30.0),
        PlaylistEntry(str(tmp_path.parent / "b.mp3"), "Alone", ""),
        PlaylistEntry("/m/c.mp3"),
    ]


def test_a_line_that_can_be_no_path_is_a_title(tmp_path):
    (tmp_path / "there").touch()
    (tmp_path / "x.txt").write_text("Blue in Green\nthere\na.mp3\n")
    assert read_playlist(tmp_path / "x.txt") == [
        PlaylistEntry("", "Blue in Green"), PlaylistEntry(str(tmp_path / "there")),
        PlaylistEntry(str(tmp_path / "a.mp3")),
    ]  # fmt: skip


def test_an_attribute_of_extinf_is_no_part_of_the_length(tmp_path):
    (tmp_path / "x.m3u").write_text('#EXTINF:215 tvg-id="1",A - B\nhttps://example.org/a.mp3\n')
    assert read_playlist(tmp_path / "x.m3u") == [PlaylistEntry("https://example.org/a.mp3", "B", "A", 215.0)]


def test_xspf_and_jspf(tmp_path):
    (tmp_path / "x.xspf").write_text(XSPF)
    assert read_playlist(tmp_path / "x.xspf") == [
        PlaylistEntry("/m/b c.mp3", "T", "Them", 1.5), PlaylistEntry("", "only a title"),
    ]  # fmt: skip
    tracks = [{"location": ["file:///m/b%20c.mp3"], "creator": "Them", "title": "T", "duration": 1500}, {"title": None}]
    (tmp_path / "x.jspf").write_text(json.dumps({"playlist": {"track": tracks}}))
    assert read_playlist(tmp_path / "x.jspf") == [PlaylistEntry("/m/b c.mp3", "T", "Them", 1.5)]


def test_a_table_with_any_of_its_columns(tmp_path):
    (tmp_path / "x.csv").write_text('track_id,Title,artist,duration\nab,"a, b",Ann,12.5\n')
    assert read_playlist(tmp_path / "x.csv") == [PlaylistEntry("", "a, b", "Ann", 12.5, "ab")]
    (tmp_path / "y.csv").write_text("path\na.mp3\n")
    assert read_playlist(tmp_path / "y.csv") == [PlaylistEntry(str(tmp_path / "a.mp3"))]


def test_the_lists_of_rekordbox_in_their_order_each_track_once(tmp_path):
    (tmp_path / "x.xml").write_text(REKORDBOX)
    assert read_playlist(tmp_path / "x.xml") == [
        PlaylistEntry("/music/two.flac", "Two", "Bob"), PlaylistEntry("C:/Music/a b.mp3", "One", "Ann", 200.0),
    ]  # fmt: skip
    (tmp_path / "y.xml").write_text(REKORDBOX[: REKORDBOX.index("<PLAYLISTS>")] + "</DJ_PLAYLISTS>")
    assert [entry.title for entry in read_playlist(tmp_path / "y.xml")] == ["One", "Two", "Three"]


@pytest.mark.parametrize("suffix", ["m3u8", "xspf", "jspf", "csv", "xml"])
def test_what_earmark_writes_it_reads(suffix, tmp_path):
    paths = [write_kind(tmp_path / name, seconds) for name, seconds in (("ä #1.flac", 1.0), ("b, c.flac", 1.5))]
    write_playlist(tmp_path / f"x.{suffix}", [track_of(path) for path in paths])
    assert [entry.location for entry in read_playlist(tmp_path / f"x.{suffix}")] == [str(path) for path in paths]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.pls", b"", "no playlist that is read"),
        ("x.xspf", b"<playlist>", "not a readable playlist"),
        ("x.xspf", b'<!DOCTYPE x [<!ENTITY a "b">]><playlist/>', "declares entities"),
        ("x.jspf", b'{"playlist": 3}', "not a readable playlist"),
        ("x.csv", b"a,b\n1,2\n", "no column path"),
        ("x.m3u8", b"a" * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_playlist_is_refused_with_its_name(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=message):
        read_playlist(tmp_path / name)


def test_a_missing_one_says_so(tmp_path):
    with pytest.raises(FileError, match="No such file"):
        read_playlist(tmp_path / "x.m3u8")
