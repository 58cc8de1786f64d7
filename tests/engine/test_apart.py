import pytest

from catalogues import write_music
from earmark.analysis import analyze
from earmark.engine.apart import analyze_apart, earprint_apart
from earmark.engine.limits import Limits
from earmark.errors import AudioError
from earmark.library import read_earprint


def test_it_hears_what_is_heard_here(model, tmp_path):
    path = write_music(tmp_path / "music", ["low"]) / "low.flac"
    apart = analyze_apart(path, model)
    assert apart.to_dict() == analyze(path, model).to_dict()
    assert apart.activations is not None


def test_an_earprint_is_named_by_its_track(model, tmp_path):
    path = write_music(tmp_path / "music", ["low"]) / "low.flac"
    made = earprint_apart(path, model, tmp_path)
    assert read_earprint(made).track_id == made.stem == analyze(path, model).track_id


def test_what_cannot_be_heard_is_an_error_and_no_more(model, tmp_path):
    (tmp_path / "x.mp3").write_bytes(b"no sound" * 100)
    with pytest.raises(AudioError):
        analyze_apart(tmp_path / "x.mp3", model)
    path = write_music(tmp_path / "music", ["low"]) / "low.flac"
    with pytest.raises(AudioError, match="memory"):
        analyze_apart(path, model, Limits(worker_memory=1_000_000))
