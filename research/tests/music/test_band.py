"""Each part of a band by itself: its notes lie in the piece and sound as they should."""

import pytest

from earmark_research.music import band
from earmark_research.music.composer import Composer
from parts import assert_fills_the_piece


@pytest.mark.parametrize("play", [band.play_drums, band.play_bass, band.play_comping, band.play_pad, band.play_melody])
def test_a_part_fills_the_piece_and_no_more(play):
    assert_fills_the_piece(play, drums=play is band.play_drums)


def test_four_bands_in_ten_of_those_with_drums_alone_are_rare():
    bands = [band.draw_band(Composer(seed, 5.0)) for seed in range(200)]
    assert all(parts[0] is band.play_drums for parts in bands)
    assert 5 < sum(len(parts) == 1 for parts in bands) < 40


def test_patterns_lie_within_their_bar():
    for seed in range(60):
        composer = Composer(seed, 5.0)
        kick, snare, cymbal = band.draw_pattern(composer)
        assert all(0 <= x <= max(2, composer.n_beats) for x in [*kick, *snare, *cymbal])
        assert cymbal


def test_rhythms_fill_a_bar_without_overlap():
    for seed in range(40):
        composer = Composer(seed, 5.0)
        rhythm = band.draw_rhythm(composer, 0.8)
        for (start, length), (following, _) in zip(rhythm, rhythm[1:], strict=False):
            assert start + length == pytest.approx(following)
        assert not rhythm or sum(rhythm[-1]) == pytest.approx(composer.n_beats)
