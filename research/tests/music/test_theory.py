"""Numerals, chords, scales and progressions against what any textbook says."""

import pytest

from earmark_research.music.theory import (
    CHORDS,
    DIATONIC_LOOPS,
    MODE_PROGRESSIONS,
    MODE_SCALES,
    PROGRESSIONS,
    SCALES,
    TONICS,
    VOICED_CHORDS,
    WIDE_MODE_SCALES,
    chord_at,
    mode_of,
    parse_numeral,
    parse_progression,
    pitches_between,
    scale_degrees,
)


@pytest.mark.parametrize(
    ("numeral", "tonic", "chord"),
    [
        ("I", 0, (0, "")),
        ("bVII7", 0, (10, "7")),
        ("ii7b5", 2, (4, "m7b5")),
        ("i5", 9, (9, "5")),
        ("IVM7", 7, (0, "M7")),
    ],
)
def test_numerals_become_chords(numeral, tonic, chord):
    assert parse_numeral(numeral, tonic) == chord


def test_every_progression_can_be_played():
    weighted = [[text for _, text in texts] for texts in MODE_PROGRESSIONS.values()]
    for texts in [*PROGRESSIONS.values(), *weighted]:
        for numeral in " ".join(texts).replace(",", " ").split():
            root, quality = parse_numeral(numeral, 11)
            assert 0 <= root < 12
            assert quality in CHORDS, numeral


def test_chords_are_those_of_the_textbooks():
    known = {"": "C E G", "m": "C Eb G", "7": "C E G Bb", "m7b5": "C Eb F# Bb", "dim7": "C Eb F# A", "sus4": "C F G"}
    for quality, names in known.items():
        assert [TONICS[step % 12] for step in CHORDS[quality]] == names.split()
    assert CHORDS["M7"] == CHORDS["maj7"] == (0, 4, 7, 11)
    assert {name for name in CHORDS if VOICED_CHORDS[name] != CHORDS[name]} == {"5"}
    assert VOICED_CHORDS["5"] == (*CHORDS["5"], 12)


def test_scales_rise_within_an_octave_and_every_mode_has_its_third():
    for name, scale in SCALES.items():
        assert list(scale) == sorted(set(scale)), name
        assert scale[0] == 0 < scale[-1] < 12
    for modes in (MODE_SCALES, WIDE_MODE_SCALES):
        assert all(4 in SCALES[name] for name in modes["major"])
        assert all(3 in SCALES[name] for name in modes["minor"])


@pytest.mark.parametrize(
    ("progression", "mode"),
    [
        ("I V vi IV", "major"),
        ("vi IV I V", "major"),
        ("i bVI bIII bVII", "minor"),
        ("IV iv I", "major"),
        ("ii,i7 V", "minor"),
    ],
)
def test_the_mode_is_that_of_the_chord_on_the_tonic(progression, mode):
    assert mode_of(progression) == mode


def test_degrees_of_a_diatonic_progression():
    assert scale_degrees("I vii IV ii") == [0, 6, 3, 1]
    assert all(0 <= degree < 7 for loop in DIATONIC_LOOPS for degree in scale_degrees(loop))


def test_chords_share_a_bar_evenly():
    bars = parse_progression("I IV,V7", 9)  # A | D E7
    assert bars == [[(9, "")], [(2, ""), (4, "7")]]
    assert [chord_at(bars, 3, at) for at in (0, 2.9, 3, 4.4, 4.5, 99)] == [
        (9, ""), (9, ""), (2, ""), (2, ""), (4, "7"), (2, ""),
    ]  # fmt: skip


def test_pitches_of_some_classes():
    assert pitches_between(58, 72, {0, 4, 7}) == [60, 64, 67]
