"""Tempo of spectrograms whose rhythm is known exactly, and of sounds without a pulse."""

import time
import tracemalloc

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.features import log_mel
from earmark.descriptors.tempo.estimation import Rhythm, estimate_rhythm, measure_tempo_evidence
from earmark.descriptors.tempo.tempogram import BPM_GRID
from earmark.errors import AudioError
from pulses import SR, click_sound, clicks, hits, pattern


def test_every_click_tempo_is_found_within_one_percent():
    found = {bpm: estimate_rhythm(clicks(bpm)).bpm for bpm in range(40, 221)}

    wrong = {bpm: value for bpm, value in found.items() if value is None or abs(value / bpm - 1) > 0.01}
    assert not wrong


@pytest.mark.parametrize("bpm", [52.0, 97.3, 174.0])
def test_clicks_of_real_audio_and_of_eight_bits(bpm):
    S = log_mel(click_sound(bpm), DEFAULT_FEATURES)
    coarse = (np.round(S * 40).clip(0, 255) / 40).astype(np.float32)

    assert estimate_rhythm(S).bpm == pytest.approx(bpm, rel=0.01)
    assert estimate_rhythm(coarse).bpm == pytest.approx(bpm, rel=0.01)


def test_a_steady_tempo_is_stable_and_a_ramp_is_not():
    position = np.cumsum(np.linspace(90, 150, 60 * 100) / 60 / 100)  # beats, 100 a second
    ramp = np.interp(np.arange(1, int(position[-1])), position, np.arange(6000) / 100)

    assert estimate_rhythm(clicks(120.0, 60)).stability > 0.9
    rhythm = estimate_rhythm(hits(ramp, 60))
    assert rhythm.stability < 0.4
    assert 85 < rhythm.bpm < 155


@pytest.mark.parametrize("decibels", [-10, -20, -30])
def test_a_quiet_recording_has_the_tempo_of_a_loud_one(decibels):
    S = pattern(93.0, [1, 0.5, 0.8, 0.5])
    quiet = np.log10(1 + (10**S - 1) * 10 ** (decibels / 10)).astype(np.float32)

    assert estimate_rhythm(quiet).bpm == pytest.approx(estimate_rhythm(S).bpm, rel=0.01)


def noise(seconds: float) -> np.ndarray:
    y = np.random.default_rng(0).normal(0, 0.1, int(SR * seconds))
    return log_mel(y.astype(np.float32), DEFAULT_FEATURES)


def one_click() -> np.ndarray:
    y = np.zeros(SR * 10, np.float32)
    y[50_000] = 0.9
    return log_mel(y, DEFAULT_FEATURES)


def drone(seconds: float) -> np.ndarray:
    t = np.arange(int(SR * seconds)) / SR
    y = sum(0.2 / k * np.sin(2 * np.pi * 110 * k * t) for k in range(1, 6))
    return log_mel(y.astype(np.float32), DEFAULT_FEATURES)


@pytest.mark.parametrize(
    "S",
    [
        np.zeros((1000, 96), np.float32),
        np.zeros((0, 96), np.float32),
        noise(5),
        noise(30),
        one_click(),
        drone(20),
        noise(0.1),
    ],
    ids=["silence", "nothing", "noise 5 s", "noise 30 s", "one click", "drone", "0.1 s"],
)
def test_no_pulse_no_tempo(S):
    rhythm = estimate_rhythm(S)

    assert rhythm.bpm is None
    assert rhythm.metre is None
    assert rhythm.confidence < 0.05
    assert rhythm.candidates == ()
    assert len(rhythm.beats) == len(rhythm.downbeats) == 0


def test_thirty_minutes_of_drone_cost_little():
    S = np.tile(drone(20)[100:1100], (113, 1))
    estimate_rhythm(S[:1000])  # imports
    tracemalloc.start()
    started = time.perf_counter()
    rhythm = estimate_rhythm(S)
    seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rhythm.bpm is None
    assert seconds < 5
    assert peak < 200e6


def test_a_rhythm_as_a_dictionary():
    values = estimate_rhythm(pattern(120.0, [1, 0.5, 0.8, 0.5])).to_dict()

    assert values["bpm"] == pytest.approx(120, rel=0.01)
    assert values["candidates"][0]["bpm"] == values["bpm"]
    assert values["metre"] == "4/4"
    assert values["beats"] == sorted(values["beats"])
    assert Rhythm().to_dict()["bpm"] is None


def test_wrong_input_is_refused():
    with pytest.raises(AudioError, match=r"expected \[n_frames, 96\], got shape \(96, 500\)"):
        estimate_rhythm(np.zeros((96, 500), np.float32))
    with pytest.raises(AudioError, match="NaN"):
        estimate_rhythm(np.full((500, 96), np.nan, np.float32))


def test_another_front_end_works_without_the_network():
    cfg = FeatureConfig(n_mels=64)

    assert estimate_rhythm(log_mel(click_sound(120.0), cfg), cfg).bpm == pytest.approx(120, rel=0.01)


def test_evidence_is_largest_at_the_tempo_and_within_0_and_1():
    onsets, beats = measure_tempo_evidence(pattern(100.0, [1, 0.6, 0.8, 0.6]))

    assert onsets.shape == beats.shape == BPM_GRID.shape
    for evidence in (onsets, beats):
        assert evidence.min() >= 0
        assert evidence.max() <= 1
    octaves = np.log2(BPM_GRID[onsets.argmax()] / 100)
    assert abs(octaves - round(octaves)) < 0.02


def test_another_front_end_has_no_evidence_of_the_network():
    cfg = FeatureConfig(n_mels=64)
    onsets, beats = measure_tempo_evidence(log_mel(click_sound(120.0), cfg), cfg)

    assert onsets.max() == pytest.approx(1)
    assert not beats.any()


def test_a_corrected_rhythm_survives_its_dictionary():
    rhythm = Rhythm(bpm=92.5, metre="3/4", beats=np.array([0.5, 1.0]), corrected=True)

    assert Rhythm.from_dict(rhythm.to_dict()).to_dict() == rhythm.to_dict()
    assert rhythm.to_dict()["corrected"] is True
    assert "corrected" not in Rhythm().to_dict()
    with pytest.raises(KeyError):
        Rhythm.from_dict({"bpm": 92.5})


def test_the_evidence_of_a_quiet_recording_is_that_of_a_loud_one(rng):
    """Both are raised to the same level, so that weak onsets count alike."""
    beats = np.arange(0.3, 23.9, 60 / 93)
    power = 10 ** (hits(beats, 24) + hits(beats[:-1] + 30 / 93, 24, 0.4) + rng.uniform(0, 1.5, (1500, 96)))
    loud, quiet = (np.log10(1 + gain * power).astype(np.float32) for gain in (0.04, 0.002))

    for a, b in zip(measure_tempo_evidence(loud), measure_tempo_evidence(quiet), strict=True):
        np.testing.assert_allclose(a, b, atol=0.02)
