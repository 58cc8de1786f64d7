"""Scores as they are performed; music21 is not needed."""

import hashlib

import numpy as np
import pytest

from earmark_research.music.scores import Score, perform


def test_a_performed_score_keeps_its_bars():
    bars = [(3.0 * i, 3.0, "3/4") for i in range(40)]
    notes = [(float(q), 1.0, 60 + q % 12, 0) for q in range(120)]
    piece = perform(Score(bars, notes, 1), seed=3)

    assert len(piece.downbeats) == pytest.approx(len(piece.beats) / 3, abs=1)
    starts = np.array([note[0] for note in piece.notes])
    assert np.abs(starts[:, None] - piece.beats).min(axis=1).max() < 0.08


def test_a_seed_gives_the_performance_it_always_gave():
    notes = [(float(q), 1.0, 60 + q % 12, q % 2) for q in range(120)]
    score, digest = Score([(3.0 * i, 3.0, "3/4") for i in range(40)], notes, 2), hashlib.sha256()
    for seed in range(8):
        piece = perform(score, seed)
        played = [(round(n.start, 6), round(n.end, 6), n.pitch, n.velocity, n.program) for n in piece.notes]
        digest.update(repr((played, np.round(piece.downbeats, 6).tolist())).encode())
    assert digest.hexdigest()[:16] == "09e3c6115259c719"


def test_a_score_of_few_beats_is_left_out():
    assert perform(Score([(0.0, 3.0, "3/4")], [(0.0, 1.0, 60, 0)], 1), seed=0) is None
