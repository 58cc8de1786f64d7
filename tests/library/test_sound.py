"""Sound files, heard alone."""

import doctest

import earmark
from earmark.library import sound


def test_an_earprint_stands_for_its_file(place, tmp_path):
    path = earmark.make_earprint(place / "music" / "top.flac", tmp_path / "new" / "folder", place / "tiny.onnx")
    assert path == tmp_path / "new" / "folder" / "top.earprint"
    again = earmark.analyze(path, place / "tiny.onnx")
    assert again.track_id == earmark.analyze(place / "music" / "top.flac", place / "tiny.onnx").track_id


def test_the_examples_that_need_no_music_are_true(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(sound, extraglobs={"earmark": earmark})
    assert failed == 0
    assert tried >= 3
