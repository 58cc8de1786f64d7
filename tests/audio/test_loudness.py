"""Loudness against the test signals of EBU Tech 3341 and 3342, and against the standard's own filter curve."""

import numpy as np
import pytest

from earmark.audio.kweighting import PASS_POWER, high_pass, power, shelf
from earmark.audio.loudness import LoudnessMeter, channel_weights
from earmark.errors import AudioError

SR = 48_000


def tone(dbfs: float, seconds: float, hz: float = 1000.0, sr: int = SR, phase: float = 0.0) -> np.ndarray:
    """A sine of that peak level: float32 [n]."""
    t = np.arange(round(seconds * sr)) / sr
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * t + phase)).astype(np.float32)


def sequence(*parts: tuple[float, float], sr: int = SR) -> np.ndarray:
    """Stereo tones of (level, seconds), one after the other: float32 [2, n]."""
    y = np.concatenate([tone(level, seconds, sr=sr) for level, seconds in parts])
    return np.stack([y, y])


def measure(x: np.ndarray, sr: int = SR, layout: str = "", block: int = 65_536):
    meter = LoudnessMeter(sr, len(x), layout)
    for start in range(0, x.shape[1], block):
        meter.push(x[:, start : start + block])
    return meter.result()


@pytest.mark.parametrize("hz", [30.0, 40.0, 60.0, 100.0, 1000.0, 4000.0, 10_000.0])
@pytest.mark.parametrize("sr", [22_050, 44_100])
def test_a_tone_reads_as_the_curve_says(hz, sr):
    expected = -0.691 + 10 * np.log10(0.5 * 0.01 * power(shelf(sr), hz, sr) * power(high_pass(sr), hz, sr) * PASS_POWER)
    assert measure(tone(-20, 10, hz, sr)[None], sr).integrated_lufs == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23),  # Tech 3341, case 1
        ([(-33, 20)], -33),  # case 2
        ([(-36, 10), (-23, 60), (-36, 10)], -23),  # case 3: the relative gate
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),  # case 4: both gates
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),  # case 5
    ],
)
@pytest.mark.parametrize("sr", [44_100, 48_000])
def test_integrated_loudness_of_tech_3341(parts, lufs, sr):
    assert measure(sequence(*parts, sr=sr), sr).integrated_lufs == pytest.approx(lufs, abs=0.1)


def test_surround_channels_weigh_more_and_the_bass_effects_nothing():
    """Tech 3341, case 6: 5.0 with -28, -28, -24, -30, -30 dBFS is -23 LUFS; anything on the LFE changes nothing."""
    levels = {"left": -28, "right": -28, "centre": -24, "lfe": -10, "ls": -30, "rs": -30}
    x = np.stack([tone(level, 20) for level in levels.values()])
    assert measure(x, layout="5.1").integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "lu"),
    [
        ([(-20, 20), (-30, 20)], 10),  # Tech 3342, case 1
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),  # case 4
    ],
)
def test_loudness_range_of_tech_3342(parts, lu):
    assert measure(sequence(*parts)).range_lu == pytest.approx(lu, abs=1)


@pytest.mark.parametrize("offset", [-2, -1, 0, 5, 20])
def test_a_true_peak_across_the_edge_of_a_chunk_is_seen(offset):
    edge = LoudnessMeter(SR, 1)._chunk.shape[1]
    y = np.zeros(edge + SR, np.float32)
    y[edge + offset : edge + offset + 2] = 0.5  # two equal samples: the wave rises between them
    assert measure(y[None]).true_peak_dbtp == pytest.approx(measure(np.roll(y, -SR)[None]).true_peak_dbtp, abs=0.01)


@pytest.mark.parametrize("block", [1000, 4352, 100_000])
def test_the_size_of_the_blocks_changes_nothing(block):
    x = np.random.default_rng(1).normal(0, 0.1, (2, 20 * SR)).astype(np.float32)
    assert measure(x, block=block) == measure(x)


def test_replaygain_is_the_way_to_minus_18_lufs():
    result = measure(sequence((-23, 20)))
    assert result.replaygain_db == pytest.approx(5, abs=0.1)
    assert result.replaygain_peak == pytest.approx(10 ** (-23 / 20), rel=1e-3)
    assert result.peak_to_loudness_db == pytest.approx(0, abs=0.1)


