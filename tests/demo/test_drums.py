"""The drums: each loud in its own part of the spectrum, each shorter than its bar."""

import numpy as np
import pytest

from earmark.demo import drums
from earmark.demo.synth import SR

# name -> where most of its energy lies, Hz
BANDS = {
    "kick": (30, 200), "metal_kick": (40, 8000), "snare": (100, 9500), "rim": (300, 3000), "brush": (1000, 9000),
    "clap": (700, 5000), "hat": (6000, 18_000), "open_hat": (5500, 18_000), "shaker": (4000, 14_000),
    "ride": (2000, 14_000), "crash": (3000, 17_000), "frame_drum": (40, 150), "chip_noise": (0, 22_050),
    "crackle": (500, 10_000),
}  # fmt: skip


def test_every_drum_is_here():
    public = [name for name in vars(drums) if not name.startswith("_") and callable(vars(drums)[name])]

    assert set(BANDS) == {name for name in public if vars(drums)[name].__module__ == drums.__name__}


@pytest.mark.parametrize("name", BANDS)
def test_a_drum_sounds_where_it_should(name):
    y = getattr(drums, name)(440.0, 1.0, 0.8)
    power = np.abs(np.fft.rfft(y)) ** 2
    hz = np.fft.rfftfreq(len(y), 1 / SR)
    low, high = BANDS[name]

    assert power[(hz >= low) & (hz <= high)].sum() > 0.8 * power.sum()
    assert 0.04 * SR < len(y) <= 1.7 * SR


@pytest.mark.parametrize("name", BANDS)
def test_velocity_is_a_gain_and_every_stroke_is_the_same(name):
    play = getattr(drums, name)

    np.testing.assert_allclose(play(440.0, 1.0, 0.4), 0.5 * play(440.0, 1.0, 0.8), atol=1e-12)
