"""Filters written as text and JSON are read back the same; their SQL selects what they mean, whatever they hold."""

import math
import random

import lance
import pyarrow as pa
import pytest
from hypothesis import given, settings

from earmark.catalogue.filters import (
    And,
    Between,
    Compare,
    Has,
    IsNull,
    Like,
    Not,
    OneOf,
    Or,
    filter_from_json,
    filter_to_json,
    filter_to_text,
    parse_filter,
    to_sql,
)
from earmark.errors import QueryError
from filter_cases import DAYS, FIELDS, HOSTILE, NUMBERS, filters, fits, single

TYPES = {
    "text": pa.string(),
    "number": pa.float32(),
    "time": pa.timestamp("s", tz="UTC"),
    "flag": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def _row(number: int, chance: random.Random) -> dict:
    """A row of values that filters are likely to name, or none."""
    values = {
        "text": lambda: chance.choice(HOSTILE),
        "number": lambda: single(chance.choice([*NUMBERS, math.nan])),
        "time": lambda: chance.choice(DAYS),
        "flag": lambda: chance.random() < 0.5,
        "list": lambda: chance.sample(HOSTILE, chance.randrange(4)),
    }
    row = {name: None if chance.random() < 0.15 else values[kind]() for name, kind in FIELDS.items()}
    year = None if row["year"] is None else chance.choice([-5, 0, 1, 100, 1990, 1991, 3000])
    title = HOSTILE[number] if number < len(HOSTILE) else row["title"]
    return row | {"number": number, "year": year, "title": title}


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    chance = random.Random(0)
    return [_row(number, chance) for number in range(80)]


@pytest.fixture(scope="module")
def dataset(rows, tmp_path_factory):
    types = {name: TYPES[kind] for name, kind in FIELDS.items()} | {"year": pa.int32(), "number": pa.int32()}
    table = pa.Table.from_pylist(rows, pa.schema(list(types.items())))
    return lance.write_dataset(table, tmp_path_factory.mktemp("filters") / "rows.lance")


def chosen(dataset, part) -> list[int]:
    return dataset.scanner(columns=["number"], filter=to_sql(part)).to_table()["number"].to_pylist()


def meant(rows, part) -> list[int]:
    return [row["number"] for row in rows if fits(part, row)]


@pytest.mark.parametrize(
    ("part", "text", "sql"),
    [
        (Compare("genre", "ne", "it's"), "genre <> 'it''s'", "`genre` IS NOT NULL AND `genre` <> 'it''s'"),
        (Compare("tempo", "gte", 100.0), "tempo >= 100.0", "`tempo` >= 100"),
        (Compare("tempo", "lt", 0.5), "tempo < 0.5", "CAST(`tempo` AS FLOAT) < CAST(0.5 AS FLOAT)"),
        (Compare("year", "lt", 2**31), "year < 2147483648", "CAST(`year` AS FLOAT) < CAST(2147483648.0 AS FLOAT)"),
        (Between("year", 1980, 1989), "year BETWEEN 1980 AND 1989", "`year` BETWEEN 1980 AND 1989"),
        (OneOf("key", ("a", "b"), "lower"), "lower(key) IN ('a', 'b')", "lower(`key`) IN ('a', 'b')"),
        (Like("like", "a%", True), "`like` ILIKE 'a%'", "`like` ILIKE 'a%'"),
        (Has("tags", "piano"), "tags HAS 'piano'", "array_has(`tags`, 'piano')"),
        (Not(IsNull("year")), "year IS NOT NULL", "`year` IS NOT NULL"),
        (
            Compare("analysed_at", "gt", DAYS[2]),
            "analysed_at > '2026-01-31'",
            "`analysed_at` > timestamp '2026-01-31T00:00:00+00:00'",
        ),
        (
            And((Or((IsNull("key"), IsNull("year"))), Not(IsNull("tags")))),
            "(key IS NULL OR year IS NULL) AND tags IS NOT NULL",
            "((`key` IS NULL) OR (`year` IS NULL)) AND (`tags` IS NOT NULL)",
        ),
        (
            Not(And((Compare("year", "gt", 1), Not(Has("tags", "x"))))),
            "NOT (year > 1 AND NOT (tags HAS 'x'))",
            "(`year` IS NOT NULL AND NOT (`year` > 1)) OR (array_has(`tags`, 'x'))",
        ),
    ],
)
def test_known_filters_are_written_so(part, text, sql):
    assert filter_to_text(part) == text
    assert parse_filter(text, FIELDS) == part
    assert to_sql(part) == sql


def test_json_has_one_shape():
    part = And(
        (Between("tempo", 90, 100), Not(OneOf("key", ("a", "b"), "lower")), Or((Has("tags", "x"), IsNull("year"))))
    )

    assert filter_to_json(part) == {
        "and": [
            {"field": "tempo", "op": "between", "value": [90, 100]},
            {"not": {"field": "key", "op": "in", "value": ["a", "b"], "function": "lower"}},
            {"or": [{"field": "tags", "op": "has", "value": "x"}, {"field": "year", "op": "is_null"}]},
        ]
    }


@given(filters)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_the_same(part):
    assert parse_filter(filter_to_text(part), FIELDS) == part
    assert filter_from_json(filter_to_json(part), FIELDS) == part


@given(part=filters)
@settings(max_examples=300, deadline=None)
def test_the_store_selects_what_a_filter_means(rows, dataset, part):
    assert chosen(dataset, part) == meant(rows, part)


@pytest.mark.parametrize("denied", [lambda key: Not(OneOf("key", (key, "0"))), lambda key: Compare("key", "ne", key)])
def test_a_field_without_a_value_fits_no_denial(rows, dataset, denied):
    """DataFusion simplifies these to true for every row where it is not prevented."""
    either = Or((denied("jazz"), denied("Jazz")))
    neither = Not(And((OneOf("key", ("jazz", "0")), OneOf("key", ("x", "Jazz")))))
    known = [row["number"] for row in rows if row["key"] not in (None, "0")]

    assert {*known} <= {*chosen(dataset, either)}
    assert chosen(dataset, either) == meant(rows, either)
    assert chosen(dataset, neither) == meant(rows, neither)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_changes_the_meaning(rows, dataset, text):
    for part in (Compare("title", "eq", text), Has("tags", text), OneOf("key", (text, text + "'"))):
        read = parse_filter(filter_to_text(part), FIELDS)
        assert chosen(dataset, read) == meant(rows, part)
    assert chosen(dataset, Compare("title", "eq", text)) != []


def test_100_kilobytes_of_quotes_stay_one_value(dataset, rows):
    assert chosen(dataset, Compare("title", "eq", "'" * 100_000)) == []
    assert chosen(dataset, Compare("title", "ne", "';--" * 25_000)) == meant(rows, Not(IsNull("title")))


def test_the_largest_filter_can_be_asked(dataset, rows):
    years = Not(OneOf("year", tuple(range(1900, 2700))))
    part = Or((And((years, Not(IsNull("key")))), *(Compare("tempo", "eq", n) for n in range(198))))

    assert chosen(dataset, part) == meant(rows, part)


@pytest.mark.parametrize("name", ["a`b", "a b", "", "x;", "x\n", "größe", "a.b", "1a"])
def test_no_name_is_written_that_is_no_column(name):
    with pytest.raises(QueryError, match="not the name of a column"):
        to_sql(Compare(name, "eq", "x"))


@pytest.mark.parametrize("part", [Compare("title", "= 1 OR 1", "x"), Compare("title", "eq", "x", "f(1) OR ")])
def test_no_operation_is_written_that_is_unknown(part):
    with pytest.raises(QueryError, match="not an operation"):
        to_sql(part)
