"""Fields, values and limits, which text and JSON share: both ways in are held to the same."""

import json

import pytest

from earmark.catalogue.filters import Compare, Has, Like, filter_from_json, filter_to_json, filter_to_text, parse_filter
from earmark.descriptors.key.names import parse_key
from earmark.errors import QueryError
from filter_cases import FIELDS


def stored(field: str, value):
    """Keys as the catalogue spells them."""
    return " ".join(parse_key(value)) if field == "key" else value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key = 'Eb major'", "key = 'D# major'"),
        ("key IN ('8A', 'Bb')", "key IN ('A minor', 'A# major')"),
        ("key BETWEEN 'Am' AND 'Cm'", "key BETWEEN 'A minor' AND 'C minor'"),
        ("key LIKE '%minor'", "key LIKE '%minor'"),
        ("lower(key) = 'a minor'", "lower(key) = 'a minor'"),
        ("title = 'Eb major'", "title = 'Eb major'"),
    ],
)
def test_values_are_brought_to_the_stored_spelling(text, expected):
    read = parse_filter(text, FIELDS, stored)

    assert filter_to_text(read) == expected
    assert filter_from_json(filter_to_json(parse_filter(text, FIELDS)), FIELDS, stored) == read


def test_what_the_spelling_refuses_is_the_error():
    for read in (lambda: parse_filter("key = 'H'", FIELDS, stored), lambda: filter_from_json(H, FIELDS, stored)):
        with pytest.raises(QueryError, match="^H: not a key"):
            read()


H = {"field": "key", "op": "eq", "value": "H"}


def test_no_more_than_200_conditions():
    texts = ["year>1"] * 200
    values = [{"field": "year", "op": "gt", "value": 1}] * 200
    assert parse_filter(" OR ".join(texts), FIELDS) == filter_from_json({"or": values}, FIELDS)
    with pytest.raises(QueryError, match="at character 2001: more than 200 conditions"):
        parse_filter(" OR ".join([*texts, "year>1"]), FIELDS)
    with pytest.raises(QueryError, match="^#/or/200: more than 200 conditions"):
        filter_from_json({"or": [*values, *values]}, FIELDS)


def test_no_more_than_1000_values():
    ones = f"year IN ({','.join('1' * 999)})"
    assert parse_filter(f"{ones} AND year > 1", FIELDS)
    with pytest.raises(QueryError, match="at character 2013: more than 1000 values"):
        parse_filter(f"{ones} AND year BETWEEN 1 AND 2", FIELDS)
    with pytest.raises(QueryError, match="^#: more than 1000 values"):
        filter_from_json({"field": "year", "op": "in", "value": [1] * 1001}, FIELDS)


@pytest.mark.parametrize("number", [0, -0.0, 2**53 - 1, 2**53, 2**53 + 1, 10**30, -(10**300), 0.1, 1e-300, 5e-324])
def test_numbers_mean_the_same_in_text_and_json(number):
    asked = {"field": "tempo", "op": "eq", "value": number}
    read = filter_from_json(json.loads(json.dumps(asked)), FIELDS)

    assert parse_filter(f"tempo = {number}", FIELDS) == read == Compare("tempo", "eq", float(number))
    assert str(read.value)[:2] != "-0"


@pytest.mark.parametrize("text", ["", "x" * 8000, "\x00", "'", "ü🎵\u202e"])
def test_texts_are_kept_as_they_are(text):
    asked = {"field": "tags", "op": "has", "value": text}
    assert filter_from_json(asked, FIELDS) == Has("tags", text)
    assert filter_from_json(asked | {"field": "title", "op": "like"}, FIELDS) == Like("title", text)


def test_near_names_are_few():
    fields = dict.fromkeys((f"instrument_piano_{n}" for n in range(50)), "number")
    with pytest.raises(QueryError, match=r"No field named piano\. Did you mean \w+( or \w+){3}\?$"):
        parse_filter("piano > 1", fields)
