"""The key network learns, and always the same."""

import numpy as np
import torch

from earmark_research.key.examples import composed_examples
from earmark_research.key.train import mean_logits, soft_targets, train_networks


def test_a_fifth_counts_and_the_true_key_most():
    targets = soft_targets()
    torch.testing.assert_close(targets.sum(1), torch.ones(24))
    assert targets[0].argsort(descending=True)[:3].tolist()[0] == 0
    assert targets[0, 7] == targets[0, 5] > targets[0, 21] > targets[0, 2] == 0


def test_the_loss_falls_and_a_seed_gives_the_same_network():
    torch.set_num_threads(1)
    music, losses = composed_examples(6), []
    runs = [train_networks(music, 1, 15, lambda *step: losses.append(float(step[3].split()[1]))) for _ in range(2)]
    assert losses[:15] == losses[15:]
    assert np.mean(losses[12:15]) < losses[0]
    logits = [mean_logits(networks, music) for networks in runs]
    np.testing.assert_array_equal(*logits)
    assert logits[0].shape == (6, 24)
