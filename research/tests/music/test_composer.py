"""What is drawn for a piece before its parts are."""

import numpy as np
import pytest

from earmark_research.music.composer import METRES, STRINGS, Composer


def test_every_metre_comes_about_as_often_as_the_table_has_it():
    metres = [Composer(seed, 5.0).performance.metre for seed in range(300)]
    for metre, (_, _, share) in METRES.items():
        assert metres.count(metre) / 300 == pytest.approx(share, abs=0.1)


def test_clocks_run_forward_near_their_tempo():
    for seed in range(20):
        composer = Composer(seed, 20.0)
        times = composer.clock(np.arange(composer.n_bars * composer.n_beats, dtype=float))
        assert (np.diff(times) > 0).all()
        assert times[0] >= 0
        assert 20 <= times[-1] + 60 < 200


def test_degrees_past_the_seventh_are_an_octave_higher():
    composer = Composer(0, 5.0)
    assert composer.pitch(7, 4) == composer.pitch(0, 5) == composer.pitch(-7, 6)
    assert composer.triad(2) == [composer.pitch(degree, 5) for degree in (2, 4, 6)]
    assert {composer.draw(STRINGS) for _ in range(200)} == set(STRINGS)


def test_a_note_lies_where_the_clock_says():
    composer = Composer(0, 5.0)
    composer.looseness, composer.swing = 0.0, 0.0
    composer.add(2, 1, 120, 300, 5)
    composer.hit(3, 38, 100)
    note, hit = composer.performance.notes
    assert note.start == pytest.approx(float(composer.clock(2)))
    assert note.end == pytest.approx(float(composer.clock(3)))
    assert (note.pitch, note.program, note.is_drum) == (100, 5, False)
    assert note.velocity == 127
    assert (hit.pitch, hit.program, hit.is_drum) == (38, 0, True)


def test_swing_delays_the_second_quaver_alone():
    composer = Composer(next(s for s in range(99) if Composer(s, 5.0).n_subs == 4), 5.0)
    composer.looseness, composer.swing = 0.0, 0.17
    for position in (1, 1.25, 1.5, 1.75):
        composer.add(position, 0.2, 60, 80, 0)
    starts = [note.start for note in composer.performance.notes]
    assert starts == pytest.approx([float(composer.clock(p)) for p in (1, 1.25, 1.67, 1.75)])
