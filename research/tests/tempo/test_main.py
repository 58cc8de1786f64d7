"""The command on spectrograms that need no FluidSynth."""

import pytest

from earmark.errors import DataError
from earmark_research.tempo import __main__ as command


@pytest.fixture
def soundfont(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "require_programs", lambda *names: None)
    (tmp_path / "a.sf2").touch()
    return tmp_path / "a.sf2"


def test_a_network_is_trained_and_written(tmp_path, monkeypatch, capsys, spiked, soundfont):
    monkeypatch.setattr(command, "composed_examples", lambda n, soundfonts, progress: [spiked(100.0)] * n)
    sizes = "--composed 2 --written 0 --steps 1".split()
    monkeypatch.setattr(
        "sys.argv", ["tempo", f"--out={tmp_path / 'rhythm.onnx'}", *sizes, "--soundfonts", str(soundfont)]
    )
    command.main()
    assert (tmp_path / "rhythm.onnx").stat().st_size > 50_000
    assert "training 1/1" in capsys.readouterr().out


def test_a_missing_soundfont_is_named_before_anything_is_composed(tmp_path, monkeypatch, soundfont):
    monkeypatch.setattr("sys.argv", ["tempo", "--soundfonts", str(tmp_path / "none.sf2"), "--out=x"])
    with pytest.raises(DataError, match=r"none\.sf2: no such soundfont"):
        command.main()
