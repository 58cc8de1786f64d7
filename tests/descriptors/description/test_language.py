"""What is common to all languages."""

import pytest

from earmark.descriptors.description.english import ENGLISH
from earmark.descriptors.description.language import plain


@pytest.mark.parametrize("tag", ["joyful_activation", "Joyful activation", "joyful-activation", " JOYFUL  activation"])
def test_a_tag_is_found_in_any_spelling(tag):
    assert plain(tag) == "joyful activation"


@pytest.mark.parametrize(
    ("words", "text"),
    [(["piano"], "piano"), (["piano", "drums"], "piano and drums"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(words, text):
    assert ENGLISH.enumerate(words) == text


def test_what_the_tables_lack_is_made():
    assert ENGLISH.source("drums") is ENGLISH.sources["drums"]
    assert ENGLISH.source("hurdy_gurdy").text == "hurdy gurdy"
    assert ENGLISH.style("Jazz").text == "jazz"
    assert ENGLISH.style("shoegaze").text == "shoegaze music"
