"""What reading text and reading JSON share: fields, kinds, values and limits are checked here alone."""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from earmark.catalogue.filters.expression import (
    SYMBOLS,
    Between,
    Compare,
    Filter,
    Function,
    Has,
    IsNull,
    Kind,
    Like,
    OneOf,
    Value,
    depth,
    utc,
)
from earmark.catalogue.filters.writing import excerpt, quoted
from earmark.errors import QueryError

MAX_DEPTH = 8  # levels of AND, OR, NOT and the condition inside
MAX_TERMS = 200  # conditions
MAX_VALUES = 1000  # values in all conditions together
MAX_ENTRIES = 10_000  # of a list that is looked at entry by entry
MAX_TEXT = 8000  # characters of a filter's text, and of one value
MAX_WILDCARDS = 100  # % and _ of one pattern: each is tried at many places of every text
MAX_NAME = 200  # characters of a name that others are compared with

Normalise = Callable[[str, Value], Value]
NOUNS = {"text": "text", "number": "a number", "time": "a date or time", "flag": "true or false", "list": "a list"}
FLAGS = {"true": True, "false": False}
ORDERED = {*SYMBOLS, "between", "in", "is_null"}
FITTING = {
    "text": {*ORDERED, "like", "ilike"},
    "number": ORDERED,
    "time": ORDERED,
    "flag": {"eq", "ne", "is_null"},
    "list": {"has", "is_null"},
}


def nearest_fields(name: str, fields: Iterable[str]) -> str:
    """What to do about a field that is not there: the names nearest to it, or all there are."""
    fields, name = list(fields), name[:MAX_NAME]
    near = get_close_matches(name.lower(), fields, 3)
    near += [field for field in fields if len(name) > 2 and name.lower() in field and field not in near]
    return f"Did you mean {' or '.join(near[:4])}?" if near else f"The fields are: {', '.join(fields)}."


class Raw(NamedTuple):
    """A value as it was given, not yet checked, and where: the offset in the text or the JSON pointer."""

    value: object
    at: Any


class BareWords(str):
    """Words that stand where a value should, without quotes."""


