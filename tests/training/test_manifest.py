"""Reading manifests and targets, and refusing what cannot be learned from."""

import numpy as np
import pytest

from datafiles import manifest_of, write_rows
from earmark.data.read import read_manifest, write_manifest
from earmark.data.targets import read_targets
from earmark.errors import DataError


def test_a_csv_is_read_in_order_with_paths_below_its_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.wav").touch()
    (tmp_path / "2.wav").touch()
    (tmp_path / "tracks.csv").write_text('\ufeffpath,genre\na/1.wav,"rock, hard"\n2.wav,jazz\n', encoding="utf-8")
    for given in (tmp_path, tmp_path / "tracks.csv"):
        manifest = read_manifest(given)
        assert manifest.paths() == [tmp_path / "a/1.wav", tmp_path / "2.wav"]
        assert manifest.column("genre") == ["rock, hard", "jazz"]
    write_manifest(manifest, tmp_path / "out" / "copy.csv")
    again = read_manifest(tmp_path / "out" / "copy.csv")
    assert [path.resolve() for path in again.paths()] == manifest.paths()


def test_folders_are_classes(tmp_path):
    for name in ("jazz/live/b.FLAC", "jazz/a.mp3", "rock/c.ogg", "rock/notes.txt", ".hidden/d.mp3", "rock/.e.mp3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    manifest = read_manifest(tmp_path)
    assert [(row["path"], row["label"]) for row in manifest.rows] == [
        ("jazz/a.mp3", "jazz"), ("jazz/live/b.FLAC", "jazz"), ("rock/c.ogg", "rock"),
    ]  # fmt: skip


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"no column `path` \(the first line has nothing\)"),
        ("file;genre\na.wav;rock\n", "no column `path`"),
        ("path,genre,genre\na.wav,x,y\n", r"named twice: \['genre'\]"),
        ("path,genre\na.wav\n", "row 2 has 1 cells, the header 2"),
        ("path,genre\na.wav,x\n,y\n", "row 3 has a blank path"),
        ("path,genre\n", "no rows under the header"),
        ("path,genre\ngone.wav,x\nalso/gone.wav,y\n", r"2 of 2 files are missing: row 2 \(gone.wav\), row 3"),
    ],
)
def test_a_broken_manifest_says_which_row_and_what_to_do(tmp_path, text, message):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_manifest(tmp_path / "m.csv")
    assert caught.value.remedy.endswith(".")


def test_a_manifest_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "m.csv").write_bytes("path,genre\nä.wav,x\n".encode("latin-1"))
    with pytest.raises(DataError, match="not a UTF-8 CSV"):
        read_manifest(tmp_path / "m.csv")


def test_nothing_there_and_a_folder_without_audio_are_refused(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        read_manifest(tmp_path / "none.csv")
    (tmp_path / "jazz").mkdir()
    with pytest.raises(DataError, match="no audio in folders"):
        read_manifest(tmp_path)


def test_groups_chain_songs_artists_and_duplicates_but_not_placeholders():
    manifest = manifest_of(
        song=["s1", "s1", "s2", "", "", "s5"],
        artist=["A", "B", "b ", "Various Artists", "various artists", ""],
        duplicate=["", "", "d", "", "d", ""],
    )
    a, b, c, d, e, f = manifest.groups()
    assert a == b == c == e  # s1 joins 0-1, artist B 1-2 whatever its case, duplicate d 2-4
    assert len({a, d, f}) == 3
    assert len(set(manifest_of(genre=["x"] * 4).groups())) == 4


def test_the_same_file_twice_is_one_group():
    assert len(set(manifest_of(path=["a.wav", "b.wav", "a.wav"]).groups())) == 2


def test_one_text_column_gives_sorted_exclusive_classes():
    targets = read_targets(manifest_of(genre=["rock", "jazz", "rock", "jazz"]), ["genre"])
    assert (targets.kind, targets.names) == ("exclusive", ("jazz", "rock"))
    assert targets.index.tolist() == [1, 0, 1, 0]
    assert targets.values.tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_numbers_give_shares_or_values_unless_told_otherwise():
    manifest = manifest_of(a=[0, 1, 0], b=[0.5, 0.25, 1], year=[1999, 2001, 2001])
    shares = read_targets(manifest, ["a", "b"])
    assert (shares.kind, shares.names) == ("independent", ("a", "b"))
    np.testing.assert_allclose(shares.values, [[0, 0.5], [1, 0.25], [0, 1]])
    assert read_targets(manifest, ["a", "b"], kind="value").kind == "value"
    assert read_targets(manifest, ["year"]).kind == "value"
    years = read_targets(manifest, ["year"], kind="exclusive", for_training=False)
    assert years.names == ("1999", "2001")


def test_patterns_stand_for_columns():
    manifest = manifest_of(**{"tag---a": [0, 1, 1], "tag---b": [1, 0, 1], "other": [3, 4, 5]})
    assert read_targets(manifest, ["tag---*"]).names == ("tag---a", "tag---b")


@pytest.mark.parametrize(
    ("columns", "target", "kind", "message"),
    [
        ({"genre": ["a", "b"]}, "mood", None, "column 'mood': not in test. It has path, genre"),
        ({"genre": ["a", "", "b"]}, "genre", None, r"blank in 1 of 3 rows: row 3 \(1.wav\)"),
        ({"genre": ["a", "a"]}, "genre", None, "one class only, 'a'"),
        ({"genre": ["a", "a", "b"]}, "genre", None, r"classes of one song: 'b', row 4 \(2.wav\)"),
        ({"genre": ["a", "a", "b", "b"], "song": [1, 2, 3, 3]}, "genre", None, "classes of one song: 'b'"),
        ({"x": [0, 0, 0]}, "x", None, "the same value in every row: x"),
        ({"x": [0, "loud", 1]}, "x", None, r"not a number in 1 of 3 rows: row 3"),
        ({"x": [0, "nan", 1]}, "x", None, "not a number"),
        ({"x": [0, 3, 1]}, "x", "independent", "values from 0 to 3"),
    ],
)
def test_targets_that_cannot_be_learned_are_refused(columns, target, kind, message):
    with pytest.raises(DataError, match=message):
        read_targets(manifest_of(**columns), [target], kind)


def test_a_set_to_be_tested_on_may_have_one_class():
    assert read_targets(manifest_of(genre=["a", "a"]), ["genre"], for_training=False).names == ("a",)


def test_quoted_line_breaks_do_not_shift_rows(tmp_path):
    write_rows(tmp_path / "m.csv", [{"path": "a", "note": "two\nlines", "g": "x"}, {"path": "b", "note": "", "g": ""}])
    manifest = read_manifest(tmp_path / "m.csv", must_exist=False)
    with pytest.raises(DataError, match=r"row 3 \(b\)"):
        read_targets(manifest, ["g"])
