"""Fields, values and limits, which text and JSON share: both ways in are held to the same."""

import json
import time

import pytest

from earmark.catalogue.filters import (
    Compare,
    Has,
    Like,
    filter_from_json,
    filter_to_json,
    filter_to_text,
    parse_filter,
    to_sql,
)
from earmark.descriptors.key.spelling import parse_key
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


def deep_json(levels: int) -> dict:
    value = {"field": "year", "op": "gt", "value": 1}
    for _ in range(levels):
        value = {"not": value}
    return value


MILLION = list(range(1_000_000))
ONE = {"field": "year", "op": "gt", "value": 1}
TOO_MUCH = {
    "1 MB of text": f"title = '{'x' * 1_000_000}'",
    "100,000 parentheses": "(" * 100_000 + "year > 1" + ")" * 100_000,
    "parentheses that are not closed": "(" * 7999,
    "100,000 NOT": "NOT " * 100_000 + "year > 1",
    "as many NOT as fit": "NOT " * 1990 + "year > 1",
    "a list of a million": f"year IN ({','.join(map(str, MILLION))})",
    "8,000 quotes": "'" * 7999,
    "words without quotes": "title = " + "a " * 3900,
    "a pattern of 3,000 wildcards": f"title LIKE '{'%a' * 3000}'",
    "a name of 7,900 letters": f"{'x' * 7900} = 1",
    "a number of 7,900 digits": f"year > {'9' * 7900}",
    "a regular expression": "regexp_match(title, '(a+)+$')",
    "a function that is not ours": "title = pg_sleep('9')",
    "a column cast": "CAST(title AS INT) = 1",
    "JSON of 100,000 levels": deep_json(100_000),
    "JSON with a list of a million": {"field": "year", "op": "in", "value": MILLION},
    "JSON with a million conditions": {"and": [ONE] * 1_000_000},
    "JSON of groups in groups": {"and": [{"or": [{"and": [ONE] * 100}] * 100}] * 100},
    "JSON with 10 MB of text": {"field": "title", "op": "eq", "value": "x" * 10_000_000},
    "JSON with a pattern of wildcards": {"field": "title", "op": "ilike", "value": "_%" * 100},
    "JSON with a name of 10 MB": {"field": "x" * 10_000_000, "op": "eq", "value": 1},
    "JSON with an operation of 10 MB": {"field": "year", "op": "x" * 10_000_000, "value": 1},
    "JSON with a number of 100,000 digits": {"field": "year", "op": "gt", "value": 10**100_000},
    "JSON with another function": {"field": "title", "op": "eq", "value": "x", "function": "regexp_replace"},
}


@pytest.mark.parametrize("kind", TOO_MUCH)
def test_what_is_too_much_is_one_error_within_a_second(kind):
    asked = TOO_MUCH[kind]
    began = time.monotonic()

    with pytest.raises(QueryError) as caught:
        (parse_filter if isinstance(asked, str) else filter_from_json)(asked, FIELDS)

    assert time.monotonic() - began < 1
    assert len(str(caught.value)) < 1000
    assert "\n" not in str(caught.value)


def test_a_pattern_may_have_100_wildcards():
    assert parse_filter(f"title LIKE '{'%_' * 50}'", FIELDS) == Like("title", "%_" * 50)
    with pytest.raises(QueryError, match="at character 12: more than 100 signs % and _ in one pattern"):
        parse_filter(f"title LIKE '{'%_' * 50}%'", FIELDS)


@pytest.mark.parametrize(("text", "value"), [("incomplete = true", True), ("incomplete = FALSE", False)])
def test_a_flag_is_true_or_false(text, value):
    read = parse_filter(text, FIELDS)
    assert read == Compare("incomplete", "eq", value)
    assert filter_from_json({"field": "incomplete", "op": "eq", "value": value}, FIELDS) == read
    assert filter_to_text(read) == text.lower()
    assert filter_to_json(read)["value"] is value
    assert to_sql(read) == f"`incomplete` = {str(value).lower()}"


@pytest.mark.parametrize("text", ["incomplete = 1", "incomplete = 'true'", "incomplete > true", "incomplete = perhaps"])
def test_a_flag_is_nothing_else(text):
    with pytest.raises(QueryError, match="incomplete = true"):
        parse_filter(text, FIELDS)
