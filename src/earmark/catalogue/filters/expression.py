"""The filter as an expression: which tracks are meant, however it was asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["text", "number", "time", "flag", "list"]
Op = Literal["eq", "ne", "lt", "lte", "gt", "gte"]
Function = Literal["lower", "upper"]
Value = str | int | float | bool | datetime


@dataclass(frozen=True, slots=True)
class Compare:
    """A field, or a function of it, beside one value."""

    field: str
    op: Op
    value: Value
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A field that lies between two values, both included."""

    field: str
    low: Value
    high: Value
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field that equals one of the values (IN)."""

    field: str
    values: tuple[Value, ...]
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class Like:
    """A text that fits a pattern; with `any_case` large and small letters are the same (ILIKE)."""

    field: str
    pattern: str
    any_case: bool = False
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class IsNull:
    """A field without a value."""

    field: str


@dataclass(frozen=True, slots=True)
class Has:
    """A list that contains the value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; at least two of them, none an And itself."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A part holds; at least two of them, none an Or itself."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold (and has a value to say so)."""

    part: "Filter"


Filter = Compare | Between | OneOf | Like | IsNull | Has | And | Or | Not

SYMBOLS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
FUNCTIONS = {"lower": str.lower, "upper": str.upper}
GROUPS = {"and": And, "or": Or}


def both(a: Filter | None, b: Filter | None) -> Filter | None:
    """The tracks that fit `a` and `b`; None fits every track."""
    parts = [part for part in (a, b) if part is not None]
    return joined(And, parts) if parts else None


def joined(group: type[And] | type[Or], parts: list[Filter]) -> Filter:
    """One group of all parts: groups of the same kind are opened, a single part needs none."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, group) else (part,))]
    return group(tuple(flat)) if len(flat) > 1 else flat[0]


def depth(part: Filter) -> int:
    """Levels of AND, OR, NOT and conditions."""
    inner = part.parts if isinstance(part, And | Or) else (part.part,) if isinstance(part, Not) else ()
    return 1 + max(map(depth, inner), default=0)


def utc(moment: datetime) -> datetime:
    """A moment in UTC; without a zone it is meant as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
