"""The same recording is found by its sound, other music is not."""

import numpy as np
import pytest

from datafiles import SR, melody
from earmark.audio.config import FeatureConfig
from earmark.data.fingerprint import fingerprint_words, sound_pairs
from sounds import write_sound

CFG = FeatureConfig()


def spectrogram(y):
    from earmark.audio.features import log_mel

    return log_mel(np.asarray(y, np.float32), CFG)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("quieter", lambda y: 0.25 * y),
        ("cut", lambda y: y[round(1.37 * SR) : round(5.5 * SR)]),
        ("noisier", lambda y: y + 0.003 * np.random.default_rng(9).standard_normal(len(y))),
        ("duller", lambda y: np.convolve(y, np.ones(4) / 4, "same")),
        ("late", lambda y: np.r_[np.zeros(SR), y]),
    ],
)
def test_the_same_recording_is_found_after(name, change):
    tracks = [melody(seed, 8.0) for seed in range(6)]
    tracks.append(change(tracks[3]))
    pairs = sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in tracks)
    assert [(pair.a, pair.b) for pair in pairs] == [(3, 6)]
    offset = {"cut": 1.37, "late": -1.0}.get(name, 0.0)
    assert pairs[0].offset == pytest.approx(offset, abs=0.1)


def test_a_lossy_copy_is_found(tmp_path):
    from earmark.audio.decode import load_audio

    tracks = [melody(seed, 6.0) for seed in range(4)]
    for suffix in ("mp3", "opus"):
        copy = load_audio(write_sound(tmp_path / f"x.{suffix}", np.repeat(tracks[1], 3), 48_000)).y
        pairs = sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in [*tracks, copy])
        assert [(pair.a, pair.b) for pair in pairs] == [(1, 4)]


def test_different_music_silence_and_short_files_give_no_pairs():
    tracks = [melody(seed, 6.0) for seed in range(30)]
    tracks += [np.zeros(SR * 5), np.zeros(SR * 3), melody(0, 0.2), np.ones(1)]
    assert sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in tracks) == []


def test_many_copies_of_one_file_are_all_found_in_bounded_memory(monkeypatch):
    from earmark.data import fingerprint

    monkeypatch.setattr(fingerprint, "MOST_WAITING", 10_000)
    words = fingerprint_words(spectrogram(melody(0, 4.0)), CFG)
    pairs = sound_pairs([words] * 30 + [fingerprint_words(spectrogram(melody(1, 4.0)), CFG)])
    assert [(pair.a, pair.b) for pair in pairs] == [(a, b) for a in range(30) for b in range(a + 1, 30)]
    assert {pair.offset for pair in pairs} == {0.0}
