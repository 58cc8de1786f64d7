import numpy as np
import pytest

from earmark.audio.samples import LOUDEST, are_sound, mended


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 3e38, -2 * LOUDEST])
def test_what_no_music_has_is_silence(odd):
    y = np.full((2, 100), 0.5, np.float32)
    y[1, 7] = odd
    assert not are_sound(y)
    heard = mended(y)
    assert (heard[1, 7], heard.dtype) == (0, np.float32)
    assert (np.delete(heard[1], 7) == 0.5).all()


def test_what_is_loud_or_nothing_stays():
    for y in (np.array([0.1, -32768.0], np.float32), np.zeros(0, np.float32)):
        assert mended(y) is y
