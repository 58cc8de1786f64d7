"""Pictures: elements of SVG that name themselves, and that are the same each time."""

import xml.etree.ElementTree as ET

import matplotlib
import numpy as np

from earmark.evaluation.calibration import reliability
from earmark.evaluation.metrics import Ranking
from earmark.evaluation.plots import draw_activations, draw_confusion, draw_curves, draw_reliability

P = np.array([0.1, 0.4, 0.6, 0.9])


def test_a_picture_has_a_name_and_is_the_same_each_time():
    first, again = (draw_confusion(np.array([[3, 1], [0, 2]]), ["jazz & blues", "rock"]) for _ in range(2))

    assert ET.fromstring(first).get("aria-label") == "Confusion matrix of 2 classes"
    assert first == again


def test_classes_without_rows_of_both_kinds_and_empty_bins_can_be_drawn():
    rankings = [Ranking(P, P > 0.5), Ranking(P, P > 2)]
    assert ET.fromstring(draw_curves(rankings, ["a", "never"])).tag.endswith("svg")
    assert "0.250" in ET.fromstring(draw_reliability(reliability(P, P > 0.5))).get("aria-label")


def test_the_settings_of_matplotlib_are_left_as_they_were():
    with matplotlib.rc_context({"font.size": 13}):
        draw_activations(np.arange(4.0), np.column_stack([P, 1 - P]), ["a", "b"], [0, 1], 1)
        assert matplotlib.rcParams["font.size"] == 13
