import pytest

from earmark.catalogue.filters import both, filter_to_text, parse_filter
from earmark.explore.meaning.facts import at_tempo, facts


def found(text):
    return [(fact.label, filter_to_text(fact.where)) for fact in facts(text)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a-Moll", "key = 'A minor'"), ("Am", "key = 'A minor'"), ("en si bémol majeur", "key = 'Bb major'"),
        ("嬰ハ短調", "key = 'C# minor'"), ("降B大调", "key = 'Bb major'"), ("до-диез минор", "key = 'C# minor'"),
        ("em lá menor", "key = 'A minor'"), ("12B", "key = 'E major'"), ("in the key of B flat", "key = 'Bb major'"),
        ("in a minor key", "key LIKE '% minor'"),
        ("in Moll", "key LIKE '% minor'"), ("not in a minor key", "NOT (key LIKE '% minor')"),
    ],
)  # fmt: skip
def test_keys(text, where):
    assert [where_ for _, where_ in found(text)] == [where]


@pytest.mark.parametrize("text", ["Am Abend", "a minor detail", "in a major way", "I am", "B side", "A love supreme"])
def test_words_that_only_look_like_keys(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("before the 80s", "year <= 1979"), ("after the 90s", "year >= 2000"),
        ("八十年代", "year BETWEEN 1980 AND 1989"),
        ("late 80s", "year BETWEEN 1985 AND 1989"), ("the 1960s", "year BETWEEN 1960 AND 1969"),
        ("hits aus den Achtzigern", "year BETWEEN 1980 AND 1989"), ("años setenta", "year BETWEEN 1970 AND 1979"),
        ("since 1990", "year >= 1990"), ("1990年以降", "year >= 1990"), ("до 1980 года", "year <= 1979"),
        ("chansons avant 1970", "year <= 1969"), ("after 2000", "year >= 2001"), ("1994", "year = 1994"),
        ("1970-1975", "year BETWEEN 1970 AND 1975"), ("not from the 80s", "NOT (year BETWEEN 1980 AND 1989)"),
    ],
)  # fmt: skip
def test_years(text, where):
    assert [where_ for _, where_ in found(text)] == [where]


def test_a_decade_names_the_tag_that_stands_for_it_where_files_have_no_year():
    assert [fact.concept for fact in facts("from the 70s")] == ["era/70s"]
    assert [fact.concept for fact in facts("before 1960")] == ["era/60s or older"]
    assert [fact.concept for fact in facts("1975-1985")] == [""]


def test_lengths_in_minutes_seconds_and_on_the_clock():
    assert found("longer than 3:30") == [("length from 3.5 min", "duration >= 210")]
    assert found("30 seconds long") == [("length 27-33 s", "duration BETWEEN 27 AND 33")]
    assert found("unter 3:30 min") == [("length up to 3.5 min", "duration <= 210")]


def test_several_facts_stand_in_the_order_of_the_text():
    kinds = [fact.kind for fact in facts("from the 70s, 120 bpm, in A minor, under two minutes")]
    assert kinds == ["year", "tempo", "key", "length"]


def test_a_range_of_tempo_moves_by_octaves_among_other_facts():
    def read(text):
        return parse_filter(text, {"tempo": "number", "key": "text"})

    tempo, key = read("tempo BETWEEN 80 AND 100"), read("key = 'A minor'")
    assert filter_to_text(at_tempo(tempo, 2)) == "tempo BETWEEN 160 AND 200"
    assert filter_to_text(at_tempo(both(key, tempo), 0.5)) == "key = 'A minor' AND tempo BETWEEN 40.0 AND 50.0"
    for other in ("tempo BETWEEN 60 AND 120", "tempo >= 100", "key = 'A minor'", "NOT tempo BETWEEN 80 AND 100"):
        assert at_tempo(read(other), 2) is None
