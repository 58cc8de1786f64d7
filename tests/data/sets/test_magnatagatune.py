"""MagnaTagATune on small files in its layout."""

import csv

import numpy as np
import pytest

from earmark.data.sets import load_set
from earmark.data.targets import read_targets

CLIPS = {
    "2": "f/american_bach-j_s__bach-01-gott-30-59.mp3",
    "6": "0/artist_a-album-01-song-0-29.mp3",
    "10": "0/artist_a-album-01-song-29-58.mp3",
    "11": "c/artist_b-album-02-tune-0-29.mp3",
}


def magnatagatune(folder):
    folder.mkdir(parents=True, exist_ok=True)
    tags = {"guitar": "1110", "no vocals": "0000", "sitar": "1000", "piano": "0101"}
    with open(folder / "annotations_final.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writerow(["clip_id", *tags, "mp3_path"])
        for k, (clip, path) in enumerate(CLIPS.items()):
            writer.writerow([clip, *(bits[k] for bits in tags.values()), path])
    with open(folder / "clip_info_final.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writerow(["clip_id", "track_number", "title", "artist", "album", "url", "mp3_path"])
        for clip, path in CLIPS.items():
            writer.writerow([clip, "1", "t", f"Artist {path[2:10]}", "al", "http", path])
    return folder


def test_magnatagatune_in_the_original_split(tmp_path):
    from earmark.data.sets.magnatagatune import load

    manifest = load(magnatagatune(tmp_path / "m"), n_tags=2)
    assert manifest.column("split") == ["test", "train", "train", "valid"]
    assert manifest.columns[-2:] == ["tag---guitar", "tag---piano"]  # the two most frequent
    assert manifest.rows[1]["song"] == manifest.rows[2]["song"] != manifest.rows[3]["song"]
    targets = read_targets(manifest, ["tag---*"])
    assert targets.kind == "independent"
    assert targets.values.tolist() == [[1, 0], [1, 1], [1, 0], [0, 1]]


@pytest.mark.parametrize("form", ["npy", "tsv", "txt"])
def test_magnatagatune_in_a_cleaned_split(tmp_path, form):
    folder, lists = magnatagatune(tmp_path / "m"), tmp_path / "lists"
    lists.mkdir()
    for part, clip in (("train", "2"), ("valid", "10"), ("test", "6")):
        if form == "npy":  # "number<TAB>path", as in the lists of Won et al.
            np.save(lists / f"{part}.npy", np.array([f"{clip}\t{CLIPS[clip]}"]))
        elif form == "tsv":  # "id<TAB>[0, 1, ...]", as in those of Pons et al.
            (lists / f"{part}_gt_mtt.tsv").write_text(f"{clip}\t[0.0, 1.0]\n")
        else:
            (lists / f"{part}.txt").write_text(CLIPS[clip] + "\n")
    manifest = load_set("magnatagatune", folder, lists)
    assert {row["path"]: row["split"] for row in manifest.rows} == {
        CLIPS["2"]: "train", CLIPS["10"]: "valid", CLIPS["6"]: "test",
    }  # fmt: skip
