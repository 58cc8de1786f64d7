"""Filters to test with: fields of every kind, hypothesis strategies, and what a filter means, in plain Python."""

import math
import re
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import strategies as st

from earmark.catalogue.filters import And, Between, Compare, Has, IsNull, Like, Not, OneOf, Or

FIELDS = {
    "title": "text", "genre": "text", "key": "text", "like": "text",
    "tempo": "number", "year": "number", "mood_sadness": "number",
    "tags": "list", "analysed_at": "time", "incomplete": "flag",
}  # fmt: skip
OPS = {"eq": "__eq__", "ne": "__ne__", "lt": "__lt__", "lte": "__le__", "gt": "__gt__", "gte": "__ge__"}
HOSTILE = [
    "", " ", "'", "''", "'''", "\\", "\\'", '"', "`", ";", "--", "/* */", "' OR '1'='1", "x'; DROP TABLE tracks; --",
    "\\' OR 1=1 --", "%", "_", "a%b_c", "\x00", "a\x00b", "\n", "a\tb", "‘x’", "ʼ", "＇", "\u2028", "NULL", "{0}",
    "{title}",    "$1", "?", ":x", "jazz", "Jazz", "JAZZ", "Ärger", "ärger", "🎵", "e\u0301", "é", "0", "1e5", "true",
    "\\%", "\\_", "a\\b",
]  # fmt: skip
LARGE = 2**31
NUMBERS = [0, 1, -1, 100, 100.5, 0.1, -14.25, 1990, 1990.5, LARGE - 1, LARGE, -LARGE, -LARGE - 1, 1e-7, 1e20, -1e300]
DAYS = [datetime(2026, 1, 31, tzinfo=UTC) + timedelta(seconds=s) for s in (-(10**10), -1, 0, 1, 86400, 10**9)]

texts = st.sampled_from(HOSTILE) | st.text(max_size=6).filter(lambda t: t.encode("utf-8", "ignore").decode() == t)
small_texts = st.text(alphabet="aAbB%_\\'é ", max_size=4)
numbers = st.sampled_from(NUMBERS) | st.integers(-3000, 3000) | st.floats(-1e6, 1e6, width=32)
times = st.sampled_from(DAYS) | st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0))
functions = st.sampled_from([None, None, "lower", "upper"])
text_fields = st.sampled_from([name for name, kind in FIELDS.items() if kind == "text"])
number_fields = st.sampled_from([name for name, kind in FIELDS.items() if kind == "number"])
ops = st.sampled_from(list(OPS))


def _of(fields, values, function):
    return (
        st.builds(Compare, fields, ops, values, function)
        | st.builds(Between, fields, values, values, function)
        | st.builds(OneOf, fields, st.lists(values, min_size=1, max_size=3).map(tuple), function)
    )


conditions = st.one_of(
    _of(text_fields, texts, functions),
    _of(number_fields, numbers.map(lambda n: n + 0), st.none()),
    _of(st.just("analysed_at"), times, st.none()),
    st.builds(Like, text_fields, small_texts, st.booleans(), functions),
    st.builds(IsNull, st.sampled_from(list(FIELDS))),
    st.builds(Has, st.just("tags"), texts),
    st.builds(Compare, st.just("incomplete"), st.sampled_from(["eq", "ne"]), st.booleans()),
)


def _groups(inner):
    """Nested filters as the readers make them: no AND in an AND, no OR in an OR."""

    def group(kind):
        return st.lists(inner.filter(lambda part: not isinstance(part, kind)), min_size=2, max_size=3).map(
            lambda parts: kind(tuple(parts))
        )

    return group(And) | group(Or) | inner.map(Not)


filters = conditions | _groups(conditions) | _groups(_groups(conditions) | conditions)


def fits(part, row: dict) -> bool | None:
    """Whether a row fits a filter; None where that is not known, as in SQL."""
    if isinstance(part, Not):
        inner = fits(part.part, row)
        return None if inner is None else not inner
    if isinstance(part, And | Or):
        decided = isinstance(part, Or)
        inner = [fits(one, row) for one in part.parts]
        return decided if decided in inner else None if None in inner else not decided
    value = row[part.field]
    if isinstance(part, IsNull):
        return value is None
    return None if value is None else _holds(part, value)


def _holds(part, value) -> bool:
    if isinstance(part, Has):
        return part.value in value
    value = {None: lambda v: v, "lower": str.lower, "upper": str.upper}[part.function](value)
    if isinstance(part, Like):
        return bool(re.fullmatch(_pattern(part.pattern), value, re.DOTALL | (re.IGNORECASE if part.any_case else 0)))
    if isinstance(part, OneOf):
        return any(_compare(value, "eq", other) for other in part.values)
    if isinstance(part, Between):
        return _compare(value, "gte", part.low) and _compare(value, "lte", part.high)
    return _compare(value, part.op, part.value)


def _compare(value, op: str, other) -> bool:
    if isinstance(value, float):
        other = single(other)
        if math.isnan(value):  # counts as greater than any number
            return op in ("ne", "gt", "gte")
    elif isinstance(value, int):
        value, other = float(value), float(other)
    return bool(getattr(value, OPS[op])(other))


def single(number: float) -> float:
    """The nearest number of single precision, as columns hold it."""
    with np.errstate(over="ignore"):
        return float(np.float32(number))


def _pattern(like: str) -> str:
    """LIKE -> a regular expression; a backslash takes the next character as it is."""
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", like, re.DOTALL)
    return "".join(signs.get(p) or re.escape(p[1:] if len(p) > 1 else p) for p in parts)
