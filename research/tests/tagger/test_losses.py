"""Losses of known cases."""

import numpy as np
import pytest
import torch

from earmark_research.tagger import labels, losses, tags


def test_a_labeller_is_not_blamed_for_genres_he_was_not_offered():
    truth = torch.zeros(1, 11)
    truth[0, tags.GENRES.index("rock")] = 1
    offered = torch.tensor([[name in labels.GENRES_OF["emotify"] for name in tags.GENRES]])
    logits = torch.zeros(1, 11)
    logits[0, tags.GENRES.index("metal")] = 9

    assert losses.genre_loss(logits, truth, offered) == pytest.approx(np.log(4), abs=1e-4)
    assert losses.genre_loss(logits, truth, torch.ones(1, 11, dtype=bool)) > 5
    assert losses.genre_loss(logits, truth * float("nan"), offered) == 0


def test_rare_noise_counts_as_much_as_music():
    music = torch.tensor([1.0] * 99 + [0.0])
    wrong_on_noise, wrong_on_music = torch.full((100,), 5.0), torch.full((100,), -5.0)
    on_noise, on_music = (float(losses.content_loss(x, music)) for x in (wrong_on_noise, wrong_on_music))
    assert on_noise == pytest.approx(on_music, rel=0.02)


def test_unknown_labels_count_for_nothing():
    shares, weight = torch.full((4, 9), float("nan")), torch.zeros(4)
    assert losses.mood_loss(torch.randn(4, 9), shares, weight) == 0
    truth = torch.full((4, 3), float("nan"))
    assert losses.value_loss(torch.randn(4, 3), truth, torch.ones(4, dtype=torch.bool)) == 0
    truth[0] = 1.0
    assert losses.value_loss(torch.zeros(4, 3), truth, torch.ones(4, dtype=torch.bool)) == pytest.approx(3 / 4)
