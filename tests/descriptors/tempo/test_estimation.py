"""Tempo, beats and metre of spectrograms whose rhythm is known exactly."""

import time
import tracemalloc

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.features import log_mel
from earmark.descriptors.tempo import Rhythm, estimate_rhythm, head
from earmark.errors import AudioError

RATE = DEFAULT_FEATURES.frame_rate
SR = DEFAULT_FEATURES.sr


def hits(times: np.ndarray, seconds: float, loud: np.ndarray | float = 1.0, bands: slice = slice(0, 96)) -> np.ndarray:
    """Spectrogram of short hits: float32 [n_frames, 96]; `loud` scales each of them."""
    S = np.zeros((int(seconds * RATE), 96), np.float32)
    for at, level in zip(times * RATE, np.broadcast_to(loud, len(times)), strict=True):
        for frame in range(int(at) - 1, int(at) + 3):
            if 0 <= frame < len(S):
                height = 4 * level * max(0.0, 1 - abs(frame - at) / 1.6)
                S[frame, bands] = np.maximum(S[frame, bands], height)
    return S


def clicks(bpm: float, seconds: float = 15.0) -> np.ndarray:
    return hits(np.arange(0.3, seconds - 0.1, 60 / bpm), seconds)


def pattern(bpm: float, accents: list[float], seconds: float = 24.0) -> np.ndarray:
    """A bar of hits, repeated: `accents` on the beats, bass on the first, soft hits half way between."""
    beats = np.arange(0.3, seconds - 0.1, 60 / bpm)
    loud = np.resize(accents, len(beats))
    low = hits(beats[:: len(accents)], seconds, bands=slice(0, 10))
    return hits(beats, seconds, loud) + low + hits(beats[:-1] + 30 / bpm, seconds, 0.15)


def test_every_click_tempo_is_found_within_one_percent():
    found = {bpm: estimate_rhythm(clicks(bpm)).bpm for bpm in range(40, 221)}

    wrong = {bpm: value for bpm, value in found.items() if value is None or abs(value / bpm - 1) > 0.01}
    assert not wrong


@pytest.mark.parametrize("bpm", [52.0, 97.3, 174.0])
def test_clicks_of_real_audio_and_of_eight_bits(bpm):
    y = np.zeros(SR * 15, np.float32)
    for at in np.arange(0.3, 14.9, 60 / bpm):
        start = int(at * SR)
        y[start : start + 400] += np.hanning(400) * np.sin(np.arange(400) * 0.6)
    S = log_mel(y, DEFAULT_FEATURES)
    coarse = (np.round(S * 40).clip(0, 255) / 40).astype(np.float32)

    assert estimate_rhythm(S).bpm == pytest.approx(bpm, rel=0.01)
    assert estimate_rhythm(coarse).bpm == pytest.approx(bpm, rel=0.01)


def test_beats_lie_on_the_clicks():
    rhythm = estimate_rhythm(clicks(100.0))

    truth = np.arange(0.3, 14.9, 0.6)
    nearest = np.abs(rhythm.beats[:, None] - truth).min(axis=1)
    assert len(rhythm.beats) == pytest.approx(len(truth), abs=1)
    assert nearest.max() < 0.03


@pytest.mark.parametrize(
    ("metre", "accents"),
    [("4/4", [1, 0.55, 0.75, 0.55]), ("3/4", [1, 0.55, 0.55]), ("5/4", [1, 0.55, 0.55, 0.75, 0.55])],
)
@pytest.mark.parametrize("bpm", [80.0, 112.0, 140.0])
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


def test_candidates_hold_the_other_octave():
    rhythm = estimate_rhythm(pattern(84.0, [1, 0.5, 0.9, 0.5]))

    ratios = [c.bpm / rhythm.bpm for c in rhythm.candidates]
    assert rhythm.candidates[0].bpm == rhythm.bpm
    assert any(abs(r - 2) < 0.05 or abs(r - 0.5) < 0.02 for r in ratios[1:])
    assert len(rhythm.candidates) <= 4
    assert sum(c.weight for c in rhythm.candidates) <= 1 + 1e-9


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


def test_the_answer_as_a_dictionary():
    answer = estimate_rhythm(pattern(120.0, [1, 0.5, 0.8, 0.5])).to_dict()

    assert answer["bpm"] == pytest.approx(120, rel=0.01)
    assert answer["candidates"][0]["bpm"] == answer["bpm"]
    assert answer["metre"] == "4/4"
    assert answer["beats"] == sorted(answer["beats"])
    assert Rhythm().to_dict()["bpm"] is None


def test_wrong_input_is_refused():
    with pytest.raises(AudioError, match=r"expected \[n_frames, 96\], got shape \(96, 500\)"):
        estimate_rhythm(np.zeros((96, 500), np.float32))
    with pytest.raises(AudioError, match="NaN"):
        estimate_rhythm(np.full((500, 96), np.nan, np.float32))


def test_another_front_end_works_without_the_network():
    cfg = FeatureConfig(n_mels=64)
    y = np.zeros(SR * 15, np.float32)
    for at in np.arange(0.3, 14.9, 0.5):
        y[int(at * SR) : int(at * SR) + 400] += np.hanning(400) * np.sin(np.arange(400) * 0.6)

    assert estimate_rhythm(log_mel(y, cfg), cfg).bpm == pytest.approx(120, rel=0.01)


def test_the_head_answers_alike_in_one_block_and_in_several(rng, monkeypatch):
    S = rng.uniform(0, 3, (3000, 96)).astype(np.float32)
    whole = head.predict_beats(S)
    monkeypatch.setattr(head, "BLOCK", 700)

    np.testing.assert_allclose(head.predict_beats(S), whole, atol=1e-4)
    assert whole.shape == (3000, 2)
    assert ((whole >= 0) & (whole <= 1)).all()


def test_the_head_hears_beats_where_they_are():
    S = pattern(100.0, [1, 0.5, 0.8, 0.5])
    beat = head.predict_beats(S)[:, 0]
    on = np.round(np.arange(0.3, 23.9, 0.6) * RATE).astype(int)[4:-4]

    assert np.median(beat[on]) > 3 * np.median(beat[on + 9])
