"""Folders as classes."""

import pytest

from earmark.data.read import read_manifest
from earmark.data.sets.folders import load
from earmark.errors import DataError


def test_folders_are_classes(tmp_path):
    for name in ("jazz/live/b.FLAC", "jazz/a.mp3", "rock/c.ogg", "rock/notes.txt", ".hidden/d.mp3", "rock/.e.mp3"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    manifest = read_manifest(tmp_path)
    assert [(row["path"], row["label"]) for row in manifest.rows] == [
        ("jazz/a.mp3", "jazz"), ("jazz/live/b.FLAC", "jazz"), ("rock/c.ogg", "rock"),
    ]  # fmt: skip


def test_a_folder_without_audio_is_refused(tmp_path):
    (tmp_path / "jazz").mkdir()
    (tmp_path / "jazz" / "notes.txt").touch()
    with pytest.raises(DataError, match="no audio in folders"):
        load(tmp_path)
