"""Invented singers: pitch, vowel and words of what a vocoder sings; flite itself only where it is installed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from sounds import write_sound

pytest.importorskip("mido")

from earmark.audio.decode import load_audio
from earmark.errors import DataError
from earmark_research.music import sung, voice
from earmark_research.music.composed import STYLES, accompany, chords
from earmark_research.music.mma import Piece
from earmark_research.music.voice import SR, Singer

PLAIN = Singer(presence=0.0, breath=0.0, vibrato=0.0, glide=0.0)
needs_flite = pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")


def vowel(hz: float, formant: float, seconds: float) -> np.ndarray:
    """A pulse train through one resonance: harmonics of `hz`, loudest near `formant`."""
    t = np.arange(int(seconds * SR)) / SR
    tones = np.arange(hz, SR / 2 - hz, hz)
    return 0.01 * sum(np.cos(2 * np.pi * f * t) / (0.02 + ((f - formant) / 800) ** 2) for f in tones).astype(np.float32)


@pytest.fixture
def speech():
    """Hiss, then a vowel at 120 Hz with its formant at 1 kHz, twice."""
    hiss = np.random.default_rng(0).normal(0, 0.02, SR // 10).astype(np.float32)
    y = np.concatenate([np.zeros(SR // 10, np.float32), *([hiss, vowel(120, 1000, 0.3)] * 2)])
    ends = [("pau", 0.1), ("s", 0.2), ("aa", 0.5), ("s", 0.6), ("iy", 0.9), ("pau", 0.9)]
    return voice.listen(y, SR, ends)


def spectrum(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.fft.rfftfreq(len(y), 1 / SR), np.abs(np.fft.rfft(y * np.hanning(len(y))))


def harmonicity(y: np.ndarray, midi: float) -> float:
    """Share of the power within a quarter tone of the harmonics of a pitch."""
    hz, size = spectrum(y)
    harmonic = hz / (440 * 2 ** ((midi - 69) / 12))
    near = np.abs(harmonic / np.maximum(1, np.round(harmonic)) - 1) < 0.015
    return np.square(size[near]).sum() / np.square(size).sum()


def test_syllables_begin_with_their_consonants(speech):
    assert [tuple(round(frame / 200, 1) for frame in s) for s in speech.syllables] == [(0.1, 0.2, 0.5), (0.5, 0.6, 0.9)]
    assert speech.pitched[70] == 1
    assert speech.pitched[30] == 0


@pytest.mark.parametrize("midi", [50, 57, 62, 69])
def test_a_note_has_its_pitch_and_the_vowel_of_the_words(rng, speech, midi):
    y = voice.sing(rng, speech, [(0.1, 1.2, midi)], PLAIN)
    steady = y[int(0.7 * SR) : int(1.2 * SR)]
    assert harmonicity(steady, midi) > 0.95
    assert harmonicity(steady, midi + 1) < 0.5
    hz, size = spectrum(steady)
    power = [np.square(size[(hz > low) & (hz < low + 600)]).sum() for low in (100, 700, 1600, 2600)]
    assert np.argmax(power) == 1


def test_a_longer_tract_has_lower_formants(rng, speech):
    def centroid(tract):
        hz, size = spectrum(voice.sing(rng, speech, [(0.1, 1.2, 45)], replace(PLAIN, tract=tract))[SR // 2 : SR])
        return (hz * size**2).sum() / (size**2).sum()

    assert centroid(1.2) < 0.9 * centroid(1.0) < 0.81 * centroid(0.8)


def test_consonants_are_noise_and_rests_are_silent(rng, speech):
    y = voice.sing(rng, speech, [(0.1, 0.6, 57), (1.2, 0.6, 57)], PLAIN)
    assert np.abs(y[int(0.8 * SR) : int(1.1 * SR)]).max() < 1e-3 * np.abs(y).max()
    hz, size = spectrum(y[int(0.11 * SR) : int(0.19 * SR)])
    assert np.square(size[hz > 2500]).sum() > np.square(size[hz < 2500]).sum()  # the hiss is white


def test_words_begin_anew_after_the_last_syllable(rng, speech):
    notes = [(0.3 * number, 0.28, 60) for number in range(5)]
    y = voice.sing(rng, speech, notes, PLAIN)
    loud = [np.abs(y[int((at + 0.15) * SR) : int((at + 0.25) * SR)]).max() for at, *_ in notes]
    assert min(loud) > 0.3 * max(loud)


def test_speech_at_another_rate_is_refused():
    with pytest.raises(DataError, match="8000 Hz"):
        voice.listen(np.zeros(8000, np.float32), 8000, [("aa", 1.0)])


def test_a_missing_flite_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="apt-get install flite"):
        voice.speak("la", "slt", tmp_path)


@needs_flite
@pytest.mark.parametrize("name", sung.VOICES)
def test_flite_says_a_syllable_a_vowel(tmp_path, name):
    found = voice.speak("hello my river", name, tmp_path)
    assert len(found.syllables) == 5
    assert all(first <= nucleus < end for first, nucleus, end in found.syllables)
    with pytest.raises(DataError, match="no syllable"):
        voice.speak(".", name, tmp_path)


def invented(seed: int) -> Piece:
    rng, style = np.random.default_rng(seed), STYLES["ballad"]
    bars, key, mode = chords(rng, style.idioms[0], 6)
    parts = accompany(rng, style, bars, 4, key, mode)
    return Piece("ballad", None, "", 100, f"{key} {mode}", 4, bars, parts, False, "", 1)


@pytest.mark.parametrize("write", [sung.line, sung.patter])
def test_lines_follow_the_beat_without_overlap(write):
    for seed in range(20):
        notes = write(np.random.default_rng(seed), invented(seed))
        starts, lengths = np.array([note[:2] for note in notes]).T
        assert len(notes) > 5
        assert (np.diff(starts) > 0).all()
        assert (starts[:-1] + lengths[:-1] <= starts[1:] + 0.08).all()
        assert starts[-1] < 6 * 4 * 0.6


def test_a_melody_is_moved_by_octaves_to_the_voice():
    assert sung.octaves([(0, 1, 80), (1, 1, 82)], 57) == -24
    assert sung.octaves([(0, 1, 60)], 57) == 0


def test_takes_are_the_same_again_and_made_once(tmp_path, monkeypatch, speech, rng):
    monkeypatch.setattr(sung, "speak", lambda text, name, folder: speech)
    monkeypatch.setattr(sung, "find_library", lambda: tmp_path)
    monkeypatch.setattr(sung.mma, "compose", lambda rng, grooves: invented(3))
    (tmp_path / "rendered").mkdir()
    write_sound(tmp_path / "rendered" / "0-00007.flac", rng.uniform(-0.1, 0.1, 10 * SR).astype(np.float32), SR)
    first, again = tmp_path / "first", tmp_path / "again"

    assert sung.produce_all(tmp_path / "rendered", first, 4) == []
    assert sung.produce_all(tmp_path / "rendered", again, 4) == []
    takes = sorted(first.glob("*"))
    assert [path.name for path in takes] == [f"0-00007-{take}.wav" for take in range(4)]
    assert all(path.read_bytes() == (again / path.name).read_bytes() for path in takes)
    assert len({path.read_bytes() for path in takes}) == 4
    y = load_audio(takes[0]).y
    assert 0.2 < np.abs(y).max() < 1

    with pytest.raises(DataError, match="no invented pieces"):
        sung.produce_all(first, again, 1)
    takes[0].write_bytes(b"kept")
    sung.produce_all(tmp_path / "rendered", first, 4)
    assert takes[0].read_bytes() == b"kept"