class Reader:
    """What reading text and reading JSON share: fields, kinds, values and limits are checked here alone."""

    def __init__(self, fields: Mapping[str, Kind], normalise: Normalise | None) -> None:
        self.fields = fields
        self.normalise = normalise or (lambda field, value: value)
        self.n_conditions = self.n_values = 0

    def error(self, at: Any, problem: str, remedy: str) -> QueryError:
        """The error at a place."""
        raise NotImplementedError

    def shown(self, part: Filter) -> str:
        """A filter as the user would have to write it."""
        raise NotImplementedError

    def shallow(self, found: Filter, at: Any) -> Filter:
        """The filter that was found, if it is not nested too deeply."""
        if depth(found) > MAX_DEPTH:
            raise self.too_deep(at)
        return found

    def too_deep(self, at: Any) -> QueryError:
        """AND, OR and NOT stand inside one another more often than is allowed."""
        return self.error(at, f"more than {MAX_DEPTH} levels of AND, OR and NOT", "Write it flatter.")

    def field(self, name: str, at: Any) -> str:
        """The field of that name; large and small letters are alike where no two fields differ by them alone."""
        if name in self.fields:
            return name
        alike = [field for field in self.fields if field.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        raise self.error(at, f"No field named {excerpt(name)}", nearest_fields(name, self.fields))

    def condition(self, op: str, field: str, function: Function | None, raws: list[Raw], at: Any) -> Filter:
        """One condition; the operation and the field are known ones."""
        self.check_limits(raws, at)
        kind = self.fields[field]
        if op not in FITTING[kind] or (function and kind != "text"):
            named = f"{function}()" if function else SYMBOLS.get(op, op.upper())
            raise self.error(at, f"{field} is {NOUNS[kind]}, which {named} cannot ask for", self.example(field))
        values = [self.value(field, raw) for raw in raws]
        if op in ("like", "ilike"):
            self.check_pattern(values[0], raws[0].at)
        elif not function:
            values = [self.normalise(field, value) for value in values]
        return _condition(op, field, values, function)

    def check_pattern(self, pattern: str, at: Any) -> None:
        """Count the wildcards of a pattern of LIKE."""
        if pattern.count("%") + pattern.count("_") > MAX_WILDCARDS:
            raise self.error(at, f"more than {MAX_WILDCARDS} signs % and _ in one pattern", "Write a shorter one.")

    def check_limits(self, raws: list[Raw], at: Any) -> None:
        """Count the condition and its values."""
        self.n_conditions += 1
        self.n_values += len(raws)
        if self.n_conditions > MAX_TERMS:
            raise self.error(at, f"more than {MAX_TERMS} conditions", "Ask in several steps, or use IN.")
        if self.n_values > MAX_VALUES:
            raise self.error(at, f"more than {MAX_VALUES} values", "Ask in several steps.")

    def example(self, field: str) -> str:
        """How the field can be asked for."""
        examples = {
            "text": Compare(field, "eq", "jazz"),
            "number": Compare(field, "gt", 100),
            "time": Compare(field, "gte", datetime(2026, 1, 31, tzinfo=UTC)),
            "flag": Compare(field, "eq", True),
            "list": Has(field, "jazz"),
        }
        return f"Write for example {self.shown(examples[self.fields[field]])}."

    def value(self, field: str, raw: Raw) -> Value:
        """The value, if it is of the field's kind."""
        kind, value = self.fields[field], raw.value
        if kind == "flag" and str(value).lower() in FLAGS and isinstance(value, bool | BareWords):
            return FLAGS[str(value).lower()]
        if isinstance(value, BareWords) and (value in self.fields or kind in ("text", "list")):
            raise self.bare(value, raw.at)
        if kind in ("text", "list") and isinstance(value, str):
            return self.unicode(value, raw.at)
        if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(value, raw.at)
        if kind == "time" and isinstance(value, str | datetime) and not isinstance(value, BareWords):
            return self.time(value, raw.at)
        holds = "is a list of texts" if kind == "list" else f"is {NOUNS[kind]}"
        raise self.error(raw.at, f"{field} {holds}, but {given(value)} is not {_one(kind)}", self.example(field))

    def bare(self, words: str, at: Any) -> QueryError:
        """A text without quotes, or a field where a value should stand."""
        if words in self.fields:
            problem = f"{words} is a field, and fields are compared with values alone"
            return self.error(at, problem, f"Write {quoted(words)} for the text.")
        return self.error(at, f"{excerpt(words)} stands without quotes", f"Write {excerpt(quoted(words))}.")

    def unicode(self, value: str, at: Any) -> str:
        """A text that can be stored and is not endless."""
        if len(value) > MAX_TEXT:
            raise self.error(at, f"a value of more than {MAX_TEXT} characters", "Search for a part of it with LIKE.")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.error(at, f"{given(value)} is not valid Unicode", "Write it in UTF-8.")
        return value

    def number(self, value: int | float, at: Any) -> int | float:
        """A finite number; what double precision cannot hold is rounded to it."""
        try:
            finite = math.isfinite(value)
        except OverflowError:
            finite = False
        if not finite:
            raise self.error(at, f"{given(value)} is not a finite number", "Write a number such as 100 or -14.5.")
        return value if isinstance(value, int) and abs(value) < 2**53 else float(value) + 0.0  # -0.0 becomes 0.0

    def time(self, value: str | datetime, at: Any) -> datetime:
        """A time in UTC."""
        try:
            moment = utc(value if isinstance(value, datetime) else datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            problem = f"{given(value)} is not a date or time"
            raise self.error(at, problem, "Write '2026-01-31' or '2026-01-31T18:00:00Z'.") from None
        if moment.microsecond:
            raise self.error(at, f"{given(value)} is not a whole second", "Leave the fraction out.")
        return moment


def _condition(op: str, field: str, values: list[Value], function: Function | None) -> Filter:
    if op in SYMBOLS:
        return Compare(field, op, values[0], function)
    if op in ("like", "ilike"):
        return Like(field, values[0], op == "ilike", function)
    if op == "between":
        return Between(field, *values, function)
    if op == "in":
        return OneOf(field, tuple(values), function)
    return Has(field, values[0]) if op == "has" else IsNull(field)


def _one(kind: Kind) -> str:
    return "text" if kind == "list" else NOUNS[kind]


def given(value: object) -> str:
    """A value for an error message, in the words of JSON where it has no others."""
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) >= 10**30:
        return "so large a number"
    return excerpt(quoted(value) if isinstance(value, str) and not isinstance(value, BareWords) else str(value))
