"""What the framework does not know of the API when it describes it: keys, errors, files, and examples.

The examples are answers that were really given, about the catalogue of the demo: ``docs/openapi_examples.py`` asks
for them and keeps them beside this module.
"""

import json
from functools import cache
from pathlib import Path

from earmark.server import problems
from earmark.server.answers import OCTETS
from earmark.server.replies import Problem

EXAMPLES = Path(__file__).with_name("examples.json")
METHODS = ("get", "put", "post", "patch", "delete")
REFERENCE = {"$ref": "#/components/schemas/Problem"}
OPERATIONS = ("eq", "ne", "lt", "lte", "gt", "gte", "between", "in", "like", "ilike", "has", "is_null")
FILTER = {"$ref": "#/components/schemas/Filter"}
CONDITION = {
    "field": {"type": "string", "format": "earmark-field"},
    "op": {"enum": list(OPERATIONS)},
    "value": {"description": "One value, or a list of them for `in` and `between`."},
    "function": {"enum": ["lower", "upper"]},
}


def _object(properties: dict, *required: str) -> dict:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


MANY = {"type": "array", "items": FILTER, "minItems": 1}
FILTERS = {
    "description": "Which tracks: a condition, or conditions that are joined; see docs/catalogue.md.",
    "oneOf": [
        _object(CONDITION, "field", "op"),
        _object({"and": MANY}, "and"),
        _object({"or": MANY}, "or"),
        _object({"not": FILTER}, "not"),
    ],
}
"""Filters as JSON, as `earmark.catalogue.filters` reads them."""
ERRORS = {
    "400": "The question cannot be answered: no such field, a cursor of another list ...",
    "401": "No key, or one that does not hold.",
    "403": "The key does not have the scope.",
    "404": "There is no such thing.",
    "422": "A part of the request is not of the kind that it should be; `errors` names each.",
    "429": "Too much at once; `Retry-After` says when to ask again.",
}


def files(*kinds: str, status: int = 200) -> dict:
    """Arguments of a route whose answer is a file of one of these media types."""
    return {"responses": {status: {"content": {kind: {"schema": _content_of(kind)} for kind in kinds}}}}


def file_body(arguments: dict, **others: dict) -> dict:
    """The arguments of a route whose body is a file, which the framework would read into memory; others : more kinds.

    Examples
    --------
    >>> file_body({"openapi_extra": {}})["openapi_extra"]["requestBody"]["required"]
    True
    """
    content = {OCTETS: {"schema": {"type": "string", "format": "binary", "minLength": 1}}} | others
    body = {"requestBody": {"required": True, "content": content}}
    return arguments | {"openapi_extra": arguments["openapi_extra"] | body}


def _content_of(kind: str) -> dict:
    """Bytes; a file that is JSON may be any, since formats of other programs are not described here."""
    return {} if kind.endswith("json") else {"type": "string", "format": "binary"}


def completed(schema: dict) -> dict:
    """The description with keys, every error in its one shape, and examples; changes and returns `schema`."""
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    parts["schemas"]["Filter"] = FILTERS
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path in schema["paths"].values():
        for operation in (path[method] for method in METHODS if method in path):
            _complete(operation)
    return schema


def _complete(operation: dict) -> None:
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _without_null(parameter["schema"])
    responses = operation["responses"]
    responses.pop("422", None)
    asked = {"200", "201", "202"} & set(responses)
    example = examples().get(operation["operationId"])
    if example is not None:
        content = responses[min(asked)]["content"]
        content["application/json"]["example"] = example
    for status in _statuses(operation):
        responses.setdefault(status, _error(ERRORS[status]))
    responses["default"] = _error("Any other error")
    operation["security"] = [{"key": []}] if "x-scope" in operation else []


def _without_null(schema: dict) -> dict:
    """A parameter is left out where it is nothing; in an address there is no null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return rest | kinds[0] if len(kinds) == 1 else schema


def _statuses(operation: dict) -> list[str]:
    """Those with which an operation may fail in a way that is its own."""
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    asked = bool(places) or "requestBody" in operation
    found = [*(["401", "403", "429"] if "x-scope" in operation else []), *(["404"] if "path" in places else [])]
    return sorted(found + (["400", "422"] if asked else []))


def _error(text: str) -> dict:
    return {"description": text, "content": {problems.MEDIA_TYPE: {"schema": REFERENCE}}}


@cache
def examples() -> dict[str, object]:
    """Operation -> an answer that was given."""
    return json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.is_file() else {}
