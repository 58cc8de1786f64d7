import numpy as np
import pytest

from earmark.explore.meaning.passages import best_passage


def heard(values, seconds):
    n = len(values)
    times = (np.arange(n, dtype=np.float32) + 0.5) * seconds / n
    return times, np.array(values, np.float32)[:, None] * [1.0, 0.0]


def test_the_passage_lies_where_the_product_is_highest():
    values = np.zeros(240)
    values[100:120] = 1  # half a second each: 50 to 60 s of 120
    found = best_passage(*heard(values, 120.0), np.array([1.0, 0.0]), 120.0)

    assert (found.start, found.end) == (pytest.approx(50), pytest.approx(60))
    assert found.lift == pytest.approx(1 - 20 / 240)


def test_of_a_short_track_it_is_a_quarter():
    found = best_passage(*heard([0, 0, 1, 1, 0, 0, 0, 0], 4.0), np.array([1.0, 0.0]), 4.0)
    assert (found.start, found.end) == (pytest.approx(1), pytest.approx(2))


def test_one_step_is_the_whole_track():
    found = best_passage(*heard([3.0], 0.5), np.array([1.0, 0.0]), 0.5)
    assert found.to_dict() == {"start": 0.0, "end": 0.5, "lift": 0.0}
