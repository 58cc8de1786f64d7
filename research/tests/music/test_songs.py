"""Tunes and raps that voices sing over a piece, and the files that come of it; no program is needed."""

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.errors import DataError
from earmark_research.music import songs
from earmark_research.music.voice import SR, SungNote
from sounds import write_sound


@pytest.mark.parametrize("write", [songs.write_tune, songs.write_rap])
def test_lines_follow_the_beat_without_overlap(write, ballad):
    for seed in range(20):
        notes = write(np.random.default_rng(seed), ballad(seed))
        starts, lengths = np.array([note[:2] for note in notes]).T
        assert len(notes) > 5
        assert (np.diff(starts) > 0).all()
        assert (starts[:-1] + lengths[:-1] <= starts[1:] + 0.08).all()
        assert starts[-1] < 6 * 4 * 0.6


def test_a_melody_is_moved_by_octaves_to_the_voice():
    assert songs.octave_shift([SungNote(0, 1, 80), SungNote(1, 1, 82)], 57) == -24
    assert songs.octave_shift([SungNote(0, 1, 60)], 57) == 0


def test_takes_are_the_same_again_and_made_once(tmp_path, monkeypatch, speech, rng, ballad):
    monkeypatch.setattr(songs, "speak", lambda text, name, folder: speech)
    monkeypatch.setattr(songs, "find_library", lambda: tmp_path)
    monkeypatch.setattr(songs, "compose_piece", lambda seed, number, grooves: ballad(3))
    (tmp_path / "pieces").mkdir()
    write_sound(tmp_path / "pieces" / "0-00007.flac", rng.uniform(-0.1, 0.1, 10 * SR).astype(np.float32), SR)
    first, again = tmp_path / "first", tmp_path / "again"

    assert songs.make_songs(tmp_path / "pieces", first, 3) == []
    assert songs.make_songs(tmp_path / "pieces", again, 3) == []
    takes = sorted(first.glob("*"))
    assert [path.name for path in takes] == [f"0-00007-{take}.wav" for take in range(3)]
    assert all(path.read_bytes() == (again / path.name).read_bytes() for path in takes)
    assert len({path.read_bytes() for path in takes}) == 3
    y = load_audio(takes[0]).y
    assert 0.2 < np.abs(y).max() < 1

    with pytest.raises(DataError, match="no pieces are in it"):
        songs.make_songs(first, again, 1)
    takes[0].write_bytes(b"kept")
    songs.make_songs(tmp_path / "pieces", first, 3)
    assert takes[0].read_bytes() == b"kept"


def test_a_take_that_fails_is_named_and_the_others_are_made(tmp_path, monkeypatch, ballad):
    def make_take(number, take, seed, piece, accompaniment, target):
        if take == 1:
            raise DataError("flite", "failed", "Run it by hand.")
        target.write_bytes(b"sound")

    monkeypatch.setattr(songs, "find_library", lambda: tmp_path)
    monkeypatch.setattr(songs, "compose_piece", lambda seed, number, grooves: ballad(3))
    monkeypatch.setattr(songs, "make_take", make_take)
    (tmp_path / "0-00007.flac").touch()
    failures = songs.make_songs(tmp_path, tmp_path / "out", 3)

    assert [name for name, _ in failures] == ["0-00007-1.wav"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0-00007-0.wav", "0-00007-2.wav"]
