"""Intervals of the grouped bootstrap against the binomial."""

import numpy as np
import pytest

from earmark.evaluation.intervals import intervals, resamples


def test_an_interval_is_as_wide_as_the_binomial_says():
    right = np.repeat([1.0, 0.0], [70, 30])
    ends = intervals(lambda w: np.array([(w * right).sum() / w.sum()]), [str(i) for i in range(100)], n=2000)

    spread = 1.96 * np.sqrt(0.7 * 0.3 / 100)
    assert ends[0] == pytest.approx([0.7 - spread, 0.7 + spread], abs=0.015)


def test_copies_of_a_song_are_no_further_evidence():
    right = np.tile(np.repeat([1.0, 0.0], [7, 3]), 10)
    song = [str(i) for i in np.tile(np.arange(10), 10)]
    ends = intervals(lambda w: np.array([(w * right).sum() / w.sum()]), song)

    assert np.ptp(ends[0]) > 0.5  # ten songs, not a hundred: 0.57 by the binomial, 0.18 without groups


def test_a_group_is_drawn_as_a_whole():
    for weights in resamples(["a", "a", "b", "c", "c"], n=20):
        assert weights[0] == weights[1]
        assert weights[3] == weights[4]
        assert weights[0] + weights[2] + weights[3] == 3


def test_a_figure_that_is_seldom_defined_has_no_interval():
    assert np.isnan(intervals(lambda w: np.array([np.nan if w[0] < 3 else 1.0]), list("abcd"), n=200)).all()
