"""Reading manifests, and refusing what is none."""

import pytest

from datafiles import write_rows
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


def test_quoted_line_breaks_do_not_shift_rows(tmp_path):
    write_rows(tmp_path / "m.csv", [{"path": "a", "note": "two\nlines", "g": "x"}, {"path": "b", "note": "", "g": ""}])
    manifest = read_manifest(tmp_path / "m.csv", must_exist=False)
    with pytest.raises(DataError, match=r"row 3 \(b\)"):
        read_targets(manifest, ["g"])


def test_a_manifest_is_written_whole_or_not_at_all(tmp_path):
    write_rows(tmp_path / "m.csv", [{"path": "a.wav", "g": "x"}])
    manifest = read_manifest(tmp_path / "m.csv", must_exist=False)
    manifest.rows.append({"path": "b.wav", "g": "y", "unknown": "z"})
    with pytest.raises(ValueError, match="unknown"):
        write_manifest(manifest, tmp_path / "m.csv")
    assert (tmp_path / "m.csv").read_text().splitlines() == ["path,g", "a.wav,x"]
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]
