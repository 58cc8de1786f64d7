"""A filter as a smart playlist of Navidrome (``.nsp``), which that server keeps current by itself.

It sees the tags of the files, as the profile ``navidrome`` of `earmark tags` writes them. A condition on anything else
has no rule there and is refused by name.
Source: navidrome.org/docs/usage/smart-playlists.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from earmark.catalogue.filters import Filter
from earmark.catalogue.filters.expression import And, Between, Compare, Has, IsNull, Like, Not, OneOf, Or
from earmark.descriptors.key.spelling import parse_key, spell
from earmark.errors import FileError, QueryError
from earmark.files import whole_file
from earmark.interop.values import written
from earmark.tagger.tagset import Tagset

FIELDS = {
    "title": "title", "artist": "artist", "album": "album", "year": "year", "duration": "duration", "tempo": "bpm",
    "file_genre": "genre", "genre": "genre", "mood": "mood", "style": "grouping", "key": "key",
}  # fmt: skip
"""Column -> field of the server."""
TAGS = {"genre": "genre", "mood": "mood", "style": "grouping"}
"""Group of tags -> field that the profile writes its sure tags into."""
WHOLE = {"year", "bpm"}  # fields of whole numbers there
OPERATORS = {"eq": "is", "ne": "isNot", "lt": "lt", "gt": "gt"}
OPPOSITE = {"is": "isNot", "isNot": "is", "contains": "notContains", "notContains": "contains"}
REMEDY = "Make a playlist of the catalogue in its place: `earmark playlist make`."


def write_smart(
    path: str | os.PathLike,
    where: Filter | None,
    tagset: Tagset,
    name: str = "",
    sort: str = "random",
    limit: int = 100,
) -> None:
    """Write a smart playlist.

    Parameters
    ----------
    tagset : of the catalogue's model, which tells the group of a tag
    sort : a field of the server, or ``random``
    limit : tracks at most

    Raises
    ------
    QueryError : a condition that the server has no rule for
    FileError : it cannot be written
    """
    if where is None:
        raise QueryError("the smart playlist", "has no filter", "Give one, such as tempo < 90.")
    rules = smart_rules(where, tagset)
    group = rules if set(rules) & {"all", "any"} else {"all": [rules]}
    found = {"name": name or Path(path).stem, **group, "sort": sort, "limit": limit}
    text = json.dumps(found, ensure_ascii=False, indent=1)
    try:
        with whole_file(path) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error


def smart_rules(part: Filter, tagset: Tagset) -> dict:
    """A filter as rules of the server: ``{"all": [...]}``, ``{"any": [...]}`` or one rule. Raises QueryError."""
    match part:
        case And(parts):
            return {"all": [smart_rules(inner, tagset) for inner in parts]}
        case Or(parts):
            return {"any": [smart_rules(inner, tagset) for inner in parts]}
        case Not(inner):
            return _opposite(smart_rules(inner, tagset), inner)
        case Has("tags", tag):
            return {"any": found} if len(found := list(_of_tag(tag, tagset))) > 1 else found[0]
        case OneOf(field, values):
            return {"any": [smart_rules(Compare(field, "eq", value), tagset) for value in values]}
        case Between(field, low, high):
            return {"inTheRange": {_field(field): [_value(field, low), _value(field, high)]}}
        case Compare(field, op, value):
            return _compared(field, op, value)
        case Like(field, pattern):
            return _like(field, pattern)
        case IsNull(field):
            raise QueryError(field, "Navidrome has no rule for a field without a value", REMEDY)
    raise QueryError(getattr(part, "field", part), "Navidrome has no rule for this", REMEDY)


def _field(column: str) -> str:
    if column not in FIELDS:
        there = f"It sees the tags of files: {', '.join(sorted(FIELDS))}, tags of {', '.join(TAGS)}."
        raise QueryError(column, "Navidrome does not know this field", f"{there} {REMEDY}")
    return FIELDS[column]


def _value(column: str, value: object) -> object:
    if column == "key":
        tonic, mode = spell(*parse_key(str(value))).split()
        return f"{tonic}{'m' if mode == 'minor' else ''}"
    if column in TAGS:
        return written(str(value))
    return round(value) if FIELDS[column] in WHOLE and isinstance(value, float) else value


def _compared(column: str, op: str, value: object) -> dict:
    field, found = _field(column), _value(column, value)
    if op in OPERATORS:
        return {OPERATORS[op]: {field: found}}
    if field in WHOLE and isinstance(found, int):  # there is no "at most": of whole numbers it is the next "less"
        return {"lt": {field: found + 1}} if op == "lte" else {"gt": {field: found - 1}}
    return {"any": [{"lt" if op == "lte" else "gt": {field: found}}, {"is": {field: found}}]}


def _like(column: str, pattern: str) -> dict:
    """``%x%``, ``x%`` and ``%x``; other patterns have no rule."""
    field, words = _field(column), pattern.strip("%")
    if re.search(r"[%_\\]", words) or not words:
        raise QueryError(pattern, "Navidrome has no rule for this pattern", "Write it as '%x%', 'x%' or '%x'.")
    kinds = {(True, True): "contains", (False, True): "startsWith", (True, False): "endsWith", (False, False): "is"}
    return {kinds[pattern.startswith("%"), pattern.endswith("%")]: {field: words}}


def _of_tag(tag: str, tagset: Tagset) -> Iterator[dict]:
    """A rule for each field that a tag of this name is written into."""
    groups = [group.name for group in tagset.groups if tag in group.tags and group.name in TAGS]
    if not groups:
        raise QueryError(tag, "no tag that is written into files", f"Written are {', '.join(TAGS)}. {REMEDY}")
    yield from ({"contains": {TAGS[group]: written(tag)}} for group in groups)


def _opposite(rule: dict, part: Filter) -> dict:
    (operator, inner), *more = rule.items()
    if operator in ("all", "any") and not more:
        turned = [_opposite(each, part) for each in inner]
        return {"any" if operator == "all" else "all": turned}
    if operator not in OPPOSITE:
        raise QueryError(part, "Navidrome has no rule for NOT of this", REMEDY)
    return {OPPOSITE[operator]: inner}
