"""Tracks of mirdata as rows."""

from datafiles import touch
from earmark.data.sets.mirdata_sets import manifest_rows


def test_a_mirdata_track_becomes_a_row(tmp_path):
    class Track:
        def __init__(self, i):
            self.track_id, self._cache, self.genre, self.bpm = f"t{i}", {}, "techno", 120 + i
            self.audio_path, self.beats_path = str(tmp_path / f"{i}.wav"), "beats.txt"
            self.beats = object()

    touch(tmp_path, "0.wav", "1.wav")
    assert manifest_rows([Track(i) for i in range(3)], tmp_path) == [
        {"path": "0.wav", "song": "t0", "genre": "techno", "bpm": "120"},
        {"path": "1.wav", "song": "t1", "genre": "techno", "bpm": "121"},
    ]
