import numpy as np

from earmark.teaching.asking import ask_next


def test_what_is_doubtful_is_asked_and_no_example(rng):
    x = rng.standard_normal((500, 6)).astype(np.float32)
    p = np.linspace(0, 1, 500)
    known = np.zeros(500, bool)
    known[245:255] = True
    rows = ask_next(x, np.stack([p, 1 - p], axis=1), known, 5)
    assert len(set(rows)) == 5
    assert not known[rows].any()
    assert np.abs(p[rows] - 0.5).max() < 0.25


def test_no_two_that_are_asked_are_alike():
    """Two heaps of equally doubtful tracks: both are asked about, where doubt alone would stay in one."""
    x = np.concatenate([np.zeros((50, 3)), np.ones((50, 3))]).astype(np.float32)
    p = np.full((100, 2), 0.5)
    rows = ask_next(x, p, np.zeros(100, bool), 2)
    assert {row < 50 for row in rows} == {True, False}


def test_without_a_head_tracks_that_differ_are_asked(rng):
    centres = 10 * rng.standard_normal((8, 5))
    x = (centres[np.arange(400) % 8] + 0.01 * rng.standard_normal((400, 5))).astype(np.float32)
    rows = ask_next(x, None, np.zeros(400, bool), 8)
    assert {row % 8 for row in rows} == set(range(8))


def test_there_may_be_nothing_to_ask():
    x = np.zeros((2, 3), np.float32)
    assert ask_next(x, None, np.ones(2, bool), 3) == []
    assert len(ask_next(x, None, np.zeros(2, bool), 9)) == 2
