import numpy as np
import pytest

from earmark.explore.parts import rhythm
from likeness import TAGSET


def likeness(*tracks: dict) -> np.ndarray:
    """Of the first of these tracks with all."""
    base = {"tempo": 120.0, "tempo_stability": 0.9, "metre": "4/4", "metre_confidence": 0.9, "character_fast": 0.5}
    rows = [base | track for track in tracks]
    values = {name: np.array([row[name] for row in rows], object if name == "metre" else np.float32) for name in base}
    found = rhythm.features(values)
    return rhythm.likeness(found[0], found)


def test_an_equal_tempo_then_its_octave_then_others():
    same, half, near, far, fifth = likeness({}, {"tempo": 60}, {"tempo": 124}, {"tempo": 140}, {"tempo": 180})
    assert same == 1
    assert 1 > near > half > far > 0
    assert half > fifth


def test_another_metre_counts_as_far_as_it_is_sure():
    same, sure, unsure = likeness({}, {"metre": "3/4"}, {"metre": "3/4", "metre_confidence": 0.1})
    assert same > unsure > sure


def test_without_a_pulse():
    none, also_none, some = likeness({"tempo": np.nan}, {"tempo": np.nan}, {})
    assert none == also_none == 1
    assert some < 0.01


def test_what_was_never_looked_for_is_not_known():
    assert np.isnan(rhythm.features({
        "tempo": np.array([np.nan]), "tempo_stability": np.array([np.nan]), "metre": np.array([None]),
        "metre_confidence": np.array([np.nan]),
    })).all()  # fmt: skip


def test_the_tags_that_a_model_has_are_columns():
    assert rhythm.columns(TAGSET)[-3:] == ["character_fast", "character_slow", "use_dancing"]


@pytest.mark.parametrize(("a", "b", "units"), [(100, 100, 0), (100, 200, 0.08 / 0.06), (100, 140, 5), (1, 100, 5)])
def test_the_distance_of_tempi(a, b, units):
    found = rhythm.tempo_distance(np.float32(np.log2(a)), np.log2([b]).astype(np.float32))
    assert found[0] == pytest.approx(units, abs=1e-4)
