import json

import pytest

from earmark.errors import CatalogueBusy, NotFound
from earmark.server.problems import Refused, kind_of, problem_response

KEYS = {"type", "title", "status", "detail", "source", "remedy", "instance"}


def test_an_error_is_told_with_its_status_and_remedy():
    response = problem_response(NotFound("x", "no such thing", "Look."), "/api/v1/x")
    assert response.status_code == 404
    assert response.media_type == "application/problem+json"
    assert json.loads(response.body) == {
        "type": "/api#not-found", "title": "Not Found", "status": 404, "detail": "no such thing", "source": "x",
        "remedy": "Look.", "instance": "/api/v1/x",
    }  # fmt: skip


def test_a_refusal_is_called_by_its_status_and_keeps_its_headers():
    refused = Refused(429, "x", "too much", "Wait.", {"Retry-After": "1"})
    assert kind_of(refused) == "too-many-requests"
    assert problem_response(refused).headers["retry-after"] == "1"
    assert kind_of(CatalogueBusy("", "", "")) == "catalogue-busy"


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/api/v1/nothing", None, 404),
        ("GET", "/nothing", None, 404),
        ("GET", "/static/nothing.css", None, 404),
        ("GET", "/static/../app.py", None, 404),
        ("POST", "/api/v1/tracks", b"{}", 405),
        ("PUT", "/api", b"", 405),
        ("POST", "/api/v1/similar", b"{bad", 422),
        ("POST", "/api/v1/similar", b"[" * 100_000, 400),
        ("POST", "/api/v1/similar", b"\xff\xfe", 422),
        ("POST", "/api/v1/similar", b'{"seeds": []}', 422),
        ("POST", "/api/v1/similar", b"x" * (2**20 + 1), 413),
        ("GET", "/api/v1/tracks?limit=0", None, 422),
        ("GET", "/api/v1/tracks?limit=99999999999999999999", None, 422),
        ("GET", "/api/v1/tracks?where=nonsense", None, 400),
        ("GET", "/api/v1/tracks?filter=1", None, 400),
        ("GET", "/api/v1/tracks?sort=nonsense", None, 400),
        ("GET", "/api/v1/tracks/0123456789abcdef0123", None, 404),
        ("GET", "/api/v1/tracks/..%2f..%2fetc%2fpasswd", None, 404),
        ("GET", "/api/v1/tracks/%00/audio", None, 422),
        ("GET", "/api/v1/jobs/0123456789abcdef/result", None, 404),
        ("GET", "/api/v1/tracks?q=" + "x" * 20_000, None, 414),
    ],
)
def test_every_error_has_the_one_shape(client, method, path, content, status):
    answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) - {"errors"} == KEYS
    assert answer.json()["status"] == status
    assert answer.json()["remedy"]


def test_a_wrong_body_is_told_where(client):
    body = {"seeds": [{"track": "0" * 20, "surprise": 1}], "admin": True}
    answer = client.post("/api/v1/similar", json=body).json()
    assert {error["pointer"] for error in answer["errors"]} == {"#/body/seeds/0/surprise", "#/body/admin"}


def test_what_an_address_can_do_is_told_where_it_cannot_do_more(client):
    for path, allowed in {"/api/v1/keys": "GET, POST", "/api/v1/jobs/" + "0" * 16: "DELETE, GET, PATCH"}.items():
        answer = client.put(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(("path", "allowed"), [("webhooks/0123abcd:rotate", "POST"), ("playlists/x:refresh", "POST")])
def test_a_verb_of_an_address_has_methods_of_its_own(client, path, allowed):
    answer = client.patch(f"/api/v1/{path}", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
