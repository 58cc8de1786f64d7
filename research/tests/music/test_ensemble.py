"""Each part of an ensemble by itself: its notes lie in the piece and sound as they should."""

import pytest

from earmark_research.music import ensemble
from earmark_research.music.composer import Composer
from parts import assert_fills_the_piece


@pytest.mark.parametrize(
    "play",
    [
        ensemble.play_chorale,
        ensemble.play_waltz,
        ensemble.play_alberti,
        ensemble.play_motor,
        ensemble.play_voice,
        ensemble.play_pulse,
    ],
)
def test_a_part_fills_the_piece_and_no_more(play):
    assert_fills_the_piece(play)


def test_every_texture_is_drawn():
    found = {tuple(play.__name__ for play in ensemble.draw_ensemble(Composer(seed, 5.0))) for seed in range(200)}
    assert len(found) == 9
    assert ("play_voice",) * 3 in found


def test_a_waltz_has_one_low_note_a_bar():
    composer = Composer(3, 10.0)
    ensemble.play_waltz(composer)
    low = [note for note in composer.performance.notes if note.velocity > 78]
    assert len(composer.performance.notes) == composer.n_bars * (1 + 3 * (composer.n_beats - 1))
    assert composer.n_bars * 0.6 < len(low) < composer.n_bars * 1.5
