import numpy as np
import pytest

from earmark.demo import PIECES
from earmark.demo import instruments as play
from earmark.demo.synth import SR
from earmark.demo.variations import OTHER, half_of, is_drum, song, vary

PIECE = next(piece for piece in PIECES if piece.name == "invention")


def test_every_pitched_instrument_has_another():
    used = {part.play for piece in PIECES for part in piece.compose() if not is_drum(part)}
    assert used <= OTHER.keys()
    assert all(a is not b for a, b in OTHER.items())
    assert play.piano in used


@pytest.mark.parametrize("change", [{}, {"tempo": 1.3}, {"semitones": 4}, {"other": True}])
def test_a_variation_lasts_as_long_as_it_shall_and_differs(change):
    y, plain = vary(PIECE, 4, **change), vary(PIECE, 4)
    assert y.shape == (4 * SR, 2)
    assert y.dtype == np.float32
    assert np.array_equal(y, plain) == (not change)
    assert np.abs(y[-SR:]).max() > 0.05


def test_an_octave_up_doubles_the_frequencies():
    plain, up = (np.abs(np.fft.rfft(vary(PIECE, 8, semitones=n).mean(axis=1))) for n in (0, 12))
    centres = [np.average(np.arange(len(spectrum)), weights=spectrum) for spectrum in (plain, up)]
    assert centres[1] > 1.2 * centres[0]


def test_a_song_of_sections_never_plays_the_same_bars_twice():
    y = song(PIECE, "ABAC", 3)
    assert y.shape == (4 * 3 * SR, 2)
    parts = np.split(y, 4)
    assert np.array_equal(parts[0], vary(PIECE, 6)[: 3 * SR])
    assert not np.array_equal(parts[0], parts[2])


def test_half_of_the_players():
    blues = next(piece for piece in PIECES if piece.name == "blues")
    assert [part.play.__name__ for part in half_of(blues)] == ["steel_guitar", "bass_guitar", "snare"]
    alone = next(piece for piece in PIECES if piece.name == "nocturne")
    assert len(half_of(alone)[0].notes) == -(-len(alone.compose()[0].notes) // 2)
