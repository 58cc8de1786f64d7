"""FMA on small files in its layout."""

import csv

import pytest

from datafiles import touch, write_rows
from earmark.data.sets import load_set
from earmark.errors import DataError


def fma(tmp_path):
    columns = [("album", "id"), ("artist", "id"), ("artist", "name"), ("set", "split"), ("set", "subset"),
               ("track", "genre_top"), ("track", "license"), ("track", "title")]  # fmt: skip
    tracks = {
        2: ["1", "7", "AWOL", "training", "small", "Hip-Hop", "CC BY-NC-SA 3.0", "Food"],
        5: ["1", "7", "AWOL", "validation", "small", "Hip-Hop", "CC BY-NC-SA 3.0", "Two\nlines"],
        140: ["61", "54", "Blah", "test", "small", "Folk", "CC0", "Queen, of"],
        148: ["62", "55", "No", "training", "full", "", "CC0", "Untitled"],
        150: ["62", "55", "Gone", "training", "small", "Rock", "CC0", "Not here"],
    }
    table = tmp_path / "fma_metadata" / "tracks.csv"
    table.parent.mkdir()
    with open(table, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["", *(a for a, _ in columns)])
        writer.writerow(["", *(b for _, b in columns)])
        writer.writerow(["track_id", *[""] * len(columns)])
        writer.writerows([track, *cells] for track, cells in tracks.items())
    touch(tmp_path / "fma_small", "000/000002.mp3", "000/000005.mp3", "000/000140.mp3", "000/000148.mp3")
    return tmp_path / "fma_small"


def test_fma_in_its_own_split_with_a_licence_each(tmp_path):
    manifest = load_set("fma", fma(tmp_path))
    got = [(row["path"], row["split"], row["genre"], row["artist"], row["licence"]) for row in manifest.rows]
    assert got == [
        ("000/000002.mp3", "train", "Hip-Hop", "7", "CC BY-NC-SA 3.0"),
        ("000/000005.mp3", "valid", "Hip-Hop", "7", "CC BY-NC-SA 3.0"),
        ("000/000140.mp3", "test", "Folk", "54", "CC0"),
    ]


def test_fma_with_a_foreign_table_is_refused(tmp_path):
    folder = fma(tmp_path)
    with pytest.raises(DataError, match=r"no columns \['set.split'"):
        load_set("fma", folder, write_rows(tmp_path / "other.csv", [{"track_id": 1, "title": 2}]))
