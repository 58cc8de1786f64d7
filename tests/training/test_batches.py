"""Batches: every row once an epoch, crops of the right length."""

import numpy as np
import pytest

from earmark.training.batches import EpochBatches, random_crop, shuffle_rows


def test_epochs_differ_and_each_gives_every_row_once():
    seen = []

    class Rows:
        def batch(self, rows, rng):
            seen.extend(rows)
            return (), rows

    for epoch in (0, 1, 0):
        batches = EpochBatches(Rows(), shuffle_rows(np.arange(12)), 4, 7, lambda e=epoch: e)
        assert len(list(batches)) == len(batches) == 3
    first, second, again = (seen[k * 12 : k * 12 + 12] for k in range(3))
    assert sorted(first) == sorted(second) == list(range(12))
    assert first == again != second


def test_processes_share_an_epoch_without_overlap():
    class Rows:
        def batch(self, rows, rng):
            return (), tuple(rows)

    parts = [EpochBatches(Rows(), shuffle_rows(np.arange(16)), 4, 0, lambda: 0, lambda r=r: (r, 2)) for r in (0, 1)]
    rows = [row for part in parts for _, batch in part for row in batch]
    assert sorted(rows) == list(range(16))


@pytest.mark.parametrize("length", [5, 20])
def test_a_crop_is_consecutive_and_a_short_clip_goes_round(length, rng):
    S = np.arange(length)[:, None] * np.ones((1, 2))
    crop = random_crop(S, 12, rng)
    assert crop.shape == (12, 2)
    assert set(np.diff(crop[:, 0]) % length) == {1}
