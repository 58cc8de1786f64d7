"""What labels say of a tag."""

import numpy as np
import pytest

from earmark_research.profiles import evidence
from earmark_research.profiles.vocabulary import VOCABULARY

ENTRY = {entry.full_name: entry for entry in VOCABULARY}


@pytest.mark.parametrize("table", [evidence.CAPTION, evidence.GENRES, evidence.FELT, evidence.SONGS])
def test_every_tag_of_the_tables_is_in_the_vocabulary(table):
    assert set(table) <= set(ENTRY)


def test_a_tag_that_follows_a_label_is_found_to(rng):
    rows = [("gtzan", {"caption": "a piano" if k % 3 == 0 else "drums", "genre": "jazz"}) for k in range(60)]
    truth = np.arange(60) % 3 == 0
    (figure,) = evidence.measure(ENTRY["instrument/piano"], truth + 0.1 * rng.normal(size=60), rows)
    assert str(figure) == "AUC 1.00 against captions of GTZAN (20 of 60)"
    rows = rows[:12]  # too few have it
    assert not evidence.measure(ENTRY["instrument/piano"], truth[:12].astype(float), rows)


def test_published_figures_are_those_of_the_networks_that_a_tag_rests_on():
    assert evidence.published(ENTRY["style/folk"]) == [evidence.PUBLISHED["msd"]]
    assert evidence.published(ENTRY["instrument/piano"]) == [evidence.PUBLISHED["mtt"]]
    assert evidence.published(ENTRY["style/ambient"]) == [evidence.PUBLISHED["msd"], evidence.PUBLISHED["mtt"]]
    assert evidence.published(ENTRY["mood/power"]) == []
