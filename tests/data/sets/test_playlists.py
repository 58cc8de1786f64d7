"""Playlists as classes."""

import pytest

from earmark.data.read import read_manifest
from earmark.data.sets.playlists import PlaylistEntry, load, read_playlist
from earmark.errors import DataError


def test_playlists_are_classes(tmp_path):
    music, lists = tmp_path / "my music", tmp_path / "lists"
    music.mkdir()
    lists.mkdir()
    for name in ("a.mp3", "b c.mp3", "d.mp3"):
        (music / name).touch()
    (lists / "jazz.m3u8").write_text(
        "#EXTM3U\n#EXTINF:30,Ella - Summertime\n../my music/a.mp3\n\n# a comment\n" + str(music / "d.mp3") + "\n"
    )
    (lists / "rock.xspf").write_text(
        '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>'
        f"<track><location>{(music / 'b c.mp3').as_uri()}</location><creator>Them</creator><title>T</title></track>"
        "</trackList></playlist>"
    )
    manifest = read_manifest(lists)
    assert [path.resolve().name for path in manifest.paths()] == ["a.mp3", "d.mp3", "b c.mp3"]
    assert manifest.column("label") == ["jazz", "jazz", "rock"]
    assert manifest.column("artist") == ["Ella", "", "Them"]
    assert manifest.column("title") == ["Summertime", "", "T"]


def test_addresses_and_broken_playlists_are_refused(tmp_path):
    (tmp_path / "jazz.m3u").write_text("https://example.org/a.mp3\n")
    with pytest.raises(DataError, match="is not a local file. Fetch excerpts first"):
        load(tmp_path)
    (tmp_path / "rock.xspf").write_text("<playlist>")
    with pytest.raises(DataError, match="not a readable playlist"):
        read_playlist(tmp_path / "rock.xspf")


def test_m3u_is_latin_1_where_it_is_not_utf_8(tmp_path):
    (tmp_path / "jazz.m3u").write_bytes("#EXTINF:1,Zoé - Été\na%20b.mp3\n".encode("latin-1"))
    (entry,) = read_playlist(tmp_path / "jazz.m3u")
    assert entry == PlaylistEntry(str(tmp_path / "a b.mp3"), "Été", "Zoé", 1.0)
