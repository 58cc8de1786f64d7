"""Onset strength of spectra that rise at known frames and bands."""

import numpy as np
import pytest

from earmark.descriptors.tempo import onsets
from earmark.descriptors.tempo.onsets import STROKES, measure_onsets, onset_strength

RATE = 62.5
MEAN_FRAMES = 62  # of the running mean


def step(bands: slice, height: float = 2.0, n_mels: int = 96) -> np.ndarray:
    """A log-mel [300, n_mels] that rises at frame 150."""
    S = np.zeros((300, n_mels), np.float32)
    S[150:, bands] = height
    return S


def test_a_step_is_an_onset_at_its_frame():
    """Compared over two frames, so two frames rise; the running mean over a second is subtracted."""
    strength = onset_strength(step(slice(0, 96)), RATE)

    assert strength.shape == (300, 6)
    assert strength.dtype == np.float32
    np.testing.assert_allclose(strength[150:152], 2 - 2 * 2 / MEAN_FRAMES, rtol=1e-5)
    assert not np.delete(strength, [150, 151], axis=0).any()


@pytest.mark.parametrize(("bands", "group"), [(slice(0, 6), 0), (slice(6, 14), 1), (slice(66, 96), 5)])
def test_each_group_has_its_bands(bands, group):
    strength = onset_strength(step(bands), RATE)

    assert strength[150, group] > 1.9
    assert not np.delete(strength, group, axis=1).any()


def test_groups_scale_with_the_number_of_bands():
    strength = onset_strength(step(slice(0, 4), n_mels=64), RATE)

    assert strength[150, 0] > 1.9
    assert not strength[:, 1:].any()


def test_decay_and_vibrato_are_no_onsets():
    vibrato = np.zeros((300, 96), np.float32)
    vibrato[np.arange(300), 40 + np.arange(300) // 2 % 2] = 3
    assert not onset_strength(vibrato, RATE)[4:].any()
    assert not onset_strength(2 - step(slice(0, 96)), RATE).any()


def test_a_beginning_is_no_onset():
    assert not onset_strength(np.full((100, 96), 3, np.float32), RATE).any()
    assert not onset_strength(np.zeros((2, 96), np.float32), RATE).any()


def test_blocks_change_nothing(rng, monkeypatch):
    S = rng.uniform(0, 3, (500, 96)).astype(np.float32)
    whole = onset_strength(S, RATE)
    monkeypatch.setattr(onsets, "BLOCK", 64)

    np.testing.assert_allclose(onset_strength(S, RATE), whole, atol=1e-6)


@pytest.mark.parametrize(("bands", "names"), [
    (slice(0, 4), {"kick", "bass", "whole"}), (slice(8, 12), {"snare", "whole"}),
    (slice(50, 80), {"snare", "treble", "whole"}), (slice(88, 96), {"hat", "whole"}),
])  # fmt: skip
def test_strokes_have_their_bands(bands, names):
    onsets, strokes = measure_onsets(step(bands), RATE)

    assert set(strokes) == set(STROKES)
    assert {name for name, curve in strokes.items() if curve[150] > 0.05} == names
    np.testing.assert_array_equal(onsets, onset_strength(step(bands), RATE))
