import av
import numpy as np
import pytest

from earmark.audio.cancelling import PhaseWatch, samples_of
from sounds import chord

NOISE = np.random.default_rng(1).normal(0, 0.1, (3, 40_000)).astype(np.float32)
X = chord(1.0)


def weights_of(*channels: np.ndarray) -> dict:
    watch = PhaseWatch()
    watch.measure(np.stack(channels), 44_100, "")
    return watch.weights()


@pytest.mark.parametrize(
    "channels",
    [
        (X, -X),
        (X, -0.9 * X),
        (X, -X, 0 * X, 0 * X),
        (0.3 * X, -0.3 * X, X[::-1], -X[::-1]),
        (1e-2 * NOISE[0], -1e-2 * NOISE[0]),  # soft
    ],
)
def test_channels_that_cancel_are_turned_to_add_up(channels):
    weights = weights_of(*channels)[len(channels)]

    mix = sum(weight * channel for weight, channel in zip(weights, channels, strict=True))
    unlike = sum(np.square(channel / len(channels)).sum() for channel in channels)
    assert np.square(mix).sum() > unlike


@pytest.mark.parametrize(
    "channels",
    [
        (X, X),
        (X, 0 * X),
        (NOISE[0], NOISE[1]),  # as wide as can be
        (X[:-40], -X[40:]),  # a pad widened by a millisecond and turned
        (NOISE[2] + 0.3 * NOISE[0], -NOISE[2] + 0.3 * NOISE[0]),  # a voice under wide strings
        (0 * X, 0 * X),
        (1e-6 * NOISE[0], -1e-6 * NOISE[0]),  # dither
        (X,),
    ],
)
def test_other_channels_are_left_alone(channels):
    assert weights_of(*channels) == {}


def test_sound_that_is_no_number_does_not_count():
    assert weights_of(np.full(100, np.nan, np.float32), X[:100]) == {}


@pytest.mark.parametrize("kind", ["u8", "s16", "s16p", "s32", "flt", "fltp", "dbl"])
def test_samples_of_every_format(kind):
    stereo = np.stack([0.5 * np.ones(500), -0.25 * np.ones(500)]).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(stereo, "fltp", "stereo")
    frame.rate = 44_100
    (converted,) = av.AudioResampler(kind, "stereo", 44_100).resample(frame)

    np.testing.assert_allclose(samples_of(converted), stereo, atol=0.01)
