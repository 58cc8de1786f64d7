"""What the instruments play, note by note."""

import numpy as np
import pytest

from earmark_research.music.parts import DRIVEN_GUITARS, accompany, draw_chords, play_figure, swing_notes, write_melody
from earmark_research.music.styles import STYLES
from earmark_research.music.theory import TONICS, VOICED_CHORDS, chord_at


def test_the_key_and_mode_are_those_of_the_chords():
    for seed in range(20):
        bars, key, mode = draw_chords(np.random.default_rng(seed), "metal", 6)
        assert len(bars) == 6
        assert mode == "minor"
        assert (TONICS.index(key), "5") in sum(bars, [])
    assert {draw_chords(np.random.default_rng(s), "three", 4)[2] for s in range(9)} == {"major"}


def test_a_figure_plays_the_chord_of_its_moment():
    bars = [[(0, "")], [(5, ""), (7, "7")]]  # C | F G7
    notes = play_figure(bars, 4, "0-......x...2...", low=48, velocity=80)

    assert [(start, pitch) for start, _, pitch, _ in notes] == [
        (0, 48), (2, 48), (2, 52), (2, 55), (3, 55),
        (4, 53), (6, 55), (6, 59), (6, 62), (6, 65), (7, 62),
    ]  # fmt: skip
    assert [notes[0][1], notes[1][1]] == pytest.approx([0.5, 0.45])  # two steps held; one, and a little over the rest


def test_a_digit_beyond_the_chord_is_its_tone_an_octave_up():
    (note,) = play_figure([[(0, "")]], 4, "3...............", low=48, velocity=80)
    assert note[2] == 60


@pytest.mark.parametrize("beats", [3, 4])
def test_a_melody_rests_on_the_chord_and_keeps_to_the_scale(beats):
    scale = {0, 2, 4, 5, 7, 9, 11}
    bars = [[(0, "")], [(9, "m")], [(5, "")], [(7, "7")]] * 3
    for seed in range(5):
        notes = write_melody(np.random.default_rng(seed), bars, beats, scale)
        assert len(notes) > 4
        for start, length, pitch, _ in notes:
            root, quality = chord_at(bars, beats, start)
            tones = {(root + i) % 12 for i in VOICED_CHORDS[quality]}
            assert pitch % 12 in (tones if start % 1 == 0 else scale)
            assert 0 <= start < start + length <= beats * len(bars)


def test_swing_moves_the_half_beat_alone():
    notes = [(float(start), 0.2, 60, 80) for start in (4, 4.25, 4.5, 4.75, 5)]
    starts = [note[0] for note in swing_notes(notes, 0.66, np.random.default_rng(0))]
    assert starts == pytest.approx([4, 4.33, 4.66, 4.83, 5], abs=0.05)


def test_driven_guitars_are_two_left_and_right():
    bars, tonic, mode = draw_chords(np.random.default_rng(0), "metal", 4)
    parts = accompany(np.random.default_rng(0), STYLES["metal"], bars, 4, tonic, mode)
    assert [(part.role, part.program) for part in parts if part.role == "comp"] == [("comp", n) for n in DRIVEN_GUITARS]
    assert [part.pan for part in parts if part.role == "comp"] == [10, 118]
    assert [part.role for part in parts] == ["lead", "comp", "comp", "bass"]
