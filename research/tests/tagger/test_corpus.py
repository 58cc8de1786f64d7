"""Patches, and the cache of them."""

import numpy as np
import pytest

from earmark.errors import DataError
from earmark_research.tagger import corpus


def test_short_signals_are_repeated_to_one_patch():
    S = np.arange(100, dtype=np.float32)[:, None] * np.ones((1, 96), np.float32)
    patch = corpus.to_patches(S)
    assert patch.shape == (1, 187, 96)
    assert patch[0, 100, 0] == 0
    assert patch[0, 186, 0] == 86
    assert corpus.to_patches(np.zeros((2 * 187 + 50, 96), np.float32)).shape == (2, 187, 96)


def test_patches_are_spread_evenly():
    assert corpus.spread_evenly(3, 5).tolist() == [0, 1, 2]
    assert corpus.spread_evenly(100, 3).tolist() == [25, 50, 74]


def test_what_is_stored_is_loaded_again_track_by_track(tmp_path, teachers):
    (tmp_path / "music").mkdir()
    for number, name in enumerate("ab", 1):
        mel = np.full((number + 1, 187, 96), number, np.float32)
        corpus.store(tmp_path / "music" / f"{name}.npz", f"{name}.ogg", mel, teachers)
    found = corpus.load(tmp_path, ["music"])
    assert found.paths == ["music/a.ogg", "music/b.ogg"]
    assert found.track.tolist() == [0, 0, 1, 1, 1]
    assert found.mel.mean(axis=(1, 2)).tolist() == [1, 1, 2, 2, 2]
    assert found.sources.tolist() == ["music", "music"]
    assert found.take(np.array([4])).probabilities[0, 0] == 2


def test_drafts_that_a_broken_run_left_are_not_loaded(tmp_path, teachers):
    (tmp_path / "music").mkdir()
    corpus.store(tmp_path / "music" / ".part-1-a.npz", "a", np.zeros((1, 187, 96), np.float32), teachers)
    with pytest.raises(DataError, match="no cached tracks of music"):
        corpus.load(tmp_path, ["music"])
    (tmp_path / ".part-1-a.wav").touch()
    (tmp_path / "a.wav").touch()
    assert corpus.audio_files(tmp_path) == ["a.wav"]
