"""Thresholds and choices on rows of known answer."""

from dataclasses import replace

import numpy as np
import pytest

from earmark.tagger.tagset import TagGroup, Tagset
from earmark_research.tagger import calibration, labels, tags
from earmark_research.tagger.calibration import Judged
from earmark_research.tagger.losses import N_TAGS, PARTS


def test_a_threshold_keeps_the_stated_precision():
    p = np.linspace(0.99, 0.0, 100)
    present = np.arange(100) < 35
    threshold = calibration.precision_threshold(p, present)
    assert present[p >= threshold].mean() >= calibration.PRECISION
    assert (p >= threshold).sum() == 50
    assert calibration.precision_threshold(p, np.zeros(100, bool)) == 0.99


def test_auc_of_known_cases():
    assert calibration.roc_auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == pytest.approx(
        0.75
    )
    assert calibration.roc_auc(np.array([0.5, 0.5]), np.array([False, True])) == 0.5
    assert np.isnan(calibration.roc_auc(np.ones(3), np.ones(3, bool)))


def test_means_over_tracks():
    values, track = np.array([[1.0], [3.0], [10.0]]), np.array([4, 4, 9])
    assert calibration.mean_by_track(values, track).tolist() == [[2], [10]]


@pytest.fixture
def patches(rng) -> Judged:
    """100 patches of music; teachers are sure of a guitar on half, of a harp on two, of all else on none."""
    n = 100
    derived = np.zeros((n, len(tags.DERIVED)), np.float32)
    derived[:50, 0], derived[:2, 6] = 0.9, 0.9
    targets = labels.Targets(
        np.full((n, 11), np.nan, np.float32), np.ones((n, 11), bool), np.full((n, 9), np.nan, np.float32),
        np.zeros(n, np.float32), np.full((n, 3), np.nan, np.float32), derived, np.ones(n, np.float32),
    )  # fmt: skip
    logits = rng.normal(0, 0.1, (n, N_TAGS)).astype(np.float32)
    logits[:50, PARTS["instrument"].start] += 2
    return Judged(logits, targets)


def test_a_tag_stays_where_teachers_are_sure_of_it_and_the_network_agrees(patches):
    first = PARTS["instrument"].start
    patches.targets.derived[50:60, 1] = 0.9  # the piano, which the network does not find
    patches.targets.derived[50:60, 10] = 0.9  # the synthesizer, which it does
    patches.logits[50:60, first + 10] += 2
    keep = calibration.supported_tags(patches)
    assert np.flatnonzero(keep[PARTS["instrument"]]).tolist() == [0, 10]
    assert not keep[PARTS["era"]].any()
    assert keep[PARTS["genre"]].all()


def test_a_group_of_which_one_tag_would_be_left_goes(patches):
    assert not calibration.supported_tags(patches)[PARTS["instrument"]].any()


def test_chosen_tags_keep_their_calibration():
    group = TagGroup(
        "mood", ("sad", "happy"), scale=(1.0, 2.0), bias=(0.0, 1.0), threshold=(0.3, 0.4), definition=("s", "h")
    )
    tagset = Tagset((group, replace(group, name="other")))
    chosen = calibration.select_tags(tagset, np.array([False, True, False, False]))
    assert chosen.groups == (
        TagGroup("mood", ("happy",), scale=(2.0,), bias=(1.0,), threshold=(0.4,), definition=("h",)),
    )


def test_music_and_noise_are_balanced():
    logits, truth = np.arange(100.0)[:, None], (np.arange(100) < 10)[:, None].astype(float)
    logits, truth = calibration.balanced(logits, truth)
    assert truth.sum() == 10
    assert len(truth) == 20
    assert logits.max() == 99
