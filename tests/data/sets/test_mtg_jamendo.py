"""MTG-Jamendo on small files in its layout."""

import pytest

from datafiles import touch
from earmark.data.sets import load_set
from earmark.data.targets import read_targets
from earmark.errors import DataError


def test_mtg_jamendo_in_a_published_split(tmp_path):
    header = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n"
    lines = {
        "train": "track_0000214\tartist_000014\talbum_000031\t14/214.mp3\t124.6\tgenre---punk\tmood/theme---happy\n",
        "validation": "track_0000215\tartist_000015\talbum_000031\t15/215.mp3\t151.4\tgenre---metal\n",
        "test": "track_0000216\tartist_000016\talbum_000032\t16/216.mp3\t234.9\tmood/theme---happy\n",
    }
    split = tmp_path / "splits" / "split-0"
    split.mkdir(parents=True)
    for part, line in lines.items():
        (split / f"autotagging_top50tags-{part}.tsv").write_text(header + line)
    touch(tmp_path / "audio", "14/214.mp3", "15/215.low.mp3", "16/216.low.mp3")
    manifest = load_set("mtg-jamendo", tmp_path / "audio", split)
    assert manifest.column("split") == ["train", "valid", "test"]
    assert manifest.column("path") == ["14/214.mp3", "15/215.low.mp3", "16/216.low.mp3"]
    assert manifest.column("artist") == ["artist_000014", "artist_000015", "artist_000016"]
    targets = read_targets(manifest, ["genre---*", "mood/theme---*"], for_training=False)
    assert targets.names == ("genre---metal", "genre---punk", "mood/theme---happy")
    assert targets.values.tolist() == [[0, 1, 1], [1, 0, 0], [0, 0, 1]]
    (split / "autotagging_top50tags-test.tsv").write_text("id,tags\n")
    with pytest.raises(DataError, match="its first line is not TRACK_ID"):
        load_set("mtg-jamendo", tmp_path / "audio", split)
