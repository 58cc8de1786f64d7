"""Augmentation changes what it says and nothing else."""

import numpy as np
import pytest

from earmark.training.augment import Augmentation, amplify, mask, mix


@pytest.mark.parametrize("code", ["log10_1p_1e4", "ln_floor_1e-6"])
def test_gain_on_the_spectrogram_is_gain_on_the_signal(code, rng):
    from earmark.audio.config import FeatureConfig
    from earmark.audio.features import log_mel

    y, cfg = (0.1 * rng.standard_normal(16_000)).astype(np.float32), FeatureConfig(compression=code)
    louder = log_mel((y * 10 ** (6 / 20)).astype(np.float32), cfg)
    np.testing.assert_allclose(amplify(log_mel(y, cfg), 6.0, code), louder, atol=1e-4)


def test_masks_erase_at_most_their_width_and_leave_the_original_alone(rng):
    x = rng.random((3, 50, 20)).astype(np.float32)
    kept = x.copy()
    how = Augmentation(time_masks=1, time_width=0.1, band_masks=1, band_width=4)
    masked = mask(x, how, rng, frame_rate=62.5)
    np.testing.assert_array_equal(x, kept)
    for before, after in zip(x, masked, strict=True):
        changed = before != after
        assert changed.all(axis=1).sum() <= 6
        assert changed.all(axis=0).sum() <= 4


def test_mixup_blends_inputs_and_targets_in_the_same_shares(rng):
    x = np.eye(4, dtype=np.float32)[:, None] * np.ones((1, 3, 1), np.float32)
    mixed, y = mix(x, np.eye(4, dtype=np.float32), 0.4, rng)
    np.testing.assert_allclose(mixed[:, 0], y, atol=1e-6)
    np.testing.assert_allclose(y.sum(axis=1), 1, atol=1e-6)
    assert (y.max(axis=1) >= 0.5).all()
