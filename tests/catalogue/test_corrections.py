import pytest

from earmark.catalogue.corrections import FIELDS, apply_corrections, check_correction
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm
from earmark.errors import QueryError


def test_the_users_values_take_the_place_of_the_estimates():
    estimates = {"tempo": Rhythm(120.0, 0.4, metre="4/4"), "key": Key("C", "major", 0.3, camelot="8B")}

    found = apply_corrections(estimates, {"tempo": "92.5", "key": "Bbm", "metre": "3/4"})

    tempo, key = found["tempo"], found["key"]
    assert (tempo.bpm, tempo.metre, tempo.confidence, tempo.corrected) == (92.5, "3/4", 0.4, True)
    assert (key.tonic, key.mode, key.camelot, key.confidence, key.corrected) == ("A#", "minor", "3A", 0.3, True)
    assert estimates["tempo"].bpm == 120.0
    assert not estimates["tempo"].corrected


def test_without_corrections_nothing_changes():
    estimates = {"tempo": Rhythm(120.0, 0.4)}
    assert apply_corrections(estimates, {}) == estimates
    assert apply_corrections(estimates, {"key": "8A"})["tempo"] is estimates["tempo"]


def test_a_correction_counts_where_nothing_was_estimated():
    found = apply_corrections({}, {"tempo": "140", "key": "8A"})
    assert (found["tempo"].bpm, found["key"].label, found["key"].corrected) == (140.0, "A minor", True)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("tempo", "fast", "not a tempo"),
        ("tempo", "1000", "not a tempo"),
        ("tempo", "nan", "not a tempo"),
        ("key", "H major", "not a key"),
        ("metre", "waltz", "not a metre"),
        ("metre", "3/5", "not a metre"),
        ("mood", "sad", "cannot be corrected"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(field, value, problem):
    with pytest.raises(QueryError, match=problem):
        check_correction(field, value)


@pytest.mark.parametrize(("field", "value"), [("tempo", "30"), ("tempo", "300.0"), ("key", "8a"), ("metre", "7/8")])
def test_what_can_be_is_accepted(field, value):
    check_correction(field, value)
    assert field in FIELDS
