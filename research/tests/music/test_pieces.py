"""Pieces as files: what is cut, what fails and what is made once; sound only where mma and FluidSynth are."""

import csv
import shutil

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.demo.synth import SR
from earmark.errors import DataError
from earmark_research.music import pieces
from earmark_research.music.fluidsynth import SOUNDFONT

needs_players = pytest.mark.skipif(
    not (shutil.which("mma") and shutil.which("fluidsynth") and SOUNDFONT.is_file()),
    reason="mma, fluidsynth or the soundfont FluidR3 is not installed",
)


def test_silence_is_cut_and_much_sound_too():
    y = np.zeros((30 * SR, 2), np.float32)
    y[SR : 9 * SR, 0] = 0.5
    assert pieces.trim(y.copy()).shape == (8 * SR, 2)
    y[SR:] = 0.5
    assert len(pieces.trim(y)) == 16 * SR
    assert abs(pieces.trim(y)[-1]).max() < 1e-3


@pytest.mark.parametrize("n_sounding", [0, 10, 2 * SR])
def test_hardly_a_sound_is_refused(n_sounding):
    y = np.zeros((10 * SR, 2), np.float32)
    y[:n_sounding] = 0.5
    with pytest.raises(DataError, match="hardly a sound"):
        pieces.trim(y)


@pytest.mark.parametrize("program", ["mma", "fluidsynth"])
def test_a_missing_program_is_named(tmp_path, monkeypatch, program):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == program else f"/usr/bin/{name}")
    with pytest.raises(DataError, match=rf"{program}: .*not installed.*apt-get install {program}"):
        pieces.make_pieces(tmp_path, 1, 0)


def test_a_missing_soundfont_is_named(tmp_path, monkeypatch, library):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(pieces, "LIBRARIES", (library,))
    with pytest.raises(DataError, match=r"none\.sf2: no such soundfont.*fluid-soundfont-gm"):
        pieces.make_pieces(tmp_path / "out", 1, 0, tmp_path / "none.sf2")


def test_a_piece_that_fails_is_named_and_the_others_are_made(tmp_path, monkeypatch, library):
    def make(piece, target, soundfont):
        if target.name == "4-00001.flac":
            raise DataError("mma", "failed", "Run it by hand.")
        target.write_bytes(b"sound")
        return ["Flute", "Drums"]

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(pieces, "LIBRARIES", (library,))
    monkeypatch.setattr(pieces, "make_piece", make)
    failures = pieces.make_pieces(tmp_path / "out", 3, 4, soundfont=library / "some" / "rock.mma")

    assert [name for name, _ in failures] == ["4-00001.flac"]
    rows = list(csv.DictReader((tmp_path / "out" / "tracks.csv").open(encoding="utf-8")))
    assert [row["path"] for row in rows] == ["4-00000.flac", "4-00002.flac"]
    assert rows[0]["programs"] == "Flute;Drums"


@needs_players
def test_pieces_are_played_once(tmp_path):
    assert pieces.make_pieces(tmp_path, 2, 0) == []
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert pieces.make_pieces(tmp_path, 2, 0) == []

    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    rows = list(csv.DictReader((tmp_path / "tracks.csv").open(encoding="utf-8")))
    assert [row["path"] for row in rows] == ["0-00000.flac", "0-00001.flac"]
    for row in rows:
        audio = load_audio(tmp_path / row["path"])
        assert 6 < audio.duration <= 16.01
        assert 0.1 < np.abs(audio.y).max() <= 1.1
        assert row["programs"]
