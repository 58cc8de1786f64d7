"""The mixer on frames made in memory."""

from fractions import Fraction

import av
import numpy as np
import pytest

from earmark.audio.mixing import Mixer

SR = 16_000


def frame_of(x: np.ndarray, layout: str, sr: int = SR) -> av.AudioFrame:
    """A packed float frame of float32 [n_channels, n]; planar ones of many channels cannot be made by PyAV."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(x.T).reshape(1, -1), "flt", layout)
    frame.rate = sr
    return frame


def mixed(mixer: Mixer, frame: av.AudioFrame) -> np.ndarray:
    return np.concatenate([*mixer.push(frame), *mixer.flush()])


@pytest.mark.parametrize(("n", "layout"), [(2, "stereo"), (6, "5.1"), (8, "7.1"), (16, "hexadecagonal"), (24, "22.2")])
def test_channels_are_averaged_and_seen_as_they_are(n, layout):
    x = np.linspace(-0.5, 0.5, n, dtype=np.float32)[:, None] + np.zeros((n, 3000), np.float32)
    seen = []
    mixer = Mixer(frame_of(x, layout), SR, lambda block, sr, name: seen.append((block, sr, name)))

    y = mixed(mixer, frame_of(x, layout))

    np.testing.assert_allclose(y, x.mean(axis=0), atol=1e-6)
    ((block, sr, name),) = seen
    np.testing.assert_allclose(block, x, atol=1e-6)
    assert (sr, name) == (SR, layout)


def test_weights_take_the_place_of_the_mean():
    x = np.stack([np.full(3000, 0.5, np.float32), np.full(3000, -0.25, np.float32)])
    mixer = Mixer(frame_of(x, "stereo"), SR, None, weights=(0.5, -0.5))

    np.testing.assert_allclose(mixed(mixer, frame_of(x, "stereo")), 0.375, atol=1e-6)


def test_a_frame_of_another_rate_or_layout_does_not_fit():
    x = np.zeros((2, 100), np.float32)
    mixer = Mixer(frame_of(x, "stereo"), SR, None)

    assert mixer.fits(frame_of(x, "stereo"))
    assert not mixer.fits(frame_of(x, "stereo", 44_100))
    assert not mixer.fits(frame_of(x[:1], "mono"))


def test_frames_are_shown_early_and_then_seldom():
    looked = []
    x = np.zeros((2, 5000), np.float32)
    mixer = Mixer(frame_of(x, "stereo"), SR, None, look=looked.append)

    for _ in range(30):
        list(mixer.push(frame_of(x, "stereo")))

    assert len(looked) == 3  # of 150,000 samples


def test_frames_of_one_sample_and_frames_of_many_are_mixed_alike(rng):
    x = rng.normal(0, 0.1, (2, 150_000)).astype(np.float32)
    whole = mixed(Mixer(frame_of(x, "stereo", 44_100), SR, None), frame_of(x, "stereo", 44_100))
    mixer, blocks = Mixer(frame_of(x, "stereo", 44_100), SR, None), []

    for start in [0, *range(1, 150_000, 700)]:
        blocks += mixer.push(frame_of(x[:, start : start + (700 if start else 1)], "stereo", 44_100))

    np.testing.assert_array_equal(np.concatenate([*blocks, *mixer.flush()]), whole)


def test_the_clock_of_the_next_part_may_run_otherwise(rng):
    x = rng.normal(0, 0.1, (1, 1000)).astype(np.float32)
    mixer = Mixer(frame_of(x, "mono"), SR, None)

    for ticks in (16_000, 1000, 90_000):
        frame = frame_of(x, "mono")
        frame.time_base = Fraction(1, ticks)
        list(mixer.push(frame))

    np.testing.assert_allclose(np.concatenate(list(mixer.flush())), np.tile(x[0], 3), atol=1e-6)
