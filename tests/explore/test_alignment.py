import numpy as np
import pytest

from earmark.explore.alignment import MAX_OFFSET, MIN_STEPS, agreement
from earmark.tagger.model import Activations

STEP = 0.5


def heard(embedding: np.ndarray) -> Activations:
    return Activations(STEP * np.arange(len(embedding)), np.zeros((len(embedding), 2), np.float32), embedding)


def walk(seed: int, n: int = 60) -> np.ndarray:
    """Slowly changing embeddings, float32 [n, 8], around a common sound."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((n + 4, 8))
    return (100 + sum(noise[k : n + k] for k in range(5))).astype(np.float32)


def test_a_recording_agrees_with_itself_whatever_its_level():
    x = walk(0)
    assert agreement(heard(x), heard(x)) == pytest.approx(1)
    assert agreement(heard(x), heard(0.3 * x + 5)) == pytest.approx(1)


@pytest.mark.parametrize("steps", [1, 7, round(MAX_OFFSET / STEP)])
def test_a_trimmed_copy_agrees_at_its_offset_in_both_orders(steps):
    x = walk(0)
    cut = heard(x[steps:])
    assert agreement(heard(x), cut) > 0.95
    assert agreement(cut, heard(x)) > 0.95
    assert agreement(heard(x[:-steps]), heard(x)) > 0.95


def test_a_copy_that_falls_between_the_steps_agrees():
    x = walk(0, 61)
    between = (x[1:] + x[:-1]) / 2
    assert agreement(heard(x), heard(between)) > 0.99


def test_other_tracks_of_the_same_sound_do_not_agree():
    assert max(agreement(heard(walk(0)), heard(walk(seed))) for seed in range(1, 20)) < 0.7


def test_a_copy_further_off_than_the_bound_is_not_looked_for():
    x = walk(0, 200)
    assert agreement(heard(x), heard(x[round(MAX_OFFSET / STEP) + 10 :])) < 0.7


@pytest.mark.parametrize("n", [0, 1, MIN_STEPS - 1])
def test_what_is_too_short_agrees_with_nothing(n):
    assert agreement(heard(walk(0)[:n]), heard(walk(0)[:n])) == 0


def test_a_sound_that_never_changes_agrees_with_nothing():
    still = np.ones((60, 8), np.float32)
    assert agreement(heard(still), heard(still)) == 0
