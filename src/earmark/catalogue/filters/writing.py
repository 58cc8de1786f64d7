"""A filter written out: as text, as JSON, and as SQL. The SQL of the store's filters stands here alone."""

import re
from collections.abc import Callable
from datetime import datetime

from earmark.catalogue.filters.expression import (
    FUNCTIONS,
    SYMBOLS,
    And,
    Between,
    Compare,
    Filter,
    Function,
    Has,
    IsNull,
    Like,
    Not,
    OneOf,
    Or,
    Value,
    utc,
)
from earmark.errors import QueryError

KEYWORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "LIKE", "ILIKE", "HAS"}
FORMS = {op: f"{{0}} {symbol} {{1}}" for op, symbol in SYMBOLS.items()}
FORMS |= {"between": "{0} BETWEEN {1} AND {2}", "in": "{0} IN ({all})"}
FORMS |= {"like": "{0} LIKE {1}", "ilike": "{0} ILIKE {1}", "has": "{0} HAS {1}"}


def filter_to_json(part: Filter) -> dict:
    """The filter as JSON that `filter_from_json` reads back."""
    match part:
        case And(parts) | Or(parts):
            return {"and" if isinstance(part, And) else "or": [filter_to_json(inner) for inner in parts]}
        case Not(inner):
            return {"not": filter_to_json(inner)}
        case IsNull(field):
            return {"field": field, "op": "is_null"}
    op, values = _op_and_values(part)
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    asked = {"field": part.field, "op": op, "value": plain if op in ("in", "between") else plain[0]}
    function = getattr(part, "function", None)
    return asked | ({"function": function} if function else {})


def _op_and_values(part: Compare | Between | OneOf | Like | Has) -> tuple[str, tuple[Value, ...]]:
    match part:
        case Compare(_, op, value):
            return op, (value,)
        case Between(_, low, high):
            return "between", (low, high)
        case OneOf(_, values):
            return "in", values
        case Like(_, pattern, any_case):
            return "ilike" if any_case else "like", (pattern,)
    return "has", (part.value,)


def filter_to_text(part: Filter) -> str:
    """The filter as text that `parse_filter` reads back, where that is not longer than a text may be."""
    match part:
        case And(parts) | Or(parts):
            word = " AND " if isinstance(part, And) else " OR "
            return word.join(_enclosed(filter_to_text(one), isinstance(one, And | Or)) for one in parts)
        case Not(IsNull(field)):
            return f"{_text_terms(field)[0]} IS NOT NULL"
        case Not(inner):
            return f"NOT ({filter_to_text(inner)})"
        case IsNull(field):
            return f"{_text_terms(field)[0]} IS NULL"
    return _condition(part, _text_terms, FORMS["has"])


def to_sql(part: Filter) -> str:
    """The filter in the SQL of Lance (DataFusion), for ``scanner(filter=...)``.

    Fields become quoted identifiers, texts quoted literals, so that no text can be read as anything else.

    Raises
    ------
    QueryError : a name that no column can have, or an operation that does not exist; readers let neither pass
    """
    return _sql(part, negated=False)


def _sql(part: Filter, negated: bool) -> str:
    """The filter or its opposite, with every NOT moved to the conditions and null excluded there.

    Left to itself, DataFusion simplifies ``NOT (x IN (1)) OR NOT (x IN (2))`` to true, for null as well.
    """
    match part:
        case Not(inner):
            return _sql(inner, not negated)
        case And(parts) | Or(parts):
            word = " AND " if isinstance(part, And) != negated else " OR "
            return word.join(f"({_sql(one, negated)})" for one in parts)
        case IsNull(field):
            return f"{_sql_terms(field)[0]} IS {'NOT ' if negated else ''}NULL"
    condition = _condition(part, _sql_terms, "array_has({0}, {1})")
    if negated or (isinstance(part, Compare) and part.op == "ne"):
        return f"{_sql_terms(part.field)[0]} IS NOT NULL AND {'NOT ' if negated else ''}{_enclosed(condition, negated)}"
    return condition


def _enclosed(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def _condition(part: Compare | Between | OneOf | Like | Has, terms: Callable, has: str) -> str:
    """One condition in a dialect, which writes fields and values (`terms`) and HAS in its own way."""
    op, values = _op_and_values(part)
    function = getattr(part, "function", None)
    if op not in FORMS or function not in (None, *FUNCTIONS):
        raise QueryError(excerpt(f"{op} {function or ''}"), "not an operation", f"There are: {', '.join(FORMS)}.")
    field, *values = terms(part.field, function, values)
    return (has if op == "has" else FORMS[op]).format(field, *values, all=", ".join(values))


def _text_terms(field: str, function: Function | None = None, values: tuple[Value, ...] = ()) -> list[str]:
    """The field, or the function of it, and the values as text."""
    name = f"`{field}`" if field.upper() in KEYWORDS else field
    return [f"{function}({name})" if function else name, *map(_literal, values)]


def _sql_terms(field: str, function: Function | None = None, values: tuple[Value, ...] = ()) -> list[str]:
    """The same in SQL.

    Lance refuses a fraction beside a column of whole numbers, and numbers that such a column cannot hold; then both
    sides are cast to single precision, in which all other numbers are stored.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", field):
        raise QueryError(excerpt(field), "not the name of a column", "Names hold letters, digits and underscores.")
    written = [f"`{field}`", *map(_sql_literal, values)]
    if any(isinstance(value, int | float) and not _fits_int32(value) for value in values):
        written = [f"CAST({term} AS FLOAT)" for term in written]
    return [f"{function}({written[0]})" if function else written[0], *written[1:]]


def _fits_int32(value: int | float) -> bool:
    return -(2**31) <= value < 2**31 and value == int(value)


def _literal(value: Value) -> str:
    if isinstance(value, datetime):
        return quoted(utc(value).isoformat().removesuffix("T00:00:00+00:00"))
    return quoted(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)


def _sql_literal(value: Value) -> str:
    if isinstance(value, datetime):
        return f"timestamp {quoted(utc(value).isoformat())}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(int(value)) if _fits_int32(value) else repr(float(value))


def quoted(text: str) -> str:
    """A text in single quotes, those inside doubled."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def excerpt(text: str, length: int = 60) -> str:
    """The beginning of a text, with what cannot be printed as escapes; for error messages."""
    begin = text if len(text) <= length else f"{text[:length]} ..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in begin)
