import pytest

from earmark import __version__


def test_what_anyone_may_know_says_nothing_private(live, prepared):
    with live.stranger() as anyone:
        assert anyone.get("/api/v1/health").json() == {"status": "ok"}
        found = anyone.get("/api/v1").json()
    assert found["links"]["tracks"] == "/api/v1/tracks"
    assert str(prepared) not in str(found)
    assert __version__ not in str(found)


def test_the_catalogue_as_a_whole(client, prepared):
    found = client.get("/api/v1/catalogue").json()
    assert found["tracks"] == 5
    assert found["hours"] == 0.0
    assert found["model"]["id"] == "tiny"
    assert found["roots"] == [str(prepared / "music")]
    assert found["fields"]["tempo"] == "number"
    assert client.get("/api/v1/version").json() == {"earmark": __version__}


def test_facets_count(client):
    found = client.get("/api/v1/catalogue", params={"facets": "artist,duration", "where": "title <> 'Low'"}).json()
    assert found["facets"]["artist"] == {"missing": 0, "values": [{"value": "Sines", "count": 4}]}
    assert sum(found["facets"]["duration"]["counts"]) == 4
    answer = client.get("/api/v1/catalogue", params={"facets": "artists"})
    assert answer.status_code == 400
    assert "artist" in answer.json()["remedy"]


def test_tags_of_the_model(client):
    groups = client.get("/api/v1/tags").json()["groups"]
    assert {group["group"]: [tag["tag"] for tag in group["tags"]] for group in groups} == {
        "genre": ["jazz", "rock", "pop"], "mood": ["sad", "happy"],
    }  # fmt: skip
    assert groups[1]["tags"][0]["threshold"] == 0.5


def test_models_at_hand(client):
    (bundled,) = [model for model in client.get("/api/v1/models").json()["items"] if model["name"] == "default"]
    assert bundled["id"]
    assert bundled["licence"]
    assert sum(bundled["tags"].values()) > 10


@pytest.mark.parametrize("path", ["failures", "warnings"])
def test_nothing_went_wrong(client, path):
    assert client.get(f"/api/v1/{path}").json() == {"items": [], "next": None}


def test_before_the_first_scan_it_is_said_what_to_do(tmp_path):
    from live_server import LiveServer

    server = LiveServer(tmp_path / "new")
    with server.client() as client:
        answer = client.get("/api/v1/tracks")
        assert answer.status_code == 409
        assert "earmark scan" in answer.json()["remedy"]
        assert client.get("/api/v1/jobs").json() == {"items": [], "next": None}
    server.kill()
