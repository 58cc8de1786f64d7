"""Decoded JSON -> Filter."""

import json
from collections.abc import Mapping

from earmark.catalogue.filters.checking import MAX_DEPTH, MAX_ENTRIES, Normalise, Raw, Reader, given
from earmark.catalogue.filters.expression import FUNCTIONS, GROUPS, Filter, Kind, Not, joined
from earmark.catalogue.filters.writing import FORMS, filter_to_json
from earmark.errors import QueryError

ALL_OPS = [*FORMS, "is_null"]
SHAPE = 'Write {"field": ..., "op": ..., "value": ...}, {"and": [...]}, {"or": [...]} or {"not": ...}.'


def filter_from_json(value: object, fields: Mapping[str, Kind], normalise: Normalise | None = None) -> Filter:
    """The filter that decoded JSON means (its shape stands in the package's docstring); parameters as `parse_filter`.

    Raises
    ------
    QueryError : anything is not understood; its source is the place as a JSON pointer, such as ``#/and/0/value``

    Examples
    --------
    >>> filter_from_json({"field": "tags", "op": "has", "value": "piano"}, {"tags": "list"})
    Has(field='tags', value='piano')
    """
    return _JsonReader(fields, normalise).read(value)


class _JsonReader(Reader):
    """Reads the decoded JSON of a filter; places are JSON pointers."""

    def error(self, at: str, problem: str, remedy: str) -> QueryError:
        """The error at a pointer."""
        return QueryError(at, problem, remedy)

    def shown(self, part: Filter) -> str:
        """A filter as JSON."""
        return json.dumps(filter_to_json(part))

    def read(self, value: object) -> Filter:
        """The filter."""
        return self.shallow(self.filter(value, "#", 1), "#")

    def filter(self, node: object, at: str, depth: int) -> Filter:
        """The filter of one object."""
        if depth > MAX_DEPTH:
            raise self.too_deep(at)
        if not isinstance(node, dict):
            raise self.error(at, f"{given(node)} is not a filter", SHAPE)
        key = next((key for key in ("and", "or", "not") if key in node), None)
        if key is None:
            return self.leaf(node, at)
        self.check_keys(node, {key}, at)
        if key == "not":
            return Not(self.filter(node[key], f"{at}/not", depth + 1))
        parts = self.listed(node[key], f"{at}/{key}")
        return joined(GROUPS[key], [self.filter(part.value, part.at, depth + 1) for part in parts])

    def leaf(self, node: dict, at: str) -> Filter:
        """One condition."""
        op = self.choice(node, "op", ALL_OPS, at)
        self.check_keys(node, {"field", "op"} | ({"function", "value"} if op != "is_null" else set()), at)
        if not isinstance(name := node.get("field"), str):
            raise self.error(at, "names no field", SHAPE)
        function = self.choice(node, "function", list(FUNCTIONS), at) if "function" in node else None
        return self.condition(op, self.field(name, f"{at}/field"), function, self.values(op, node, at), at)

    def values(self, op: str, node: dict, at: str) -> list[Raw]:
        """The values of a condition, as many as its operation takes."""
        if op == "is_null":
            return []
        if "value" not in node:
            raise self.error(at, "has no value", SHAPE)
        if op not in ("in", "between"):
            return [Raw(node["value"], f"{at}/value")]
        values = self.listed(node["value"], f"{at}/value")
        if op == "between" and len(values) != 2:
            raise self.error(f"{at}/value", "not two values", "Give the lowest and the highest: [100, 120].")
        return values

    def choice(self, node: dict, key: str, known: list[str], at: str) -> str:
        """The word under a key, one of those known."""
        word = node.get(key)
        if isinstance(word, str) and word in known:
            return word
        problem = f"{given(word)} is not understood" if key in node else f"has no {key}"
        raise self.error(f"{at}/{key}" if key in node else at, problem, f"There are: {', '.join(known)}.")

    def listed(self, value: object, at: str) -> list[Raw]:
        """The entries of a list, which is not empty."""
        if not isinstance(value, list | tuple) or not value:
            raise self.error(at, "not a list with entries", 'Write one such as ["jazz", "rock"].')
        if len(value) > MAX_ENTRIES:
            raise self.error(at, f"a list of more than {MAX_ENTRIES} entries", "Ask in several steps.")
        return [Raw(entry, f"{at}/{number}") for number, entry in enumerate(value)]

    def check_keys(self, node: dict, allowed: set[str], at: str) -> None:
        """No key is there that would be ignored."""
        if extra := [key for key in node if key not in allowed]:
            remedy = f"Beside each other there may be: {', '.join(sorted(allowed))}."
            raise self.error(at, f"{given(extra[0])} has no meaning here", remedy)
