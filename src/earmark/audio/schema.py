"""What decoded JSON from strangers may hold: small rules, joined into tables that read like the format's own page.

A rule takes a value and gives it back as it is used, or raises ValueError that says what it should have been. Values
that are no plain finite numbers, such as NaN, fit no rule of numbers.
"""

import math
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args, get_origin, get_type_hints

Rule = Callable[[Any], Any]
MAX_TEXT = 10_000  # characters of a text that no rule of its own bounds
MAX_ENTRIES = 1_000_000  # of a list that no rule of its own bounds: a value a second of eleven days
LARGEST = 1e12  # of a number that no rule of its own bounds


def number(low: float = -LARGEST, high: float = LARGEST) -> Rule:
    """A finite number from `low` to `high`; the result is a float."""

    def rule(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"{shown(value)} is not a number from {low:g} to {high:g}")
        return float(value)  # NaN is not within any limits

    return rule


def whole(low: int, high: int) -> Rule:
    """A whole number from `low` to `high`."""

    def rule(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{shown(value)} is not a whole number from {low} to {high}")
        return value

    return rule


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value


def text(longest: int = MAX_TEXT) -> Rule:
    """A text of at most so many characters."""

    def rule(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ValueError(f"{shown(value)} is not a text of at most {longest} characters")
        return value

    return rule


def pattern(expression: str, meaning: str) -> Rule:
    """A text that fits a regular expression from its beginning to its end."""

    def rule(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            raise ValueError(f"{shown(value)} is not {meaning}")
        return value

    return rule


def optional(rule: Rule) -> Rule:
    """What the rule takes, or null."""
    return lambda value: None if value is None else rule(value)


def listed(rule: Rule, most: int = MAX_ENTRIES) -> Rule:
    """A list of at most so many values that the rule takes; the result is a tuple."""

    def checked(value: Any) -> tuple:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise ValueError(f"{shown(value)} is not a list of at most {most} entries")
        return tuple(map(rule, value))

    return checked


def record(rules: Mapping[str, Rule], may_lack: frozenset[str] = frozenset()) -> Rule:
    """An object with these keys; others are left out of the result, and those that it may lack may be missing."""

    def rule(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"{shown(value)} is not an object")
        missing = sorted(rules.keys() - may_lack - value.keys())
        if missing:
            raise ValueError(f"{missing[0]} is missing")
        return {key: _entry(key, rules[key], value[key]) for key in rules if key in value}

    return rule


def _entry(key: str, rule: Rule, value: Any) -> Any:
    try:
        return rule(value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def record_of(cls: type, **own: Rule) -> Rule:
    """The values of a dataclass: each by the rule given for its name, else by its annotated type."""
    hints = get_type_hints(cls)
    rules = {field.name: own.get(field.name) or rule_of(hints[field.name]) for field in fields(cls)}
    may_lack = {f.name for f in fields(cls) if f.default is not MISSING or f.default_factory is not MISSING}
    return record(rules, frozenset(may_lack))


def rule_of(annotation: Any) -> Rule:
    """The rule of a type: float, int, bool, str, a tuple of one of them, or None beside it."""
    if get_origin(annotation) is types.UnionType:
        return optional(rule_of(next(part for part in get_args(annotation) if part is not type(None))))
    if get_origin(annotation) in (tuple, list):
        return listed(rule_of(get_args(annotation)[0]))
    limit = int(LARGEST)
    return {float: number(), int: whole(-limit, limit), bool: flag, str: text()}[annotation]


def shown(value: Any) -> str:
    """A value for an error message: short, on one line."""
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN or infinity"
    if isinstance(value, int) and abs(value) > LARGEST:
        return "so large a number"
    if isinstance(value, str) and len(value) > 60:
        return f"{ascii(value[:60])}..."
    return "null" if value is None else ascii(value)
