"""Metre and downbeats of bars whose accents are known."""

import numpy as np
import pytest

from earmark.descriptors.tempo.estimation import estimate_rhythm
from earmark.descriptors.tempo.metre import estimate_metre, is_hemiola
from pulses import hits, pattern


@pytest.mark.parametrize(
    ("metre", "accents"),
    [("4/4", [1, 0.55, 0.75, 0.55]), ("3/4", [1, 0.55, 0.55]), ("5/4", [1, 0.55, 0.55, 0.75, 0.55])],
)
@pytest.mark.parametrize("bpm", [112.0, 126.0, 140.0])
def test_metre_and_downbeats_of_accented_bars(metre, accents, bpm):
    rhythm = estimate_rhythm(pattern(bpm, accents))

    assert rhythm.bpm == pytest.approx(bpm, rel=0.02)
    assert rhythm.metre == metre
    bars = np.arange(0.3, 24, len(accents) * 60 / bpm)
    assert np.abs(rhythm.downbeats[:, None] - bars).min(axis=1).max() < 0.05


@pytest.mark.parametrize("dotted", [56.0, 66.0, 80.0])
def test_six_eight(dotted):
    eighths = np.arange(0.3, 23.9, 20 / dotted)
    loud = np.resize([1, 0.45, 0.45, 0.8, 0.45, 0.45], len(eighths))
    bass = hits(eighths[::3], 24, np.resize([1, 0.5], len(eighths[::3])), slice(0, 10))
    rhythm = estimate_rhythm(hits(eighths, 24, loud) + bass)

    assert rhythm.metre == "6/8"
    assert min(abs(rhythm.bpm / dotted - 1), abs(rhythm.bpm / dotted / 3 - 1)) < 0.02


def onsets_of(accents: list[float], n_beats: int = 48, period: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Onset strength [n_frames, 6], one frame a beat, with `accents` repeated in the bass; and the beats' frames."""
    beats = np.arange(n_beats) * period + 10
    onsets = np.zeros((beats[-1] + period, 6), np.float32)
    onsets[beats] = 1
    onsets[beats, 0] = np.resize(accents, n_beats)
    return onsets, beats.astype(float)


@pytest.mark.parametrize(
    ("accents", "metre", "first"),
    [([1, 3, 1], "3/4", 1), ([1, 1, 3, 1], "4/4", 2), ([1, 1, 1, 3, 1], "5/4", 3), ([3, 1, 1, 1, 1, 1, 1], "7/4", 0)],
)
def test_accents_in_the_bass_give_the_bar_and_its_first_beat(accents, metre, first):
    onsets, beats = onsets_of(accents)
    result = estimate_metre(np.zeros((len(onsets), 96), np.float32), onsets, np.zeros(len(onsets)), beats, 125.0)

    assert result.name == metre
    assert result.confidence > 0.5
    np.testing.assert_array_equal(result.downbeats, np.arange(first, len(beats), len(accents)))


def test_equal_beats_take_the_downbeats_of_the_network():
    onsets, beats = onsets_of([1.0])
    downbeat = np.zeros(len(onsets), np.float32)
    downbeat[beats[1::3].astype(int)] = 0.9
    result = estimate_metre(np.zeros((len(onsets), 96), np.float32), onsets, downbeat, beats, 125.0)

    assert result.name == "3/4"
    np.testing.assert_array_equal(result.downbeats, np.arange(1, len(beats), 3))


def test_thirds_of_the_beat_make_four_four_six_eight():
    onsets, beats = onsets_of([3, 1], period=45)
    for third in (15, 30):
        onsets[beats[:-1].astype(int) + third] = 0.8
    result = estimate_metre(np.zeros((len(onsets), 96), np.float32), onsets, np.zeros(len(onsets)), beats, 83.0)

    assert result.name == "6/8"
    np.testing.assert_array_equal(result.downbeats, np.arange(0, len(beats), 2))


def test_fewer_than_two_bars_have_no_metre():
    onsets, beats = onsets_of([3, 1], n_beats=7)
    result = estimate_metre(np.zeros((len(onsets), 96), np.float32), onsets, np.zeros(len(onsets)), beats, 125.0)

    assert (result.name, result.confidence, len(result.downbeats)) == (None, 0.0, 0)


def test_a_hemiola_is_played_on_the_middle_of_its_bars():
    bars = np.arange(10) * 60.0 + 5
    pulse = np.zeros(620, np.float32)
    pulse[bars[:-1].astype(int) + 30] = 1
    thirds = np.zeros_like(pulse)
    thirds[bars[:-1].astype(int) + 20] = thirds[bars[:-1].astype(int) + 40] = 1

    assert is_hemiola(pulse, bars)
    assert not is_hemiola(thirds, bars)
    assert not is_hemiola(pulse, bars[:2])
