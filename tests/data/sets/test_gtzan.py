"""GTZAN on small files in its layout."""

import pytest

from datafiles import touch
from earmark.data.read import read_manifest, write_manifest
from earmark.data.sets import load_set
from earmark.data.splits import split_of
from earmark.errors import DataError


def gtzan(tmp_path):
    audio = [f"genres_original/{g}/{g}.{i:05d}.wav" for g in ("blues", "rock") for i in range(4)]
    touch(tmp_path / "g", *audio)
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "train_filtered.txt").write_text("blues/blues.00000.wav\nrock/rock.00003.wav\n")
    (lists / "valid_filtered.txt").write_text("blues/blues.00001.wav\nrock/rock.00000.wav\n")
    (lists / "test_filtered.txt").write_text("blues/blues.00002.wav\n")
    return tmp_path / "g", lists


def test_gtzan_in_its_fault_filtered_split(tmp_path):
    folder, lists = gtzan(tmp_path)
    manifest = load_set("gtzan", folder, lists)
    assert {row["song"]: row["split"] for row in manifest.rows} == {
        "blues.00000": "train", "rock.00003": "train", "blues.00001": "valid", "rock.00000": "valid",
        "blues.00002": "test",
    }  # fmt: skip
    assert manifest.rows[0]["genre"] == "blues"
    assert all(path.is_file() for path in manifest.paths())
    assert split_of(manifest).source == "manifest split"


def test_gtzan_without_lists_has_every_clip_and_no_split(tmp_path):
    folder, _ = gtzan(tmp_path)
    manifest = load_set("gtzan", folder)
    assert len(manifest) == 8
    assert "split" not in manifest.columns


def test_gtzan_with_holes_in_the_split_is_refused(tmp_path):
    folder, lists = gtzan(tmp_path)
    (folder / "genres_original/rock/rock.00003.wav").unlink()
    with pytest.raises(DataError, match="1 listed clips are not in the data: rock.00003"):
        load_set("gtzan", folder, lists)
    (lists / "test_filtered.txt").unlink()
    with pytest.raises(DataError, match="test_filtered.txt: no such file"):
        load_set("gtzan", folder, lists)


def test_a_loaded_set_survives_its_manifest(tmp_path):
    folder, lists = gtzan(tmp_path)
    manifest = load_set("gtzan", folder, lists)
    write_manifest(manifest, tmp_path / "out.csv")
    again = read_manifest(tmp_path / "out.csv")
    assert again.column("split") == manifest.column("split")
    assert [path.resolve() for path in again.paths()] == [path.resolve() for path in manifest.paths()]
