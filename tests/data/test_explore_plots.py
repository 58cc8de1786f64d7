"""Drawings whose classes can be told apart."""

from earmark.data.explore_plots import COLOURS, style


def test_classes_of_one_colour_have_other_marks():
    looks = [tuple(style(k).values()) for k in range(len(COLOURS) * 8)]
    assert len(set(looks)) == len(looks)
