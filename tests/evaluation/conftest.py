"""A folder of tones, a model that tells low from high, and a cache of the test's own."""

from pathlib import Path

import pytest

from tones import write_pitch_model, write_tones


@pytest.fixture
def pitch_model(tmp_path) -> Path:
    return write_pitch_model(tmp_path / "model" / "model.onnx")


@pytest.fixture
def tones(tmp_path) -> Path:
    return write_tones(tmp_path / "data")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EARMARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"
