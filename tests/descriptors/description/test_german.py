"""German words: endings, plurals, keys."""

import pytest

from earmark.descriptors.description.german import GERMAN
from earmark.descriptors.key.spelling import SPELT, parse_key


@pytest.mark.parametrize(
    ("adjective", "gender", "text"),
    [
        ("ruhig", "f", "ruhige"),
        ("ruhig", "m", "ruhiger"),
        ("ruhig", "n", "ruhiges"),
        ("ruhig", "p", "ruhige"),
        ("klassisch indisch", "f", "klassische indische"),
    ],
)
def test_endings(adjective, gender, text):
    assert GERMAN.inflect(adjective, gender) == text


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Eb major", "Es-Dur"),
        ("Eb minor", "es-Moll"),
        ("Bb major", "B-Dur"),
        ("Bb minor", "b-Moll"),
        ("B major", "H-Dur"),
        ("B minor", "h-Moll"),
        ("F# minor", "fis-Moll"),
        ("Ab major", "As-Dur"),
        ("G# minor", "gis-Moll"),
        ("Db major", "Des-Dur"),
    ],
)
def test_keys_are_spelt_as_germans_do(key, name):
    assert GERMAN.spell_key(key) == name


@pytest.mark.parametrize(("key", "label"), SPELT.items())
def test_every_key_is_read_back_as_itself(key, label):
    assert parse_key(GERMAN.spell_key(label)) == key


def test_plurals_have_a_dative():
    plurals = {tag: noun for tag, noun in GERMAN.sources.items() if noun.gender == "p"}
    assert {"strings", "brass", "synthesizer"} <= plurals.keys()
    assert all((noun.oblique or noun.text).endswith("n") for noun in plurals.values())


def test_unknown_tags_become_parts_of_german_words():
    assert GERMAN.style("deep_house").text == "Deep-House-Musik"
    assert GERMAN.source("hurdy gurdy").text == "Hurdy-Gurdy"
