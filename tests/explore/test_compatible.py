import pytest

from earmark.catalogue.filters import OneOf
from earmark.errors import QueryError
from earmark.explore.compatible import in_compatible_keys


@pytest.mark.parametrize("name", ["Am", "A minor", "8A", "08a"])
def test_a_key_mixes_with_itself_its_relative_and_its_neighbours(name):
    found = in_compatible_keys(name)
    assert isinstance(found, OneOf)
    assert found.field == "key"
    assert set(found.values) == {"A minor", "C major", "E minor", "D minor"}


def test_what_is_no_key_is_refused():
    with pytest.raises(QueryError, match="not a key"):
        in_compatible_keys("H")
