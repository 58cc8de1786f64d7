import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from earmark.teaching.estimate import Estimate, area, estimate

NAMES = ("campfire", "")


def told(rng, n, effect, n_artists=None):
    """Logits of n examples by which the classes lie so far apart, labels, and artists."""
    labels = np.arange(n) % 2
    z = effect * (labels == 0) + rng.standard_normal(n)
    return np.stack([z, np.zeros(n)], axis=1), labels, [f"a{i % (n_artists or n)}" for i in range(n)]


def test_the_figures_are_those_of_scikit_learn(rng):
    logits, labels, artists = told(rng, 60, 1.0)
    found = estimate(logits, labels, artists, NAMES)
    assert found.auc[0] == pytest.approx(roc_auc_score(labels == 0, logits[:, 0]))
    assert found.balanced_accuracy[0] == pytest.approx(balanced_accuracy_score(labels, logits.argmax(axis=1)))
    assert found.majority_rate == 0.5
    assert area(np.array([1.0, 1.0]), np.array([True, False])) == 0.5
    assert np.isnan(area(np.array([1.0]), np.array([True])))


def test_the_interval_holds_the_truth_and_is_narrower_with_more_examples(rng):
    few = estimate(*told(rng, 30, 1.5), NAMES)
    many = estimate(*told(rng, 600, 1.5), NAMES)
    truth = 0.8556  # of two normal distributions 1.5 apart
    assert few.auc[1] < truth < few.auc[2]
    assert many.auc[1] < truth < many.auc[2]
    assert many.auc[2] - many.auc[1] < 0.5 * (few.auc[2] - few.auc[1])


def test_artists_are_drawn_whole(rng):
    """Equal tracks of an artist are no new evidence: the interval is that of one each."""
    logits, labels, artists = told(rng, 24, 1.0)
    once = estimate(logits, labels, artists, NAMES)
    often = estimate(np.repeat(logits, 10, 0), np.repeat(labels, 10), list(np.repeat(artists, 10)), NAMES)
    assert often.auc[2] - often.auc[1] > 0.8 * (once.auc[2] - once.auc[1])


@pytest.mark.parametrize(("n", "n_artists"), [(8, 8), (40, 2), (40, 4)])
def test_few_examples_or_artists_are_too_few_to_say(rng, n, n_artists):
    found = estimate(*told(rng, n, 3.0, n_artists), NAMES)
    assert (found.auc, found.verdict, found.to_dict()["enough"]) == (None, "too few to say", False)


def test_what_cannot_be_told_from_chance_is_said_so(rng):
    assert "chance" in estimate(*told(rng, 40, 0.0), NAMES).verdict
    assert estimate(*told(rng, 40, 3.0), NAMES).verdict == ""


def test_examples_that_no_head_was_held_out_for_are_no_figure(rng):
    logits, labels, artists = told(rng, 40, 3.0)
    logits[3] = np.nan
    assert estimate(logits, labels, artists, NAMES) == Estimate({"campfire": 20, "": 20}, 40)


def test_a_few_examples_without_a_mistake_prove_little(rng):
    found = estimate(*told(rng, 12, 50.0), NAMES)
    assert found.auc[0] == 1
    assert 0.6 < found.auc[1] < 0.9
    assert found.auc[2] == pytest.approx(1)
