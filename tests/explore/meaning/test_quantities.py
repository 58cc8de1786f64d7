import pytest

from earmark.catalogue.filters import filter_to_text
from earmark.explore.meaning.quantities import Span, quantities, value_of


def spans(text):
    return [(x.span.low, x.span.high, text[x.start : x.end]) for x in quantities(text, "bpm", 0.1, "tempo")]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100 bpm", 90, 110), ("about 100bpm", 80, 120), ("100-120 bpm", 100, 120), ("120 to 100 bpm", 100, 120),
        ("under 90 bpm", None, 90), ("90 bpm or more", 90, None), ("90 bpm以下", None, 90), ("свыше 90 bpm", 90, None),
        ("tempo 100", 90, 110), ("tempo between 90 and 100", 90, 100), ("Tempo unter 90", None, 90),
        ("exactly 100 bpm", 97, 103), ("pas plus de 90 bpm", None, 90), ("mais de 90 bpm", 90, None),
    ],
)  # fmt: skip
def test_comparisons(text, low, high):
    assert spans(text) == [(pytest.approx(low) if low else None, pytest.approx(high) if high else None, text)]


def test_a_number_without_a_unit_is_none():
    assert spans("100 songs") == spans("x100 bpmx") == []


def test_words_digits_and_clocks_are_numbers():
    assert [value_of(x) for x in ("two", "ДВУХ", "三", "2,5", "3:30")] == [2, 2, 3, 2.5, 3.5]


def test_a_span_is_a_filter():
    assert filter_to_text(Span(None, 2).where("duration", 60)) == "duration <= 120"
    assert filter_to_text(Span(2, 3).where("duration", 60)) == "duration BETWEEN 120 AND 180"
