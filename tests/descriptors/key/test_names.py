"""Names, numbers and Camelot codes of keys."""

import pytest

from earmark.descriptors.key.names import (
    camelot,
    closeness,
    compatible_keys,
    from_camelot,
    key_name,
    key_number,
)
from earmark.errors import QueryError


def test_camelot_codes_go_both_ways():
    known = {
        ("A", "minor"): "8A",
        ("C", "major"): "8B",
        ("E", "major"): "12B",
        ("G#", "minor"): "1A",
        ("F", "minor"): "4A",
    }
    assert {k: camelot(*k) for k in known} == known
    assert len({camelot(*key_name(n)) for n in range(24)}) == 24
    assert all(from_camelot(camelot(*key_name(n))) == key_name(n) for n in range(24))
    with pytest.raises(QueryError, match="13A"):
        from_camelot("13A")


def test_compatible_keys_are_the_neighbours_on_the_wheel():
    names = {camelot(*k) for k in compatible_keys("A", "minor")}
    assert names == {"8A", "8B", "7A", "9A"}
    assert key_number("Bb", "minor") == key_number("A#", "minor")
    with pytest.raises(QueryError, match="not a key"):
        compatible_keys("H", "minor")


def test_closeness_is_that_of_mirex():
    weights, c = closeness(), key_number("C", "major")
    keys = ("C", "major"), ("G", "major"), ("F", "major"), ("A", "minor"), ("C", "minor"), ("D", "major")
    assert [weights[c, key_number(*k)] for k in keys] == [1, 0.5, 0.5, 0.3, 0.2, 0]
    assert (weights == weights.T).all()


def test_numbers_and_names_go_both_ways():
    assert [key_name(n) for n in (0, 11, 12, 21)] == [("C", "major"), ("B", "major"), ("C", "minor"), ("A", "minor")]
    assert [key_number(*key_name(n)) for n in range(24)] == list(range(24))
    assert key_number("bb", "major") == 10
