"""Grooves: strokes where the table has them, at tempi of their own."""

import numpy as np
import pytest

from earmark_research.music.band import KICK, SNARE
from earmark_research.music.composer import METRES
from earmark_research.music.grooves import FAST, GROOVES, GrooveComposer, compose_groove, play_groove


@pytest.mark.parametrize("name", GROOVES)
def test_the_strokes_of_a_groove_lie_in_its_bar(name):
    groove = GROOVES[name]
    n_beats, n_subs, _ = METRES[groove.metre]

    assert groove.kick
    assert all(0 <= x < n_beats * n_subs for x in groove.kick + groove.snare + groove.hat + groove.ghosts)
    assert groove.tempo[0] < groove.tempo[1]


@pytest.mark.parametrize("name", ["two-step", "ballad", "soul", "waltz"])
def test_a_piece_keeps_to_the_tempo_and_metre_of_its_groove(name):
    groove, pieces = GROOVES[name], [compose_groove(name, seed, 10.0) for seed in range(5)]

    for piece in pieces:
        assert groove.tempo[0] <= piece.bpm <= groove.tempo[1]
        assert piece.metre == groove.metre
        assert 60 / np.median(np.diff(piece.beats)) == pytest.approx(piece.bpm, rel=0.15)
    assert len({piece.bpm for piece in pieces}) == 5
    assert compose_groove(name, 0, 10.0).notes == pieces[0].notes


def test_kick_and_snare_fall_where_the_table_says():
    composer = GrooveComposer(GROOVES["two-step"], 1, 10.0)
    composer.looseness = 0.0
    play_groove(composer)

    for drum, steps in ((KICK, (0, 10)), (SNARE, (4, 12))):
        times = {round(note.start, 4) for note in composer.performance.notes if note.pitch == drum}
        expected = {round(float(composer.clock(step / 4)), 4) for step in steps}
        assert len(expected & times) == 2


def test_chords_of_fast_grooves_last_longer():
    fast, slow = (GrooveComposer(GROOVES[name], 3, 20.0) for name in ("hardcore", "ballad"))

    assert fast.performance.bpm > FAST > slow.performance.bpm
    assert all(a == b for a, b in zip(fast.chords[::2], fast.chords[1::2], strict=False))
    assert len(slow.chords) == slow.n_bars
