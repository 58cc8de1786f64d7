"""Excerpts: the middle of the track, or nothing."""

import numpy as np
import pytest
from scipy.signal import correlate

from earmark.audio.decode import load_audio
from earmark.data.collect.excerpt import cut
from earmark.errors import AudioError


@pytest.mark.parametrize(
    ("form", "suffix", "rate"), [("flac", ".flac", 44_100), ("wav", ".wav", 44_100), ("opus", ".opus", 48_000)]
)
def test_an_excerpt_is_the_middle_of_the_track(music, tmp_path, form, suffix, rate):
    excerpt = cut(music / "b.mp3", tmp_path / f"x{suffix}", 2.0, form)
    audio, whole = load_audio(excerpt.path), load_audio(music / "b.mp3")
    assert (audio.native_sr, audio.n_channels) == (rate, 2)
    assert audio.duration == pytest.approx(2.0, abs=0.02)
    assert excerpt.starts_at == pytest.approx(1.5, abs=0.06)
    start = round(excerpt.starts_at * 16_000)
    piece = whole.y[start : start + 24_000]
    match = correlate(audio.y, piece[1000:-1000], "valid") / np.square(piece[1000:-1000]).sum()
    assert abs(int(match.argmax()) - 1000) < 800  # within 50 ms of where it says
    assert match.max() > 0.9


def test_what_cannot_be_cut_leaves_nothing_behind(tmp_path):
    (tmp_path / "bad.mp3").write_bytes(b"nothing" * 100)
    with pytest.raises(AudioError, match="not a sound file"):
        cut(tmp_path / "bad.mp3", tmp_path / "x.flac")
    assert not (tmp_path / "x.flac").exists()
