"""Keys in filters: any spelling is asked for in the two that a column may hold."""

import pytest

from earmark.catalogue.filters import And, Between, Compare, Like, Not, OneOf
from earmark.catalogue.keys import FORMER, either_spelling, stored_value
from earmark.errors import QueryError

E_FLAT = OneOf("key", ("Eb major", "D# major"))


def test_every_key_has_its_former_spelling():
    assert len(FORMER) == 24
    assert (FORMER["D# major"], FORMER["A# minor"], FORMER["C# minor"]) == ("Eb major", "Bb minor", "C# minor")


@pytest.mark.parametrize("text", ["Eb", "D#", "es-Dur", "5B", "10d", "E♭ major"])
def test_a_value_is_compared_as_it_is_stored(text):
    assert stored_value("key", text) == "Eb major"
    assert stored_value("title", text) == text


def test_what_is_no_key_is_refused():
    with pytest.raises(QueryError, match="H: not a key"):
        stored_value("key", "H")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Compare("key", "eq", "Eb major"), E_FLAT),
        (Compare("key", "ne", "Eb major"), Not(E_FLAT)),
        (Compare("key", "eq", "A minor"), OneOf("key", ("A minor",))),
        (OneOf("key", ("A minor", "Eb major")), OneOf("key", ("A minor", "Eb major", "D# major"))),
        (Not(Compare("key", "eq", "Eb major")), Not(E_FLAT)),
        (And((Compare("key", "eq", "5B"), Compare("title", "eq", "x"))), And((E_FLAT, Compare("title", "eq", "x")))),
    ],
)
def test_a_key_is_asked_for_in_both_spellings(asked, found):
    assert either_spelling(asked) == found


@pytest.mark.parametrize(
    "part",
    [Like("key", "%minor"), Compare("key", "eq", "eb major", "lower"), Compare("camelot", "eq", "5B"),
     Between("tempo", 1, 2)],
)  # fmt: skip
def test_other_conditions_stay_as_they_are(part):
    assert either_spelling(part) == part
