"""The table of styles holds together."""

from earmark_research.music.mma import PROGRAM_NAMES
from earmark_research.music.styles import STYLES
from earmark_research.music.theory import PROGRESSIONS


def test_styles_hold_together():
    for name, style in STYLES.items():
        assert set(style.idioms) <= set(PROGRESSIONS), name
        assert style.weight > 0
        assert style.tempo[0] < style.tempo[1]
        for figure in style.comp_figures + style.bass_figures:
            assert len(figure) == 16, (name, figure)
            assert set(figure) <= set("x-.0123456789"), (name, figure)
        assert all(0 <= program < 128 for program in style.leads + style.comp + style.bass + style.kits)
    assert len(PROGRAM_NAMES) == 128
    assert (PROGRAM_NAMES[30], PROGRAM_NAMES[66], PROGRAM_NAMES[127]) == (
        "Distortion Guitar", "Tenor Sax", "Gunshot",
    )  # fmt: skip


def test_names_of_figures_stand_for_sets_of_them():
    assert STYLES["blues"].bass_figures == ("0...1...2...1...", "0...2...3...2...", "0...1...2...3...")
    assert STYLES["blues"].tempo == (65, 140)
