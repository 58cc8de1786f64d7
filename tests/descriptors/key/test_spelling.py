"""Keys in every usual spelling, and as earmark writes them."""

import pytest

from earmark.descriptors.key.names import camelot, key_name
from earmark.descriptors.key.spelling import parse_key, spell, spell_with_sharps
from earmark.errors import QueryError

MAJOR = "C Db D Eb E F F# G Ab A Bb B".split()
MINOR = "C C# D Eb E F F# G G# A Bb B".split()


def test_keys_are_spelt_by_the_usual_signatures():
    assert [spell(*key_name(n)) for n in range(24)] == [f"{t} major" for t in MAJOR] + [f"{t} minor" for t in MINOR]
    assert spell_with_sharps("Eb", "major") == "D# major"
    with pytest.raises(QueryError, match="not a key"):
        spell("A", "dorian")


@pytest.mark.parametrize("number", range(24))
def test_what_is_written_is_read(number):
    key = key_name(number)
    assert parse_key(spell(*key)) == parse_key(spell_with_sharps(*key)) == parse_key(camelot(*key)) == key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Eb", "Eb major"), ("D#", "Eb major"), ("eb", "Eb major"), ("Eb major", "Eb major"), ("D# major", "Eb major"),
        ("E♭", "Eb major"), ("E flat major", "Eb major"), ("E-flat", "Eb major"), ("EbM", "Eb major"),
        ("Ebm", "Eb minor"), ("eb min", "Eb minor"), ("EB MINOR", "Eb minor"), ("g♯ minor", "G# minor"),
        ("A minor", "A minor"), ("a min", "A minor"), ("Am", "A minor"), ("C maj", "C major"), ("F# major", "F# major"),
        ("Bb", "Bb major"), ("B", "B major"), ("b minor", "B minor"), ("bb minor", "Bb minor"), ("Cb", "B major"),
        ("es", "Eb major"), ("Es-Dur", "Eb major"), ("es-Moll", "Eb minor"), ("cis", "Db major"), ("as", "Ab major"),
        ("fis-Moll", "F# minor"), ("ges", "F# major"), ("des", "Db major"), ("B-Dur", "Bb major"),
        ("b-moll", "Bb minor"), ("H-Dur", "B major"), ("h-Moll", "B minor"), ("gis moll", "G# minor"),
        ("mi bémol majeur", "Eb major"), ("fa dièse mineur", "F# minor"), ("si bemolle maggiore", "Bb major"),
        ("8A", "A minor"), ("08a", "A minor"), (" 8 B ", "C major"), ("5B", "Eb major"), ("05B", "Eb major"),
        ("1d", "C major"), ("1m", "A minor"), ("10d", "Eb major"), ("10m", "C minor"), ("6m", "G# minor"),
        ("12d", "F major"),
    ],
)  # fmt: skip
def test_keys_as_they_are_typed(text, name):
    assert spell(*parse_key(text)) == name


def test_open_key_is_seven_hours_behind_camelot():
    for hour in range(1, 13):
        number = int(camelot(*parse_key(f"{hour}d"))[:-1])
        assert number == (hour + 6) % 12 + 1
        assert camelot(*parse_key(f"{hour}m")) == f"{number}A"


@pytest.mark.parametrize(
    "text",
    ["", "H", "h minor", "A dorian", "0A", "13B", "8C", "0m", "13d", "A minor!", "Amm", "cis#", "A mınor", "x" * 9000],
)
def test_other_texts_are_refused_in_a_line(text):
    with pytest.raises(QueryError, match="not a key") as caught:
        parse_key(text)
    assert len(str(caught.value)) < 250
