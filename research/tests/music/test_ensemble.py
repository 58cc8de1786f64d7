"""Each part of an ensemble by itself: its notes lie in the piece and sound as they should."""

import numpy as np
import pytest

from earmark_research.music import ensemble
from earmark_research.music.composer import Composer


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
    for seed in range(8):
        composer = Composer(seed, 10.0)
        play(composer)
        notes, end = composer.performance.notes, float(composer.clock(composer.n_bars * composer.n_beats))
        starts = np.array([note.start for note in notes])
        assert (starts >= 0).all()
        assert (starts < end + 0.2).all()
        assert {note.is_drum for note in notes} <= {play.__name__ == "play_drums"}
        assert (len(notes) > 0 and starts.max() > 0.6 * end) or play.__name__ == "play_drums"


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
