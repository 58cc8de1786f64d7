"""Batches: every row once an epoch, crops of the right length."""

import numpy as np
import pytest
import torch

from earmark.audio.config import FeatureConfig
from earmark.training.batches import Arrays, Clips, EpochBatches, predict, random_crop, shuffle_rows


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


def test_whole_tracks_are_cut_as_the_runtime_cuts_them_and_averaged_over_all_steps():
    tracks = [np.full((n, 4), k, np.float32) for k, n in enumerate((25, 10, 7))]
    clips = Clips(tracks, np.zeros((3, 1), np.float32), FeatureConfig(n_mels=4), 10, patch_frames=10, min_frames=5)
    seen = [
        (int(p), len(S)) for positions, (x,) in clips.whole(np.arange(3)) for p, S in zip(positions, x, strict=True)
    ]
    assert {k: sum(n for p, n in seen if p == k) for k in range(3)} == {0: 25, 1: 10, 2: 7}

    class MeanOfFrames(torch.nn.Linear):
        def forward(self, mel):
            return mel[..., :2], mel[..., 2:]

    logits, embedding = predict(MeanOfFrames(1, 1), clips, np.arange(3))
    assert logits.tolist() == embedding.tolist() == [[0, 0], [1, 1], [2, 2]]


def test_arrays_are_given_as_they_are():
    x, y = np.arange(12.0).reshape(4, 3), np.eye(4, dtype=np.float32)
    (inputs,), targets = Arrays((x,), y).batch(np.array([2, 0]), np.random.default_rng(0))
    assert inputs.tolist() == x[[2, 0]].tolist()
    assert targets.tolist() == y[[2, 0]].tolist()
