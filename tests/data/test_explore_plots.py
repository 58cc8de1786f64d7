"""Drawings whose classes can be told apart."""

import numpy as np
from PIL import Image

from earmark.audio.config import FeatureConfig
from earmark.data.explore_plots import COLOURS, draw_scatter, draw_spectrograms, style


def test_classes_of_one_colour_have_other_marks():
    looks = [tuple(style(k).values()) for k in range(len(COLOURS) * 8)]
    assert len(set(looks)) == len(looks)


def test_the_brightest_band_is_drawn_at_the_top(tmp_path):
    cfg = FeatureConfig()
    S = np.zeros((60, cfg.n_mels), np.float32)
    S[:, -20:] = 1.0
    draw_spectrograms([S], ["high"], cfg, "one", tmp_path / "mel.png")
    pixels = np.asarray(Image.open(tmp_path / "mel.png").convert("L"), float)
    column = pixels[:, 150]  # inside the plot
    bright = np.flatnonzero(column > 220)
    assert len(bright)
    assert np.median(bright) < len(column) / 2


def test_a_scatter_needs_no_second_component(tmp_path):
    points, index = np.zeros((3, 1), np.float32), np.array([0, 1, 0])
    draw_scatter(points, index, ("a", "b"), np.array([1.0]), tmp_path / "pca.png")
    assert Image.open(tmp_path / "pca.png").size[0] > 500
