"""Keys in the catalogue: its column holds ``Eb major``, before version 4 ``D# major``, which stays until a scan."""

from earmark.catalogue.filters import And, Compare, Filter, Not, OneOf, Or, Value
from earmark.descriptors.key.names import key_name
from earmark.descriptors.key.spelling import parse_key, spell, spell_with_sharps

COLUMN = "key"
FORMER = {spell_with_sharps(*key_name(number)): spell(*key_name(number)) for number in range(24)}
"""Former spelling -> present one, of every key."""


def stored_value(column: str, value: Value) -> Value:
    """A value of a filter as the column holds it: ``es-Moll`` as ``Eb minor``. Raises QueryError for no key."""
    return spell(*parse_key(value)) if column == COLUMN and isinstance(value, str) else value


def either_spelling(part: Filter) -> Filter:
    """The filter with every key asked for in the present and in the former spelling."""
    match part:
        case And(parts) | Or(parts):
            return type(part)(tuple(map(either_spelling, parts)))
        case Not(inner):
            return Not(either_spelling(inner))
        case Compare(column, "eq" | "ne" as op, value, None) if column == COLUMN:
            found = OneOf(COLUMN, _spellings(value))
            return found if op == "eq" else Not(found)
        case OneOf(column, values, None) if column == COLUMN:
            return OneOf(COLUMN, tuple(dict.fromkeys(name for value in values for name in _spellings(value))))
    return part


def _spellings(name: str) -> tuple[str, ...]:
    """The present and the former spelling, once where they are the same."""
    key = parse_key(name)
    return tuple(dict.fromkeys((spell(*key), spell_with_sharps(*key))))
