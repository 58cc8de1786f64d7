import numpy as np
import pytest

from earmark.teaching.fit import Space, best_scale, fit_head, held_out_logits, parts

DIM = 40


@pytest.fixture
def three_kinds(rng):
    """Embeddings of three classes, far off zero and of unequal spread, and their labels."""
    labels = np.repeat([0, 1, 2], 30)
    centres = rng.standard_normal((3, DIM))
    return (5 + (centres[labels] + rng.standard_normal((90, DIM))) * np.linspace(0.01, 3, DIM)), labels


def test_classes_that_lie_apart_are_told_apart(three_kinds, rng):
    x, labels = three_kinds
    head = fit_head(x, labels, 3, Space.of(x))
    p = head.probabilities(x)
    assert p.shape == (90, 3)
    assert np.allclose(p.sum(axis=1), 1, atol=1e-5)
    assert np.mean(p.argmax(axis=1) == labels) > 0.95


def test_neither_the_scale_of_a_dimension_nor_its_mean_changes_the_answer(three_kinds):
    x, labels = three_kinds
    moved = x * np.linspace(1, 100, DIM) - 7
    one, other = (fit_head(v, labels, 3, Space.of(v)).probabilities(v) for v in (x, moved))
    assert np.allclose(one, other, atol=2e-3)


def test_a_class_of_few_examples_counts_as_much_as_one_of_many(rng):
    x = rng.standard_normal((220, DIM))
    labels = np.repeat([0, 1], [20, 200])
    x[labels == 0] += 0.4
    p = fit_head(x, labels, 2, Space.of(x)).probabilities(x)
    assert abs(np.mean(p[labels == 0, 0] > 0.5) - np.mean(p[labels == 1, 1] > 0.5)) < 0.2


def test_no_group_is_divided_and_every_part_has_its_share(rng):
    labels = rng.integers(0, 2, 100)
    groups = [f"artist {i % 17}" for i in range(100)]
    found = list(parts(labels, groups, 5))
    assert np.array_equal(np.sum(found, axis=0), np.ones(100))
    for part in found:
        assert not {g for g, held in zip(groups, part, strict=True) if held} & {
            g for g, held in zip(groups, part, strict=True) if not held
        }
        assert 10 <= part.sum() <= 30


def test_held_out_logits_tell_what_is_learnt_of_an_artist_alone_from_what_holds_for_others(rng):
    """Each artist has a sound of its own and one class: by artists nothing can be told, by tracks all."""
    artist = np.repeat(np.arange(16), 5)
    labels = artist % 2
    x = 3 * rng.standard_normal((16, DIM))[artist] + 0.1 * rng.standard_normal((80, DIM))
    held = held_out_logits(x, labels, list(artist), 2, Space.of(x)).argmax(axis=1)
    naive = held_out_logits(x, labels, list(range(80)), 2, Space.of(x)).argmax(axis=1)
    assert np.mean(naive == labels) > 0.95
    assert np.mean(held == labels) < 0.75


def test_without_a_class_in_the_other_groups_nothing_is_told():
    labels, groups = np.array([0, 0, 1, 1]), ["a", "b", "c", "c"]
    logits = held_out_logits(np.eye(4), labels, groups, 2, Space.of(np.eye(4)))
    assert np.isnan(logits[2:]).all()


def test_the_scale_makes_probabilities_mean_what_they_say(rng):
    labels = rng.integers(0, 2, 4000)
    truth = 1.5 * rng.standard_normal(4000)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-truth))).astype(int)
    told = np.stack([-truth, truth], axis=1) / 2 / 10  # ten times too flat
    assert best_scale(told, labels) == pytest.approx(10, rel=0.15)
    assert best_scale(np.full((3, 2), np.nan), np.array([0, 1, 1])) == 1.0
