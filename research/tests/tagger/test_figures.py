"""Figures of rows of known answer."""

import numpy as np
import pytest

from earmark.evaluation.calibration import reliability
from earmark_research.tagger import figures, labels, tags
from earmark_research.tagger.calibration import Judged
from earmark_research.tagger.losses import N_TAGS, PARTS


@pytest.fixture
def judged(rng) -> Judged:
    """20 tracks of GTZAN, three in four of rock; every output is right but for the genres of five tracks."""
    n = 20
    genre = np.zeros((n, 11), np.float32)
    genre[:15, tags.GENRES.index("rock")], genre[15:, tags.GENRES.index("jazz")] = 1, 1
    mood, values = rng.random((n, 9)).astype(np.float32), rng.random((n, 3)).astype(np.float32)
    derived = rng.random((n, len(tags.DERIVED))).astype(np.float32)
    music = (np.arange(n) < 18).astype(np.float32)
    offered = np.array([[name in labels.GENRES_OF["gtzan"] for name in tags.GENRES]] * n)
    logits = np.zeros((n, N_TAGS), np.float32)
    logits[:, PARTS["genre"]] = genre
    logits[:5, PARTS["genre"].start + tags.GENRES.index("jazz")] = 2
    logits[:, PARTS["mood"]], logits[:, PARTS["scale"]] = mood, 3 * values - 1
    logits[:, PARTS["content"]] = music[:, None]
    logits[:, PARTS["instrument"].start : PARTS["character"].stop] = derived
    targets = labels.Targets(genre, offered, mood, np.ones(n, np.float32), values, derived, music)
    return Judged(logits, targets)


def test_figures_of_a_nearly_perfect_model(judged):
    found = figures.genre_figures(judged, np.array(["gtzan"] * 19 + ["emotify"]))
    assert found["genre_accuracy_gtzan"] == pytest.approx(14 / 19)
    assert found["genre_majority_gtzan"] == pytest.approx(15 / 19)
    assert all(r == pytest.approx(1) for r in figures.correlations("mood", judged).values())
    assert all(r == pytest.approx(1) for r in figures.correlations("scale", judged).values())
    assert figures.agreement(judged)["macro"] == 1


def test_everything_is_measured_and_rounded(judged):
    found = figures.measure(judged, judged, ["gtzan/a"] * 19 + ["emotify/b"])
    assert found["genre_accuracy_gtzan"] == 0.737
    assert found["music_auc"] == 1
    assert set(found["mood_r"]) == set(tags.FEELINGS)


def test_empty_bins_are_left_out_of_a_diagram():
    found = figures.as_lists(reliability(np.array([0.95, 0.95, 0.15]), np.array([1.0, 0.0, 0.0])))
    assert found == {"said": [0.15, 0.95], "held": [0, 0.5], "count": [1, 2]}
