"""The building blocks of sound against what they are by formula."""

import numpy as np
import pytest

from earmark.demo import synth
from earmark.demo.synth import SR


def test_ringing_is_the_sum_of_its_sines():
    t = synth.times(0.5)
    y = synth.ringing([200, 431.5], [1, 0.5], [0.3, 0.1], 0.5)

    wanted = np.sin(2 * np.pi * 200 * t) * np.exp(-t / 0.3) + 0.5 * np.sin(2 * np.pi * 431.5 * t) * np.exp(-t / 0.1)
    np.testing.assert_allclose(y, wanted, atol=1e-9)


def test_a_table_plays_its_harmonics():
    t = synth.times(0.1)
    y = synth.read_table(synth.wave_table(np.array([1, 0, 0.25])), 220 * t)

    wanted = np.sin(2 * np.pi * 220 * t) + 0.25 * np.sin(2 * np.pi * 660 * t)
    np.testing.assert_allclose(y, wanted, atol=1e-4)


def test_a_room_dies_away_in_its_time():
    click = np.zeros(SR * 2)
    click[0] = 1
    level = 10 * np.log10((synth.reverb(click, 1.0) ** 2).mean(axis=0)[: SR // 9 * 9].reshape(9, -1).mean(axis=1))

    assert (level[1] - level[7]) / 6 * 9 == pytest.approx(60, abs=8)  # noise, so not to the decibel
