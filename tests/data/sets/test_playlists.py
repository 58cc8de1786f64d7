"""Playlists as classes."""

from earmark.data.read import read_manifest


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
