"""What every part of a composed piece must do."""

import numpy as np

from earmark_research.music.composer import Composer


def assert_fills_the_piece(play, drums: bool = False) -> None:
    """`play` writes notes from the beginning to near the end and not beyond; drums may pause."""
    for seed in range(8):
        composer = Composer(seed, 10.0)
        play(composer)
        notes, end = composer.performance.notes, float(composer.clock(composer.n_bars * composer.n_beats))
        starts = np.array([note.start for note in notes])
        assert (starts >= 0).all()
        assert (starts < end + 0.2).all()
        assert {note.is_drum for note in notes} <= {drums}
        assert drums or (len(notes) > 0 and starts.max() > 0.6 * end)
