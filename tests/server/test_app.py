import json
from pathlib import Path

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_description_is_the_one_that_was_reviewed(live):
    """`python docs/openapi.py` writes it anew."""
    with live.stranger() as anyone:
        assert anyone.get("/api/openapi.json").json() == json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def test_every_operation_is_described(live):
    with live.stranger() as anyone:
        schema = anyone.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert all(operation["description"] and operation["operationId"] for operation in operations)
    assert all("application/problem+json" in operation["responses"]["default"]["content"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_files_of_the_page_are_packed_on_the_way_and_asked_for_once(live):
    with live.stranger() as anyone:
        packed = anyone.get("/static/js/parts.js")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        plain = anyone.get("/static/js/parts.js", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert plain.text == packed.text
        known = anyone.get("/static/js/parts.js", headers={"If-None-Match": packed.headers["ETag"]})
        assert known.status_code == 304