def test_silence_at_the_ends_is_measured():
    x = np.pad(sequence((-20, 3)), ((0, 0), (round(1.5 * SR), round(2.25 * SR))))
    result = measure(x)
    assert result.silence_start == pytest.approx(1.5, abs=0.002)
    assert result.silence_end == pytest.approx(2.25, abs=0.002)


def test_silence_has_no_loudness():
    result = measure(np.zeros((2, 5 * SR), np.float32))
    assert result.integrated_lufs is None
    assert result.true_peak_dbtp is None
    assert result.replaygain_db is None
    assert result.silence_start == result.silence_end == 5.0


def test_a_tenth_of_a_second_has_a_peak_but_no_loudness():
    result = measure(sequence((-6, 0.1)))
    assert result.integrated_lufs is None
    assert result.sample_peak_dbfs == pytest.approx(-6, abs=0.05)


def test_values_that_are_not_finite_count_as_silence():
    x = sequence((-23, 20))
    x[:, 5000], x[0, 9000] = np.nan, np.inf
    assert measure(x).integrated_lufs == pytest.approx(-23, abs=0.1)


def test_a_stream_that_changes_its_rate_is_measured_on():
    meter = LoudnessMeter(SR, 2, "stereo")
    meter(sequence((-23, 10)), SR, "stereo")
    meter(sequence((-23, 10), sr=44_100), 44_100, "stereo")
    assert meter.result().integrated_lufs == pytest.approx(-23, abs=0.1)


def test_the_curve_follows_the_music():
    curve = measure(sequence((-40, 10), (-20, 10))).curve
    assert curve[0] == pytest.approx(-40, abs=0.2)
    assert curve[-1] == pytest.approx(-20, abs=0.2)
    assert len(curve) == pytest.approx(18, abs=1)


def test_another_number_of_channels_is_refused():
    with pytest.raises(AudioError, match=r"expected 2 channels, got \(1, 100\)"):
        LoudnessMeter(SR, 2).push(np.zeros((1, 100), np.float32))


def test_half_an_hour_takes_bounded_memory():
    meter, block = LoudnessMeter(8000, 1), np.full((1, 65_536), 0.1, np.float32)
    for _ in range(1800 * 8000 // 65_536):
        meter.push(block)
    held = meter._chunk.nbytes + sum(e.nbytes for e in meter._energies)
    assert held < 1e6


@pytest.mark.parametrize(
    ("n_channels", "layout"), [(8, "7.1"), (8, ""), (24, "22.2"), (16, "hexadecagonal"), (64, "?")]
)
def test_many_channels_are_heard_without_bass_effects(n_channels, layout):
    x = np.random.default_rng(0).normal(0, 0.01, (n_channels, 2 * SR)).astype(np.float32)
    expected = measure(x, layout=layout).integrated_lufs
    bass = {"7.1": (3,), "22.2": (3, 18)}.get(layout, ())
    x[list(bass)] = 0.5
    assert measure(x, layout=layout).integrated_lufs == expected > -40
    assert measure(x).integrated_lufs == pytest.approx(measure(x, layout="no such").integrated_lufs)


@pytest.mark.parametrize(
    ("layout", "weights"),
    [
        ("stereo", [1, 1]), ("2.1", [1, 1, 0]), ("quad", [1, 1, 1.41, 1.41]), ("5.0(side)", [1, 1, 1, 1.41, 1.41]),
        ("5.1", [1, 1, 1, 0, 1.41, 1.41]), ("7.1(wide)", [1, 1, 1, 0, 1.41, 1.41, 1, 1]), ("", [1] * 64),
        ("6 channels", [1] * 6), ("no such layout", [1] * 3),
    ],
)  # fmt: skip
def test_the_weights_follow_the_names_of_the_channels(layout, weights):
    assert channel_weights(layout, len(weights)).tolist() == weights


def test_a_layout_of_another_size_weighs_all_alike():
    assert channel_weights("5.1", 8).tolist() == [1] * 8
