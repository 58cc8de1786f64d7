"""English words."""

import pytest

from earmark.descriptors.description.english import ENGLISH


@pytest.mark.parametrize(
    ("tag", "gender"), [("congas", "p"), ("brass", "n"), ("contrabass", "n"), ("marimba", "n"), ("strings", "p")]
)
def test_an_unknown_instrument_is_plural_where_it_ends_so(tag, gender):
    assert ENGLISH.source(tag).gender == gender


def test_keys_and_adjectives_stand_as_they_are():
    assert ENGLISH.spell_key("Eb minor") == "Eb minor"
    assert ENGLISH.inflect("calm", "p") == "calm"
