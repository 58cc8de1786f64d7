"""What every request passes: tried on a live server, route by route from its own description."""

import re

import pytest

from earmark.server.guard import CSP, HEADERS
from earmark.server.keys import SCOPES

VALUES = {"track_id": "0" * 20, "job_id": "0" * 16, "key_id": "0" * 8, "webhook_id": "0" * 8}
VALUES |= {"tag": "x", "playlist_id": "0" * 12, "plan_id": "0" * 12, "server_id": "0" * 12}


@pytest.fixture(scope="module")
def operations(live):
    """(method, path, scope) of every operation of the API."""
    with live.stranger() as anyone:
        schema = anyone.get("/api/openapi.json").json()
    return [
        (method, re.sub(r"{(\w+)}", lambda found: VALUES[found[1]], path), operation.get("x-scope"))
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_without_a_key_nothing_is_told(live, operations):
    assert len(operations) > 30
    with live.stranger() as anyone:
        for method, path, scope in operations:
            answer = anyone.request(method, path)
            assert answer.status_code == (401 if scope else 200), (method, path)
            assert not scope or answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer em_00000000_" + "A" * 43, "Basic YTpi", "Bearer null", "bearer " + "x" * 5000],
)
def test_what_is_no_key_opens_nothing(live, given):
    with live.stranger(headers={"Authorization": given}) as anyone:
        assert anyone.get("/api/v1/catalogue").status_code == 401


def test_a_key_in_the_address_is_none(live):
    _, key = live.keys.create("test", ("read",))
    with live.stranger() as anyone:
        assert anyone.get("/api/v1/catalogue", params={"key": key, "token": key, "api_key": key}).status_code == 401


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_what_its_scope_names_and_nothing_else(live, operations, scope):
    with live.client(scope) as holder:
        for method, path, needed in operations:
            if needed and not path.endswith("/session"):
                answer = holder.request(method, path)
                allowed = scope in (needed, "admin")
                assert (answer.status_code != 403) == allowed, (method, path, answer.text)


def test_a_revoked_key_opens_nothing_from_then_on(live):
    key, text = live.keys.create("test", ("read",))
    with live.stranger(headers={"Authorization": f"Bearer {text}"}) as holder:
        assert holder.get("/api/v1/catalogue").status_code == 200
        live.keys.revoke(key.id)
        assert holder.get("/api/v1/catalogue").status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8340", 200), ("127.0.0.1", 200), ("[::1]:8340", 200), ("192.168.1.5:8340", 200),
        ("evil.example", 400), ("evil.example:8340", 400), ("127.0.0.1.evil.example", 400), ("localhost.evil", 400),
        ("127.0.0.1@evil.example", 400), ("", 400), ("a b", 400), ("music.example.org", 400),
    ],
)  # fmt: skip
def test_a_name_that_was_pointed_at_us_is_refused(live, host, status):
    with live.stranger(headers={"Host": host}) as anyone:
        assert anyone.get("/api/v1/health").status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Origin": "SELF"}, 404),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_pages_of_other_sites_change_nothing(live, client, headers, status):
    headers = {name: live.base if value == "SELF" else value for name, value in headers.items()}
    answer = client.patch(f"/api/v1/tracks/{'0' * 20}/corrections", json={"tempo": 100}, headers=headers)
    assert answer.status_code == status


def test_pages_of_other_sites_load_nothing_either(client):
    assert client.get("/api/v1/catalogue", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/api", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200  # a link to a page


@pytest.mark.parametrize("path", ["/", "/api", "/nothing", "/api/v1/catalogue", "/static/page.css", "/api/v1/health"])
def test_every_answer_has_the_headers(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert "unsafe" not in CSP


def test_a_body_that_hides_its_length_is_bounded_too(client):
    def pieces():
        for _ in range(40):
            yield b" " * 2**16

    answer = client.post("/api/v1/similar", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
