"""The music that the tempo network learns from: its beats must lie where its notes are."""

import hashlib

import numpy as np
import pytest

from earmark_research.music.composer import METRES
from earmark_research.music.groove import compose


@pytest.mark.parametrize("seed", range(12))
def test_a_composed_piece_is_repeatable_and_its_beats_have_its_tempo(seed):
    piece, again = compose(seed), compose(seed)

    assert piece.notes == again.notes
    assert np.all(np.diff(piece.beats) > 0)
    assert 60 / np.median(np.diff(piece.beats)) == pytest.approx(piece.bpm, rel=0.15)
    np.testing.assert_array_equal(piece.downbeats, piece.beats[:: METRES[piece.metre][0]])


def test_composed_notes_gather_on_the_beats():
    shares = []
    for seed in range(30):
        piece = compose(seed)
        starts = np.array([note[0] for note in piece.notes])
        gap = np.median(np.diff(piece.beats))
        on = (np.abs(starts[:, None] - piece.beats).min(axis=1) < 0.08 * gap).mean()
        off = (np.abs(starts[:, None] - piece.beats - gap * 0.31).min(axis=1) < 0.08 * gap).mean()
        shares.append((on, off))

    on, off = np.mean(shares, axis=0)
    assert on > 0.4
    assert on > 4 * off


def test_a_seed_gives_the_piece_it_always_gave():
    """The bundled network was trained on these: a changed draw would be another data set."""
    digest = hashlib.sha256()
    for seed in range(40):
        piece = compose(seed, 20.0)
        notes = [(round(n.start, 6), round(n.end, 6), n.pitch, n.velocity, n.program, n.is_drum) for n in piece.notes]
        digest.update(repr((piece.metre, notes, np.round(piece.beats, 6).tolist())).encode())
    assert digest.hexdigest()[:16] == "7923ba87facded2a"
