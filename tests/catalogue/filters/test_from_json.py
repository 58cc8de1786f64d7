"""JSON filters: what they mean, and where their errors point."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.catalogue.filters import And, Between, Compare, Filter, Has, IsNull, Like, Not, OneOf, Or, filter_from_json
from earmark.errors import QueryError
from filter_cases import DAYS, FIELDS

EARLY = Compare("analysed_at", "lt", DAYS[2])
JAZZ = {"field": "genre", "op": "eq", "value": "jazz"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (JAZZ, Compare("genre", "eq", "jazz")),
        ({"field": "tempo", "op": "gte", "value": 100.5}, Compare("tempo", "gte", 100.5)),
        ({"field": "tempo", "op": "between", "value": [90, 100]}, Between("tempo", 90, 100)),
        ({"field": "key", "op": "in", "value": ["a", "b"]}, OneOf("key", ("a", "b"))),
        ({"field": "title", "op": "like", "value": "a%"}, Like("title", "a%")),
        ({"field": "title", "op": "ilike", "value": "a%"}, Like("title", "a%", any_case=True)),
        ({"field": "title", "op": "ne", "value": "x", "function": "lower"}, Compare("title", "ne", "x", "lower")),
        ({"field": "tags", "op": "has", "value": "piano"}, Has("tags", "piano")),
        ({"field": "year", "op": "is_null"}, IsNull("year")),
        ({"field": "analysed_at", "op": "lt", "value": "2026-01-31T00:00:00.000Z"}, EARLY),
        ({"not": {"field": "year", "op": "is_null"}}, Not(IsNull("year"))),
        ({"and": [JAZZ]}, Compare("genre", "eq", "jazz")),
        ({"and": [JAZZ, {"and": [JAZZ, JAZZ]}]}, And((Compare("genre", "eq", "jazz"),) * 3)),
        ({"or": [JAZZ, {"field": "year", "op": "is_null"}]}, Or((Compare("genre", "eq", "jazz"), IsNull("year")))),
    ],
)  # fmt: skip
def test_what_json_means(value, expected):
    assert filter_from_json(value, FIELDS) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "^#: null is not a filter. Write {"),
        ("genre = 'jazz'", "^#: 'genre = ''jazz''' is not a filter"),
        ([JAZZ], "^#: a list is not a filter"),
        ({}, "^#: has no op. There are: eq, ne, lt, lte, gt, gte, between, in, like, ilike, has, is_null"),
        ({"field": "genre", "value": "x"}, "^#: has no op"),
        ({"field": "genre", "op": "=", "value": "x"}, "^#/op: '=' is not understood. There are: eq"),
        ({"field": "genre", "op": ["eq"], "value": "x"}, "^#/op: a list is not understood"),
        ({"op": "eq", "value": "x"}, "^#: names no field"),
        ({"field": 3, "op": "eq", "value": "x"}, "^#: names no field"),
        ({"field": "genra", "op": "eq", "value": "x"}, "^#/field: No field named genra. Did you mean genre"),
        ({"field": "genre; --", "op": "eq", "value": "x"}, "^#/field: No field named genre; --"),
        ({"field": "genre", "op": "eq"}, "^#: has no value"),
        (JAZZ | {"valeu": 1}, "^#: 'valeu' has no meaning here. .* there may be: field, function, op, value"),
        (JAZZ | {"and": [JAZZ]}, "^#: 'field' has no meaning here"),
        ({"and": [JAZZ], "or": [JAZZ]}, "^#: 'or' has no meaning here"),
        ({"field": "year", "op": "is_null", "value": True}, "^#: 'value' has no meaning here"),
        ({"and": []}, "^#/and: not a list with entries"),
        ({"or": JAZZ}, "^#/or: not a list with entries"),
        ({"not": [JAZZ]}, "^#/not: a list is not a filter"),
        ({"and": [JAZZ, {"not": JAZZ | {"op": "x"}}]}, "^#/and/1/not/op: 'x' is not understood"),
        (JAZZ | {"value": 3}, '^#/value: genre is text, but 3 is not text. Write .* {"field": "genre", "op": "eq"'),
        (JAZZ | {"value": None}, "^#/value: genre is text, but null is not text"),
        (JAZZ | {"value": ["x"]}, "^#/value: genre is text, but a list is not text"),
        (JAZZ | {"value": {"a": 1}}, "^#/value: genre is text, but an object is not text"),
        (JAZZ | {"function": "trim"}, "^#/function: 'trim' is not understood. There are: lower, upper"),
        (JAZZ | {"function": None}, "^#/function: null is not understood"),
        (JAZZ | {"value": "\ud800"}, r"^#/value: '\\ud800' is not valid Unicode"),
        (JAZZ | {"value": "x" * 8001}, "^#/value: a value of more than 8000 characters"),
        ({"field": "tempo", "op": "eq", "value": True}, "^#/value: tempo is a number, but true is not"),
        ({"field": "tempo", "op": "eq", "value": "3"}, "^#/value: tempo is a number, but '3' is not"),
        ({"field": "tempo", "op": "eq", "value": float("nan")}, "^#/value: nan is not a finite number"),
        ({"field": "tempo", "op": "eq", "value": -float("inf")}, "^#/value: -inf is not a finite number"),
        ({"field": "tempo", "op": "eq", "value": 10**5000}, "^#/value: so large a number is not a finite number"),
        ({"field": "tempo", "op": "between", "value": [1, 2, 3]}, "^#/value: not two values"),
        ({"field": "tempo", "op": "between", "value": 1}, "^#/value: not a list with entries"),
        ({"field": "tempo", "op": "in", "value": [1, "x"]}, "^#/value/1: tempo is a number"),
        ({"field": "tempo", "op": "in", "value": []}, "^#/value: not a list with entries"),
        ({"field": "tempo", "op": "has", "value": 3}, "^#: tempo is a number, which HAS cannot ask for"),
        ({"field": "tags", "op": "eq", "value": "x"}, '^#: tags is a list, which = .* {"field": "tags", "op": "has"'),
        ({"field": "analysed_at", "op": "eq", "value": 3}, "^#/value: analysed_at is a date or time, but 3"),
        ({"field": "analysed_at", "op": "eq", "value": "x"}, "^#/value: 'x' is not a date or time"),
    ],
)  # fmt: skip
def test_errors_point_at_their_place(value, message):
    with pytest.raises(QueryError, match=message):
        filter_from_json(value, FIELDS)


def test_nesting_ends_at_eight_levels():
    value = JAZZ
    for _ in range(7):
        value = {"not": value}
    assert filter_from_json(value, FIELDS)
    with pytest.raises(QueryError, match="^#(/not){8}: more than 8 levels"):
        filter_from_json({"not": value}, FIELDS)


KEYS = st.sampled_from(["and", "or", "not", "field", "op", "value", "function", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*FIELDS, "eq", "in", ""])


@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)))
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_filter_or_a_clear_error(value):
    found = filter_or_error(value)

    assert isinstance(found, Filter) or found.source.startswith("#")


def filter_or_error(value: object):
    try:
        return filter_from_json(value, FIELDS)
    except QueryError as error:
        return error
