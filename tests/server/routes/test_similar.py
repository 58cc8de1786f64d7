import pytest

from earmark.library import Catalogue
from live_server import finished
from sounds import tune, write_sound


def titles(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [track["title"] for track in answer.json()["items"]]


def test_one_track_is_answered_as_by_the_command_line(client, ids, prepared):
    hits = Catalogue(prepared / "catalogue").similar("Low", 3, versions=True)
    expected = [(hit.track.title, round(hit.similarity, 4)) for hit in hits]
    found = client.get(f"/api/v1/tracks/{ids['Low']}/similar", params={"limit": 3, "versions": True}).json()["items"]
    assert [(track["title"], track["similarity"]) for track in found] == expected


def test_several_seeds_and_one_that_it_shall_not_be_like(client, ids):
    wanted = {"seeds": [{"track": ids["Low"]}, {"track": ids["Top"], "weight": -1}], "versions": True}
    found = client.post("/api/v1/similar", json=wanted).json()["items"]
    assert {track["title"] for track in found} == {"Middle", "Higher", "High"}
    scores = [track["similarity"] for track in found]
    assert scores == sorted(scores, reverse=True)


def test_a_filter_holds_before_the_ranking(client, ids):
    tree = {"field": "title", "op": "in", "value": ["Top", "High"]}
    wanted = {"seeds": [{"track": ids["Low"]}], "filter": tree, "limit": 1, "versions": True}
    assert len(titles(client.post("/api/v1/similar", json=wanted))) == 1


@pytest.mark.parametrize(
    ("seeds", "status"),
    [
        ([{"track": "0" * 20}], 404),
        ([{"track": "LOW", "weight": -1}], 400),
        ([{"track": "LOW", "weight": 0}], 400),
        ([{"track": "LOW"}, {"track": "LOW", "weight": -1}], 400),
        ([{"analysis": "0" * 16}], 404),
    ],
)
def test_seeds_that_lead_nowhere(client, ids, seeds, status):
    seeds = [seed | ({"track": ids["Low"]} if seed.get("track") == "LOW" else {}) for seed in seeds]
    assert client.post("/api/v1/similar", json={"seeds": seeds}).status_code == status


def test_duplicates(client, prepared):
    expected = [group.to_dict() for group in Catalogue(prepared / "catalogue").duplicates()]
    assert client.get("/api/v1/duplicates").json()["items"] == expected


def test_parts_are_weighted_and_explained(client, ids):
    wanted = {"seeds": [{"track": ids["Low"], "start": 0.2, "end": 1.2}], "weights": {"sound": 1, "rhythm": 0.5}}
    found = client.post("/api/v1/similar", json=wanted | {"explain": True, "limit": 2}).json()["items"]
    assert found
    assert all({"sound", "rhythm"} <= hit["parts"].keys() and 0 <= hit["score"] <= 1 for hit in found)
    assert client.post("/api/v1/similar", json=wanted | {"weights": {"taste": 1}}).status_code == 422
    assert client.post("/api/v1/similar", json=wanted | {"weights": {}}).status_code == 400
    late = {"seeds": [{"track": ids["Low"], "start": 9000}]}
    assert client.post("/api/v1/similar", json=late).status_code == 400
    seed = {"seeds": [{"track": ids["Low"]}], "limit": 4}
    orders = [client.post("/api/v1/similar", json=seed | {"diversity": x}).json()["items"] for x in (0, 1)]
    assert [len(order) for order in orders] == [len(orders[0])] * 2


def test_why_two_tracks_are_alike(client, ids, prepared):
    catalogue = Catalogue(prepared / "catalogue")
    answer = client.get(f"/api/v1/tracks/{ids['Low']}/why", params={"like": ids["High"]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == catalogue.why(ids["Low"], like=ids["High"]).to_dict()
    window = {"like": ids["Low"], "start": 0, "end": 1}
    assert client.get(f"/api/v1/tracks/{ids['Low']}/why", params=window).json()["end"] == 1
    known = {"If-None-Match": answer.headers["etag"]}
    assert (
        client.get(f"/api/v1/tracks/{ids['Low']}/why", params={"like": ids["High"]}, headers=known).status_code == 304
    )


def test_why_a_track_is_like_an_upload(client, ids, tmp_path):
    path = write_sound(tmp_path / "mine.flac", tune(3, 3.0))
    job = client.post("/api/v1/analyses", params={"name": "mine.flac"}, content=path.read_bytes()).json()
    assert finished(client, job)["state"] == "succeeded"
    told = client.get(f"/api/v1/tracks/{ids['Low']}/why", params={"like": job["id"]}).json()
    assert told["track_id"] == ids["Low"]
    assert told["other"] not in ids.values()
    assert told["passages"]


@pytest.mark.parametrize(
    ("params", "status"),
    [({}, 422), ({"like": "0" * 20}, 404), ({"like": "0" * 16}, 404), ({"like": "x"}, 422),
     ({"like": "SELF", "start": 2, "end": 1}, 400)],
)  # fmt: skip
def test_why_needs_a_track_and_a_window_that_can_be(client, ids, params, status):
    params = {name: ids["Low"] if value == "SELF" else value for name, value in params.items()}
    assert client.get(f"/api/v1/tracks/{ids['Low']}/why", params=params).status_code == status
