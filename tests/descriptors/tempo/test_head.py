"""The rhythm head on patterns of known beats, in blocks, and its reach."""

import numpy as np

from earmark.descriptors.tempo import head
from pulses import RATE, pattern


def test_blocks_change_nothing(rng, monkeypatch):
    S = rng.uniform(0, 3, (3000, 96)).astype(np.float32)
    whole = head.predict_beats(S)
    monkeypatch.setattr(head, "BLOCK", 700)

    np.testing.assert_allclose(head.predict_beats(S), whole, atol=1e-4)
    assert whole.shape == (3000, 2)
    assert ((whole >= 0) & (whole <= 1)).all()


def test_beats_are_probable_where_they_are():
    S = pattern(100.0, [1, 0.5, 0.8, 0.5])
    beat = head.predict_beats(S)[:, 0]
    on = np.round(np.arange(0.3, 23.9, 0.6) * RATE).astype(int)[4:-4]

    assert np.median(beat[on]) > 3 * np.median(beat[on + 9])


def test_an_output_depends_on_no_frame_beyond_the_context(rng):
    S = rng.uniform(0, 3, (1400, 96)).astype(np.float32)
    other = S.copy()
    other[1000] += 3
    changed = np.abs(head.predict_beats(other) - head.predict_beats(S)).max(axis=1)

    assert changed[: 1000 - head.CONTEXT].max() < 1e-6
    assert changed[1000 - 20 : 1000 + 20].max() > 1e-3


def test_no_frames_have_no_probabilities():
    assert head.predict_beats(np.zeros((0, 96), np.float32)).shape == (0, 2)
