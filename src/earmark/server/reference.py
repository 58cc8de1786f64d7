"""The reference of the API as one page of HTML, made of its OpenAPI description; no script, nothing from elsewhere."""

from collections.abc import Iterator
from html import escape

from earmark.errors import EarmarkError
from earmark.server.problems import kind_of

HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>earmark: API</title>'
    '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/page.css"></head><body>'
)


def reference_page(schema: dict) -> str:
    """The whole page."""
    about = f"<h1>{escape(schema['info']['title'])} API {escape(schema['info']['version'])}</h1>"
    about += f"<p>{escape(schema['info']['description'])}</p><p><a href='/api/openapi.json'>OpenAPI 3.1</a></p>"
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )
    shapes = "".join(_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items()))
    return f"{HEAD}<main>{about}{operations}<h2>Bodies</h2>{shapes}<h2>Errors</h2>{_errors()}</main></body></html>"


def _operation(method: str, path: str, operation: dict) -> str:
    scope = operation.get("x-scope")
    who = f"scope <code>{escape(scope)}</code>" if scope else "open to anyone"
    rows = "".join(_parameter(parameter) for parameter in operation.get("parameters", ()))
    table = f"<table>{rows}</table>" if rows else ""
    text = "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n"))
    title = f"<h3 id='{escape(operation['operationId'])}'>{method.upper()} <code>{escape(path)}</code></h3>"
    return f"<section>{title}<p>{who}{_body(operation)}</p>{text}{table}</section>"


def _body(operation: dict) -> str:
    """What the body is: a link to its shape, or the file itself."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        return f", body: <a href='#{escape(name)}'>{escape(name)}</a>" if name else f", body: {escape(kind)}"
    return ""


def _parameter(parameter: dict) -> str:
    schema = parameter["schema"]
    default = f"{schema['default']!r}" if schema.get("default") not in (None, "") else ""
    return _row(parameter["name"], parameter["in"], _kind(schema), default, parameter.get("description", ""))


def _row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"


def _shape(name: str, shape: dict) -> str:
    fields = shape.get("properties", {}).items()
    rows = "".join(_row(field, _kind(values), values.get("description", "")) for field, values in fields)
    about = f"<h3 id='{escape(name)}'>{escape(name)}</h3><p>{escape(shape.get('description', ''))}</p>"
    return f"{about}<table>{rows}</table>"


def _kind(schema: dict) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"] if part.get("type") != "null")
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return (
        f"list of {_kind(schema['items'])}"
        if "items" in schema
        else str(schema.get("const", schema.get("type", "any")))
    )


def _errors() -> str:
    """Every kind of error with its status; the ``type`` of a problem leads here."""
    kinds = sorted({kind for kind in _kinds(EarmarkError)}, key=lambda kind: kind.__name__)
    rows = "".join(
        f"<tr id='{kind_of(kind('', '', ''))}'><td>{kind_of(kind('', '', ''))}</td><td>{kind.http_status}</td>"
        f"<td>{escape((kind.__doc__ or '').splitlines()[0])}</td></tr>"
        for kind in kinds
    )
    return f"<table>{rows}</table><p>Others are called by the phrase of their status.</p>"


def _kinds(kind: type[EarmarkError]) -> Iterator[type[EarmarkError]]:
    if kind.__module__ == EarmarkError.__module__:
        yield kind
        for below in kind.__subclasses__():
            yield from _kinds(below)
