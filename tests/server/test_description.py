"""The description of the API, held against the answers that the examples are."""

import jsonschema_rs
import pytest

from earmark.server.description import completed, examples, files


@pytest.fixture(scope="module")
def schema(live):
    with live.stranger() as anyone:
        return anyone.get("/api/openapi.json").json()


def operations(schema):
    return {op["operationId"]: op for path in schema["paths"].values() for op in path.values()}


def answers_of(operation):
    return {code: r.get("content", {}) for code, r in operation["responses"].items() if code[0] == "2"}


def test_every_answer_in_json_has_an_example_that_fits_its_schema(schema):
    n = 0
    for operation in operations(schema).values():
        for content in answers_of(operation).values():
            reply = content.get("application/json", {})
            if reply.get("schema") and len(content) == 1:
                rooted = reply["schema"] | {"components": schema["components"]}
                jsonschema_rs.validator_for(rooted).validate(reply["example"])
                n += 1
    assert n == len(examples()) > 25


def test_a_wrong_answer_does_not_fit(schema):
    reply = operations(schema)["show_track"]["responses"]["200"]["content"]["application/json"]
    rooted = reply["schema"] | {"components": schema["components"]}
    for wrong in ({"track_id": None}, {"duration": "long"}, {"tags": []}, {"tempo": {"bpm": 100}}):
        with pytest.raises(jsonschema_rs.ValidationError):
            jsonschema_rs.validator_for(rooted).validate(reply["example"] | wrong)


def test_every_operation_names_its_answers_and_its_errors(schema):
    for name, operation in operations(schema).items():
        assert answers_of(operation), name
        errors = {code for code in operation["responses"] if code[0] == "4"}
        assert ("401" in errors) == ("x-scope" in operation), name
        if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
            assert "404" in errors, name
        for code in errors | {"default"}:
            assert list(operation["responses"][code]["content"]) == ["application/problem+json"]


def test_parameters_have_no_null_and_files_are_bytes():
    schema = {
        "paths": {
            "/x": {
                "get": {
                    "operationId": "x",
                    "parameters": [
                        {"name": "a", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
                    ],
                    "responses": {"200": files("image/png")["responses"][200], "422": {}},
                }
            }
        }
    }
    operation = completed(schema)["paths"]["/x"]["get"]
    assert operation["parameters"][0]["schema"] == {"type": "string"}
    assert operation["responses"]["200"]["content"]["image/png"]["schema"]["format"] == "binary"
    assert operation["security"] == []
