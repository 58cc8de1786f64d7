"""Notes as they are written: melodies, chord symbols, swing."""

import pytest

from earmark.demo import score
from earmark.errors import DataError


def test_a_line_is_read_as_written():
    notes = score.line("A4:1 C#5:.5 Eb5 | - C4+E4:2")

    assert [(n.start, n.length, n.pitch) for n in notes] == [
        (0, 1, 69), (1, 0.5, 73), (1.5, 0.5, 75), (2.5, 2, 60), (2.5, 2, 64),
    ]  # fmt: skip


def test_chords_lie_in_the_octave_asked_for():
    assert score.chord("C", 60) == [60, 64, 67]
    assert score.chord("Am7", 60) == [60, 64, 67, 69]
    assert score.chord("F#m", 60) == [61, 66, 69]


@pytest.mark.parametrize("wrong", ["H4", "A", "C##4"])
def test_a_wrong_pitch_is_named(wrong):
    with pytest.raises(DataError, match=f"{wrong}: not the name of a pitch"):
        score.pitch(wrong)


def test_swing_delays_the_off_beat_only():
    swung = score.swing([score.Note(k / 2, 0.5) for k in range(4)], 2 / 3)

    assert [n.start for n in swung] == pytest.approx([0, 2 / 3, 1, 5 / 3])
    assert [n.length for n in swung] == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3])


def test_drums_and_rhythms_are_read_from_patterns():
    assert score.hits("X..x o.") == [(0, 0.75, 1.0), (0.75, 0.25, 0.8), (1.0, 0.5, 0.5)]
    assert [note.start for note in score.drum("x.x.", times=2)] == [0, 0.5, 1, 1.5]
    assert [(n.start, n.pitch) for n in score.comp("C", "x.x.", low=60)] == [
        (0, 60), (0, 64), (0, 67), (0.5, 60), (0.5, 64), (0.5, 67),
    ]  # fmt: skip


def test_broken_chords_and_basses():
    assert [n.pitch for n in score.arpeggio("C", "0123", low=60)] == [60, 64, 67, 72]
    notes = score.bass("A E", "0 . - 12", low=28)
    assert [(n.start, n.length, n.pitch) for n in notes] == [(0, 1, 33), (1.5, 0.5, 45), (2, 1, 28), (3.5, 0.5, 40)]


def test_repeats_and_shifts():
    once = [score.Note(1, 1)]

    assert [n.start for n in score.repeat(once, 3, 4)] == [1, 5, 9]
    assert [n.start for n in score.later(once, 2.5)] == [3.5]


def test_an_unknown_chord_is_named():
    with pytest.raises(DataError, match="Cxyz: not a chord known here"):
        score.chord("Cxyz")
