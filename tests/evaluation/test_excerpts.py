"""Excerpts cut, joined and written."""

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.evaluation.excerpts import excerpt_rate, fit_span, join_excerpts, write_sound
from tones import SR, tone


def test_excerpts_are_widened_and_cut_about_their_middle():
    assert fit_span(2.0, 2.1, 10, 0.5, 3) == pytest.approx((1.8, 2.3))
    assert fit_span(0.0, 0.1, 10, 0.5, 3) == pytest.approx((0, 0.5))
    assert fit_span(9.9, 10.0, 10, 0.5, 3) == pytest.approx((9.5, 10))
    assert fit_span(2.0, 8.0, 10, 0.5, 3) == pytest.approx((3.5, 6.5))
    assert fit_span(0.0, 0.2, 0.2, 0.5, 3) == pytest.approx((0, 0.2))


def test_excerpts_are_joined_with_silence_and_without_clicks():
    y = np.full(1000, 10_000, np.int16)
    joined = join_excerpts([(y, 0.2, 0.4), (y, 0.6, 0.8)], 1000, 0.1, 1)

    assert len(joined) == 200 + 300 + 200
    assert (joined[200:500] == 0).all()
    assert joined[0] == joined[199] == 0
    assert joined[100] == 10_000


@pytest.mark.parametrize("kind", [".ogg", ".flac"])
def test_a_sound_can_be_read_back(tmp_path, kind):
    y = np.round(32767 * tone(440, 1.0, 0)).astype(np.int16)
    write_sound(tmp_path / f"a{kind}", y, SR)
    back = load_audio(tmp_path / f"a{kind}", SR).y

    assert len(back) == pytest.approx(SR, abs=500)
    assert np.abs(np.fft.rfft(back[:8000])).argmax() * 2 == 440


def test_excerpts_keep_the_models_rate_where_opus_has_it():
    assert (excerpt_rate(16_000), excerpt_rate(22_050)) == (16_000, 24_000)
