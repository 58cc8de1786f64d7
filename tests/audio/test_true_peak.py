"""True peaks of the test signals of EBU Tech 3341."""

import contextlib

import av
import numpy as np
import pytest

from earmark.audio.true_peak import FINE, HALF, PHASES, TAPS, TruePeak, interpolator

SR = 48_000


def true_peak(y: np.ndarray, block: int = 5000, sr: int = SR) -> float:
    """Of float32 [n_channels, n] at `sr` Hz, pushed in blocks; full scale 1.0."""
    meter = TruePeak(len(y), sr)
    for start in range(0, y.shape[1], block):
        part = y[:, start : start + block]
        meter.push(part, float(np.abs(part).max()))
    return meter.finish()


@pytest.mark.parametrize(
    ("fraction", "phase", "level", "dbtp"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_true_peak_of_tech_3341(fraction, phase, level, dbtp):
    """Cases 15-19: tones whose samples miss their crests; the standard allows +0.2 and -0.4 dB."""
    n = np.arange(2 * SR)
    y = level * np.sin(2 * np.pi * n / fraction + np.radians(phase))
    y[:2000] *= np.linspace(0, 1, 2000) ** 2  # fade in, as an abrupt start has a true overshoot
    y[-2000:] *= np.linspace(1, 0, 2000) ** 2

    peak = 20 * np.log10(true_peak(np.stack([y, y]).astype(np.float32)))

    assert dbtp - 0.4 <= peak <= dbtp + 0.2


@pytest.mark.parametrize("block", [7, 24, 25, 1000, 20_000])
def test_the_size_of_the_blocks_changes_nothing(rng, block):
    y = rng.normal(0, 0.1, (2, 20_000)).astype(np.float32)
    y[1, 12_345:12_347] = 0.9  # two equal samples: the wave rises between them

    assert true_peak(y, block) == pytest.approx(true_peak(y), rel=1e-6)
    assert true_peak(y) > 1.05


def test_it_is_never_below_the_largest_sample():
    y = np.zeros((1, 1000), np.float32)
    y[0, 500] = -0.7

    assert true_peak(y) == pytest.approx(0.7)
    assert true_peak(np.zeros((2, 100), np.float32)) == 0


def test_the_interpolator_keeps_a_constant_and_a_sine():
    k, offsets = np.arange(-HALF, HALF + 1), np.arange(-PHASES, PHASES + 1) / PHASES

    assert TAPS.shape == (2 * PHASES + 1, 2 * HALF + 1)
    np.testing.assert_allclose(TAPS.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(TAPS @ np.sin(0.8 * k), np.sin(0.8 * offsets), atol=1e-3)  # radians a sample
    assert interpolator(np.array([0.5]), FINE).shape == (1, 2 * FINE + 1)


def by_ffmpeg(y: np.ndarray, sr: int) -> float:
    """True peak of float32 [1, n] by FFmpeg's ebur128 filter; full scale 1.0."""
    graph = av.filter.Graph()
    nodes = [
        graph.add_abuffer(sample_rate=sr, format="fltp", layout="mono"),
        graph.add("ebur128", "metadata=1:peak=true"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    frame = av.AudioFrame.from_ndarray(y, "fltp", "mono")
    frame.sample_rate = sr
    graph.push(frame)
    graph.push(None)
    peaks = []
    with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            peaks += [float(v) for k, v in graph.pull().metadata.items() if "true_peaks_ch0" in k]
    return max(peaks)


def music(sr: int, seed: int) -> np.ndarray:
    """Partials and strokes, peak 1: float32 [1, n]."""
    rng, t = np.random.default_rng(seed), np.arange(3 * sr) / sr
    y = sum(np.sin(2 * np.pi * hz * t) / k for k, hz in enumerate(rng.uniform(60, sr / 3, 12), 1))
    y = y + 0.5 * rng.standard_normal(t.size) * np.exp(-12 * (2 * t % 1))
    return (y / np.abs(y).max())[None].astype(np.float32)


CLIPPED = {
    "a little": lambda y: np.clip(2 * y, -1, 1),
    "much": lambda y: np.clip(8 * y, -1, 1),
    "to squares": lambda y: np.clip(50 * y, -1, 1),
    "softly": lambda y: np.tanh(4 * y),
    "at less than full scale": lambda y: np.clip(8 * y, -0.5, 0.5),
    "above full scale": lambda y: 2.5 * y,
}


@pytest.mark.parametrize("kind", CLIPPED)
@pytest.mark.parametrize("sr", [22_050, 44_100, 48_000, 96_000, 192_000])
def test_clipped_sound_has_the_peak_that_ffmpeg_finds(sr, kind):
    for seed in range(2):
        y = CLIPPED[kind](music(sr, seed))
        distance = 20 * np.log10(true_peak(y, sr=sr) / by_ffmpeg(y, sr))
        assert abs(distance) < 0.2


def test_a_loud_click_does_not_hide_a_larger_peak_of_clipped_sound():
    """0.7 throughout, whose wave rises to 1.4; one sample of 1.0 far from it."""
    y = 0.7 * np.sign(music(SR, 1))
    y[0, 1000] = 1.0
    assert 20 * np.log10(true_peak(y) / by_ffmpeg(y, SR)) == pytest.approx(0, abs=0.2)


def test_at_the_highest_rates_the_samples_are_the_peak():
    assert true_peak(np.sign(music(192_000, 0)), sr=192_000) == 1.0
