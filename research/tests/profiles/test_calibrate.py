"""Calibration for any length of sound."""

import numpy as np
import pytest

from earmark.tagger.tagset import TagGroup
from earmark_research.profiles import calibrate
from earmark_research.profiles.vocabulary import VOCABULARY
from earmark_research.tagger.tags import FEELINGS, GENRES

N = 600
NAMES = [entry.full_name for entry in VOCABULARY]


@pytest.fixture
def judged(rng):
    """Short parts whose logits are as bold as those of long ones, though they are right less often."""
    genre, seconds = rng.integers(0, len(GENRES), N), np.where(np.arange(N) % 2, 3.0, 60.0)
    logits = rng.normal(size=(N, len(NAMES)))
    logits[np.arange(N), genre] += np.where(seconds > 10, 3.0, 0.8)
    logits[:, : len(GENRES)] *= 2
    felt = 1 / (1 + np.exp(-logits[:, [NAMES.index(f"mood/{name}") for name in FEELINGS]]))
    said = np.where([[bool(e.sources) for e in VOCABULARY]], 1 / (1 + np.exp(2 - logits)), np.nan)
    return calibrate.Judged(
        logits, seconds, np.ones(N), genre, np.ones((N, len(GENRES)), bool), felt, said, np.ones(N, bool)
    )


@pytest.fixture
def known():
    return {name: TagGroup(name, tuple(e.name for e in VOCABULARY if e.group == name)) for name in ("content", "scale")}


def test_genres_of_short_sounds_are_drawn_to_the_average(judged, known):
    tagset = calibrate.fit_tagset(judged, known)
    assert tagset.group("genre").half[0] > 1
    assert calibrate.errors(calibrate.pairs(tagset, judged))["genre"] < 0.06
    assert set(tagset.group("style").half) == {0.0}


def test_a_tag_of_musicnn_says_what_musicnn_says(judged, known):
    tagset = calibrate.fit_tagset(judged, known)
    p = tagset.probabilities(calibrate.tempered(tagset, judged))
    for name in ("style/folk", "instrument/cello", "era/80s"):
        np.testing.assert_allclose(p[:, NAMES.index(name)], judged.said[:, NAMES.index(name)], atol=0.02)


def test_cross_fitting_judges_each_row_once(judged, known):
    found = calibrate.cross_fitted(judged, np.arange(N) // 2, known)
    assert len(found["genre"][0]) == N
    table = calibrate.by_length(found)
    assert table["0-4 s"]["tracks"] == table["35 s and more"]["tracks"] == N // 2
    assert "genre" not in table["4-12 s"]


def test_yes_or_no_needs_more_than_the_other_tags():
    entry = {entry.full_name: entry for entry in VOCABULARY}
    assert calibrate.named_from(entry["voice/vocals"]) == 0.6
    assert calibrate.named_from(entry["style/folk"]) == 0.2
    assert calibrate.named_from(entry["style/techno"]) == 0.5
