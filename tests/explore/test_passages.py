from itertools import islice

import numpy as np

from earmark.explore.passages import LONGEST, SECONDS, best_pairs, length_for, passages_of, seed_passages
from earmark.explore.portrait import Portrait, Window
from earmark.explore.songs import Song

TIMES = np.arange(0.25, 60, 0.5).astype(np.float32)
SECTIONS = np.eye(4, dtype=np.float32)[np.repeat([0, 1, 0, 2], 30)] + 0.01


def portrait(window=None):
    return Portrait(Song("a" * 20, 60, None, None, None), 60.0, {}, SECTIONS[0], window, TIMES, SECTIONS)


def test_passages_of_a_track_and_of_a_window():
    found = passages_of(TIMES, SECTIONS, 60, 10)
    assert (found.starts[0], found.ends[-1], len(found.starts)) == (0, 60, 51)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1)
    assert passages_of(TIMES, SECTIONS, 60, 90).ends.tolist() == [60]
    assert seed_passages(portrait(Window(20, 26))).starts.tolist() == [20]


def test_how_long_passages_are():
    assert length_for(None) == SECONDS
    assert length_for(Window(3, 10)) == 7
    assert length_for(Window(0, LONGEST + 1)) == SECONDS


def test_the_passages_that_are_most_alike_come_first_and_do_not_overlap():
    seed = portrait(Window(2, 8))
    other = np.roll(SECTIONS, 30, axis=0)  # C A B A
    pairs = list(islice(best_pairs(seed, seed_passages(seed), passages_of(TIMES, other, 60, 6)), 6))
    assert all(pair.similarity > 0.99 for pair in pairs[:4])
    assert {pair.start >= 15 and pair.end <= 30 or pair.start >= 45 for pair in pairs[:4]} == {True}
    assert pairs[0].similarity >= pairs[-1].similarity
    spans = sorted((pair.start, pair.end) for pair in pairs)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert (pairs[0].seed_start, pairs[0].seed_end) == (2, 8)


def test_within_one_track_a_passage_is_not_compared_with_itself():
    seed = portrait(Window(2, 8))
    first = next(best_pairs(seed, seed_passages(seed), passages_of(TIMES, SECTIONS, 60, 6), same_track=True))
    assert first.start >= 8
    assert first.similarity > 0.999


def test_silence_is_like_all_silence_and_is_left_out():
    loudness = (-60.0,) * 20 + (-10.0,) * 40
    assert passages_of(TIMES, SECTIONS, 60, 5, loudness=loudness).starts.min() > 15
    assert len(passages_of(TIMES, SECTIONS, 60, 5, loudness=(-60.0,) * 60).starts) == 56
