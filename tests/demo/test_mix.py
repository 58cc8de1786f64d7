"""Parts become stereo: in time, in their place, at their level."""

import numpy as np
import pytest

from earmark.demo.mix import PEAK, Part, mixdown
from earmark.demo.score import Note
from earmark.demo.synth import SR, ringing


def ping(hz, seconds, velocity):
    return velocity * ringing([hz], [1.0], [0.2], seconds)


def mixed(*parts: Part, bpm: float = 120, seconds: float = 3.0) -> np.ndarray:
    return mixdown(list(parts), bpm, seconds, room_seconds=0.5)


def test_a_note_begins_at_its_beat():
    y = mixed(Part(ping, [Note(2, 1)], room=0.0))  # two beats at 120 are a second

    assert y.dtype == np.float32
    assert y.shape == (3 * SR, 2)
    assert np.abs(y[: SR - 10]).max() < 1e-3
    assert np.abs(y[SR : SR + 500]).max() > 0.5
    assert np.abs(y).max() == pytest.approx(PEAK, abs=1e-4)


@pytest.mark.parametrize("pan", [-1.0, 0.0, 1.0])
def test_pan_moves_a_part_with_constant_power(pan):
    left, right = np.square(mixed(Part(ping, [Note(0, 1)], pan=pan, room=0.0))).sum(axis=0)

    share = right / (left + right)
    assert share == pytest.approx((pan + 1) / 2, abs=0.01)


def test_a_level_is_in_decibels_against_the_other_parts():
    parts = [Part(ping, [Note(0, 1, 45)], room=0.0), Part(ping, [Note(3, 1, 45)], level=-12, room=0.0)]

    y = mixed(*parts)

    loud, soft = (np.sqrt(np.square(y[at : at + SR // 4]).mean()) for at in (0, 3 * SR // 2))
    assert 20 * np.log10(loud / soft) == pytest.approx(12, abs=2.5)  # the limiter takes a little off the loud one


def test_a_room_adds_what_comes_after():
    dry, wet = (mixed(Part(ping, [Note(0, 0.2)], room=room)) for room in (0.0, 0.5))

    assert np.square(wet[SR // 2 : SR]).sum() > 3 * np.square(dry[SR // 2 : SR]).sum()


def test_a_strummed_chord_begins_with_its_lowest_note():
    chord = [Note(0, 1, pitch) for pitch in (76, 45)]

    y = mixed(Part(ping, chord, room=0.0, strum=0.1)).mean(axis=1)[: SR // 10]

    assert np.abs(np.fft.rfft(y)).argmax() * 10 == pytest.approx(110, abs=10)  # A2 alone so far
