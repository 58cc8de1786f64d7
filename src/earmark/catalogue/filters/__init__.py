r"""Filters: which tracks are meant. Both the text of `--where` and the JSON of the API are read into one `Filter`.

Text (the grammar is grammar.lark; words such as AND may be written small, names of fields in any case):

    genre = 'jazz'   year >= 1980   tempo BETWEEN 100 AND 120   title LIKE 'Blue%'   title ILIKE '%train%'
    key IN ('A minor', 'C major')   year IS NULL   tags HAS 'piano'   analysed_at > '2026-01-31'
    incomplete = true   warnings IS NOT NULL
    NOT, AND, OR (in this order), parentheses; NOT also before BETWEEN, IN, LIKE, ILIKE, HAS and NULL

Comparisons are = == != <> < <= > >=. Text stands in single or double quotes, which are doubled inside. Also understood:
`array_has(tags, 'piano')`, `'piano' IN tags`, `lower(title) = 'x'`, `upper(...)`, `100 < tempo`, `DATE '2026-01-31'`.

JSON, the same conditions:

    {"and": [FILTER, ...]}   {"or": [FILTER, ...]}   {"not": FILTER}
    {"field": "tempo", "op": "between", "value": [100, 120]}     in: a list of values; is_null: no "value"
    {"field": "title", "op": "eq", "value": "x", "function": "lower"}    eq ne lt lte gt gte like ilike has

Values are of the field's kind: text, a finite number, true or false, a time (ISO 8601 in whole seconds, UTC where it
names no zone; a date is its midnight) or, for lists, the text of one entry. In LIKE, ``%`` is any text, ``_`` one
character, a backslash takes the next character as it is. A field without a value fits neither a condition nor its NOT,
as in SQL; ask for it by IS NULL. Numbers are compared in single precision, as they are stored. What is not understood
is a QueryError.
"""

from earmark.catalogue.filters.checking import Normalise, nearest_fields
from earmark.catalogue.filters.expression import (
    And,
    Between,
    Compare,
    Filter,
    Has,
    IsNull,
    Kind,
    Like,
    Not,
    OneOf,
    Or,
    Value,
    both,
)
from earmark.catalogue.filters.from_json import filter_from_json
from earmark.catalogue.filters.from_text import parse_filter
from earmark.catalogue.filters.writing import filter_to_json, filter_to_text, to_sql

__all__ = [
    "And",
    "Between",
    "Compare",
    "Filter",
    "Has",
    "IsNull",
    "Kind",
    "Like",
    "Normalise",
    "Not",
    "OneOf",
    "Or",
    "Value",
    "both",
    "filter_from_json",
    "filter_to_json",
    "filter_to_text",
    "nearest_fields",
    "parse_filter",
    "to_sql",
]
