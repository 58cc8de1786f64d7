"""Emotify on a small file in its layout."""

import pytest

from earmark.data.sets import load_set
from earmark.data.targets import read_targets
from earmark.errors import DataError


def test_emotify_becomes_the_share_of_listeners_that_felt_each_emotion(tmp_path):
    emotions = "amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension, sadness"
    (tmp_path / "data.csv").write_text(
        f"track id, genre, {emotions}, mood, liked, disliked, age, gender, mother tongue\n"
        "1,classical,0,1,0,0,1,0,0,0,0,3,1,0,21,1,English\n"
        "1,classical,0,1,0,0,0,0,0,0,1,3,0,0,30,0,Dutch\n"
        "101,rock,1,0,0,0,0,1,1,0,0,4,1,0,21,1,English\n"
        "400,pop,0,0,0,0,1,0,0,0,0,4,0,1,21,1,English\n"
    )
    manifest = load_set("emotify", tmp_path)
    assert manifest.column("path") == ["classical/1.mp3", "rock/1.mp3", "pop/100.mp3"]
    assert manifest.column("n_raters") == ["2", "1", "1"]
    targets = read_targets(manifest, ["solemnity", "calmness", "sadness"])
    assert targets.kind == "independent"
    assert targets.values.tolist() == [[1, 0.5, 0.5], [0, 0, 0], [0, 1, 0]]
    (tmp_path / "data.csv").write_text("track id, genre\n1,pop\n")
    with pytest.raises(DataError, match="no columns"):
        load_set("emotify", tmp_path)
