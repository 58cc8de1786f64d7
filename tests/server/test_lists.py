import pytest


@pytest.fixture
def named(live_copy, ids):
    """A client of a server with seven playlists."""
    with live_copy().client() as client:
        for i in range(7):
            client.post("/api/v1/playlists", json={"name": f"List {i}", "tracks": [ids["Low"]]}).raise_for_status()
        yield client


def walked(client, path, **params):
    """All entries of a list, and how many pages they came in."""
    found, pages, cursor = [], 0, None
    while pages == 0 or cursor:
        answer = client.get(path, params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        cursor, pages = answer.json()["next"], pages + 1
        assert ("link" in answer.headers) == (cursor is not None)
        found += answer.json()["items"]
    return found, pages


def test_the_pages_are_the_whole_list(named):
    whole = named.get("/api/v1/playlists").json()
    assert whole["next"] is None
    assert walked(named, "/api/v1/playlists", limit=3) == (whole["items"], 3)
    assert walked(named, "/api/v1/playlists", limit=7) == (whole["items"], 1)


def test_what_comes_and_goes_between_two_pages_repeats_and_skips_nothing(named, ids):
    first = named.get("/api/v1/playlists", params={"limit": 3}).json()
    named.delete(f"/api/v1/playlists/{first['items'][0]['id']}")
    named.post("/api/v1/playlists", json={"name": "A list before all", "tracks": [ids["Low"]]})
    rest, _ = walked(named, "/api/v1/playlists", limit=2, cursor=first["next"])
    assert [item["name"] for item in rest] == [f"List {i}" for i in range(3, 7)]


def test_the_link_leads_to_the_next_page(named):
    first = named.get("/api/v1/playlists", params={"limit": 3})
    link = first.headers["link"]
    assert link.endswith('>; rel="next"')
    items = named.get(link[1:].split(">")[0]).json()["items"]
    assert [item["name"] for item in items] == [f"List {i}" for i in (3, 4, 5)]


def test_a_cursor_belongs_to_its_list(named):
    cursor = named.get("/api/v1/playlists", params={"limit": 3}).json()["next"]
    assert named.get("/api/v1/failures", params={"cursor": cursor}).status_code == 400
    assert named.get("/api/v1/playlists", params={"cursor": cursor[:-2] + "AA"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["duplicates", "failures", "jobs", "keys", "lessons", "playlists", "warnings", "webhooks"]
)
def test_every_list_comes_in_pages(client, path):
    answer = client.get(f"/api/v1/{path}", params={"limit": 1})
    assert answer.status_code == 200
    assert set(answer.json()) == {"items", "next"}
    assert client.get(f"/api/v1/{path}", params={"limit": 0}).status_code == 422
    assert "etag" in answer.headers
