"""Tempo of spectrograms whose rhythm is known exactly, and of sounds without a pulse."""

import time
import tracemalloc

import numpy as np
import pytest

from drums import groove
from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.descriptors.tempo.estimation import estimate_rhythm, measure_octave_evidence, measure_tempo_evidence
from earmark.descriptors.tempo.tempogram import BPM_GRID
from earmark.errors import AudioError
from places import SHARED
from pulses import SR, click_sound, clicks, hits, pattern


def test_every_click_tempo_is_found_within_one_percent():
    found = {bpm: estimate_rhythm(clicks(bpm)).bpm for bpm in range(40, 209)}

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
    S = log_mel(groove(93.0, {"kick": [0, 8], "snare": [4, 12], "hat": [0, 2, 4, 6, 8, 10, 12, 14]}, bass=[0, 8]))
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


def test_the_evidence_of_a_quiet_recording_is_that_of_a_loud_one(rng):
    """Both are raised to the same level, so that weak onsets count alike."""
    beats = np.arange(0.3, 23.9, 60 / 93)
    power = 10 ** (hits(beats, 24) + hits(beats[:-1] + 30 / 93, 24, 0.4) + rng.uniform(0, 1.5, (1500, 96)))
    loud, quiet = (np.log10(1 + gain * power).astype(np.float32) for gain in (0.04, 0.002))

    for a, b in zip(measure_tempo_evidence(loud), measure_tempo_evidence(quiet), strict=True):
        np.testing.assert_allclose(a, b, atol=0.02)


EIGHTHS, SIXTEENTHS = list(range(0, 16, 2)), list(range(16))
GROOVES = {
    "two-step": ({"kick": [0, 10], "snare": [4, 12], "hat": EIGHTHS}, [0, 10], 16, (165.0, 174.0, 180.0)),
    "roller": ({"kick": [0, 5, 10], "snare": [4, 12], "hat": SIXTEENTHS}, [0, 6], 16, (168.0, 174.0)),
    "half-time": ({"kick": [0, 6], "snare": [8], "hat": EIGHTHS}, [0], 16, (174.0,)),
    "ballad": ({"kick": [0, 8, 10], "snare": [4, 12], "hat": EIGHTHS}, [0, 6, 8], 16, (60.0, 66.0, 72.0, 78.0)),
    "house": ({"kick": [0, 4, 8, 12], "snare": [4, 12], "hat": [2, 6, 10, 14]}, [2, 6, 10, 14], 16, (120.0, 125.0)),
    "rock": ({"kick": [0, 8, 10], "snare": [4, 12], "hat": EIGHTHS}, EIGHTHS, 16, (100.0, 140.0)),
    "waltz": ({"kick": [0], "snare": [4, 8], "hat": [0, 4, 8]}, [0], 12, (90.0, 150.0, 180.0)),
}


@pytest.mark.parametrize(("name", "bpm"), [(name, bpm) for name, groove in GROOVES.items() for bpm in groove[3]])
def test_drums_and_bass_decide_the_octave(name, bpm):
    drums, bass, n_steps, _ = GROOVES[name]
    rhythm = estimate_rhythm(
        log_mel(groove(bpm, drums, bass, n_steps, chord_bars=2 if n_steps == 16 and bpm > 160 else 1))
    )

    assert rhythm.bpm == pytest.approx(bpm, rel=0.01)
    assert rhythm.metre == ("3/4" if name == "waltz" else "4/4")
    assert rhythm.octave_confidence > 0.7
    assert rhythm.candidates[0].bpm == rhythm.bpm
    weights = [candidate.weight for candidate in rhythm.candidates]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) <= 1 + 1e-9


def test_the_octave_that_was_not_chosen_is_a_candidate():
    drums, bass, *_ = GROOVES["two-step"]
    S = log_mel(groove(174.0, drums, bass, chord_bars=2))
    rhythm, beats = estimate_rhythm(S), 60 / np.diff(estimate_rhythm(S).beats)

    assert any(candidate.bpm == pytest.approx(87, rel=0.01) for candidate in rhythm.candidates[1:])
    assert np.median(beats) == pytest.approx(174, rel=0.02)


def test_evidence_of_the_octave_is_there_where_there_is_a_pulse():
    rhythm, evidence = measure_octave_evidence(clicks(100.0))
    assert evidence.octaves(rhythm.bpm)[0] == rhythm.bpm
    assert rhythm.octave_confidence == 0

    rhythm, evidence = measure_octave_evidence(drone(20))
    assert rhythm.bpm is None
    assert evidence is None


CASES = {"dnb174": (174.0, "4/4"), "house125": (125.0, "4/4"), "waltz150": (150.0, "3/4")}


@pytest.mark.skipif(not (SHARED / "cases/tempo").is_dir(), reason="../shared/cases is not here")
@pytest.mark.parametrize("name", CASES)
def test_sound_files_of_known_tempo(name):
    bpm, metre = CASES[name]
    rhythm = estimate_rhythm(log_mel(load_audio(SHARED / "cases/tempo" / f"{name}.opus").y))

    assert rhythm.bpm == pytest.approx(bpm, rel=0.01)
    assert rhythm.metre == metre
