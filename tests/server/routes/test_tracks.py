import io
import json
import re

import numpy as np
import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.library import Catalogue
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
from live_server import LiveServer


def walk(client, **params) -> list[dict]:
    found, pages = [], 0
    while True:
        page = client.get("/api/v1/tracks", params=params).json()
        found += page["items"]
        pages += 1
        if page["next"] is None:
            assert pages > 1
            return found
        params["cursor"] = page["next"]


def test_a_track_is_what_the_command_line_shows(client, prepared, ids):
    answer = client.get(f"/api/v1/tracks/{ids['Low']}")
    found = answer.json()
    links = found.pop("links")
    assert found == Catalogue(prepared / "catalogue").show("Low").to_dict()
    for name in set(links) - {"evidence", "why"}:
        assert client.get(links[name]).status_code == 200, name


def test_in_another_language_and_tempo_range(client, ids, prepared):
    track, base = Catalogue(prepared / "catalogue").show("Low", tempo_range="88:175"), f"/api/v1/tracks/{ids['Low']}"
    found = client.get(base, params={"tempo_range": "88:175", "language": "de"}).json()
    assert found.items() >= track.to_dict(language="de").items()
    assert found["description"] != client.get(base).json()["description"]
    assert client.get(base, params={"tempo_range": "x"}).status_code == 400
    assert client.get(base, params={"language": "tlh"}).status_code == 400


@pytest.mark.parametrize("sort", [None, "title", "-title", "duration", "year", "-loudness", "-track_id"])
def test_pages_are_the_whole_list_in_order(client, ids, sort):
    found = walk(client, limit=2, **({"sort": sort} if sort else {}))
    assert sorted(track["track_id"] for track in found) == sorted(ids.values())
    if sort in ("title", "-title"):
        titles = [track["title"] for track in found]
        assert titles == sorted(titles, reverse=sort[0] == "-")


def test_words_come_in_pages_too(client):
    found = walk(client, limit=2, q="sines", versions=True)
    assert len({track["track_id"] for track in found}) == 5
    assert all(track["relevance"] > 0 for track in found)


def test_a_cursor_belongs_to_its_question(client):
    cursor = client.get("/api/v1/tracks", params={"limit": 2}).json()["next"]
    assert client.get("/api/v1/tracks", params={"limit": 2, "cursor": cursor, "sort": "title"}).status_code == 400
    assert client.get("/api/v1/tracks", params={"limit": 3, "cursor": cursor}).status_code == 200


def test_a_link_leads_to_the_next_page(client):
    answer = client.get("/api/v1/tracks", params={"limit": 2, "sort": "title"})
    titles = [track["title"] for track in answer.json()["items"]]
    (further,) = [link["url"] for link in answer.links.values()]
    titles += [track["title"] for track in client.get(further).json()["items"]]
    assert titles == ["High", "Higher", "Low", "Middle"]


def test_filters_as_text_as_json_and_by_key(client):
    tree = {"field": "title", "op": "in", "value": ["Low", "High"]}
    by_json = client.get("/api/v1/tracks", params={"filter": json.dumps(tree), "where": "title <> 'High'"}).json()
    assert [track["title"] for track in by_json["items"]] == ["Low"]
    by_body = client.post("/api/v1/tracks/search", json={"filter": tree, "sort": "title", "facets": ["title"]}).json()
    assert [track["title"] for track in by_body["items"]] == ["High", "Low"]
    assert by_body["facets"]["title"]["values"] == [{"value": "High", "count": 1}, {"value": "Low", "count": 1}]
    assert client.get("/api/v1/tracks", params={"compatible": "H moll!"}).status_code == 400


@pytest.mark.parametrize(
    "tree",
    [
        {"field": "title; DROP TABLE", "op": "eq", "value": "x"}, {"field": "title", "op": "eq", "value": {"a": 1}},
        {"and": []}, {"not": None}, {"field": "track_id) OR (1=1", "op": "is_null"}, {"x": 1},
        {"field": "duration", "op": "gt", "value": 1e999},
    ],
)  # fmt: skip
def test_what_is_no_filter_is_told_where(client, tree):
    answer = client.get("/api/v1/tracks", params={"filter": json.dumps(tree)})
    assert answer.status_code == 400
    assert answer.json()["source"].startswith("#")


def test_deep_filters_cost_nothing(client):
    deep = '{"not":' * 3000 + "1" + "}" * 3000
    assert client.get("/api/v1/tracks", params={"filter": deep}).status_code in (400, 414, 422)
    assert client.post("/api/v1/tracks/search", content='{"filter":' + deep + "}",
                       headers={"Content-Type": "application/json"}).status_code in (400, 422)  # fmt: skip


def test_only_the_fields_that_are_wanted(client):
    page = client.get("/api/v1/tracks", params={"fields": "title,tempo,structure", "limit": 1}).json()
    assert set(page["items"][0]) <= {"track_id", "title", "tempo", "structure"}
    brief = client.get("/api/v1/tracks", params={"limit": 1}).json()["items"][0]
    assert "structure" not in brief
    assert "beats" not in brief.get("tempo", {})


def test_curves_of_some_tags(client, ids):
    base = f"/api/v1/tracks/{ids['Low']}/curves"
    assert set(client.get(base, params={"tags": "mood,genre/jazz"}).json()["tags"]) == {
        "mood/sad", "mood/happy", "genre/jazz",
    }  # fmt: skip
    found = client.get(base).json()
    assert len(found["tags"]) == 5
    assert all(len(curve) == len(found["times"]) for curve in found["tags"].values())


def test_evidence_and_embedding(client, ids):
    found = client.get(f"/api/v1/tracks/{ids['Low']}/evidence", params={"tag": "mood/sad"}).json()
    assert found["tag"] == "mood/sad"
    assert client.get(f"/api/v1/tracks/{ids['Low']}/evidence", params={"tag": "mood/blue"}).status_code == 404
    vector = client.get(f"/api/v1/tracks/{ids['Low']}/embedding").json()
    assert (vector["model"], vector["dim"], len(vector["values"])) == ("tiny", 8, 8)


def test_jams_is_the_object_of_the_file_that_an_export_writes(client, ids):
    found = client.get(f"/api/v1/tracks/{ids['Low']}/jams").json()
    assert found["file_metadata"]["title"] == "Low"
    assert found["file_metadata"]["identifiers"] == {"earmark": ids["Low"]}
    assert "tag_open" in {one["namespace"] for one in found["annotations"]}
    assert client.get(f"/api/v1/tracks/{'0' * 20}/jams").status_code == 404


def test_corrections_win_and_are_taken_back(live_copy, ids):
    with live_copy().client("read", "write-catalogue") as client:
        base, patch = f"/api/v1/tracks/{ids['Low']}", f"/api/v1/tracks/{ids['Low']}/corrections"
        etag = client.get(base).headers["etag"]
        answer = client.patch(patch, json={"tempo": 92, "key": "Am"}, headers={"If-Match": etag})
        assert answer.json() == {"tempo": "92", "key": "Am"}
        assert client.get(base).json()["key"]["name"] == "A minor"
        stale = client.patch(patch, json={"tempo": 100}, headers={"If-Match": etag})
        assert stale.status_code == 412
        fresh = client.get(patch).headers["etag"]
        assert client.patch(patch, json={"tempo": None}, headers={"If-Match": fresh}).json() == {"key": "Am"}
        assert [t["title"] for t in client.get("/api/v1/tracks", params={"where": "key = 'Am'"}).json()["items"]] == [
            "Low"
        ]
        for wrong in ({"tempo": 5}, {"key": "H"}, {"metre": "x"}):
            assert client.patch(patch, json=wrong).status_code == 400
        assert client.patch(patch, json={"title": "x"}).status_code == 422
        assert client.patch(f"/api/v1/tracks/{'0' * 20}/corrections", json={"tempo": 92}).status_code == 404


def test_a_tag_is_confirmed_denied_and_left_to_the_model_again(live_copy, ids):
    with live_copy().client("read", "write-catalogue") as client:
        base, patch = f"/api/v1/tracks/{ids['Low']}", f"/api/v1/tracks/{ids['Low']}/corrections"
        before = client.get(base).json()["tags"]
        genre = next(tag["tag"] for tag in before["genre"] if not tag["sure"])
        said = client.patch(patch, json={"tags": {f"genre/{genre}": True, "mood/sad": False}}).json()
        assert said == {f"genre/{genre}": "yes", "mood/sad": "no"}
        assert client.get(base).json()["tags"]["genre"][0] | {"probability": 0} == {
            "tag": genre, "probability": 0, "sure": True,
        }  # fmt: skip
        assert client.patch(patch, json={"tags": {f"genre/{genre}": None, "mood/sad": None}}).json() == {}
        assert client.get(base).json()["tags"] == before
        assert client.patch(patch, json={"tags": {"genre/polka": True}}).status_code == 400
        assert client.patch(patch, json={"tags": {"genre/jazz": "perhaps"}}).status_code == 422


def test_what_a_scan_in_another_process_writes_is_seen(live_copy, ids, prepared):
    server = live_copy()
    with server.client() as client:
        assert client.get("/api/v1/catalogue").json()["tracks"] == 5
        Catalogue(server.catalogue).correct(ids["Low"], tempo=77)
        assert client.get(f"/api/v1/tracks/{ids['Low']}").json()["tempo"]["bpm"] == 77


def test_curves_and_vectors_for_numpy(client, ids):
    base = f"/api/v1/tracks/{ids['Low']}"
    told = client.get(f"{base}/curves", params={"tags": "mood"}).json()
    table = np.load(io.BytesIO(client.get(f"{base}/curves.npy", params={"tags": "mood"}).content), allow_pickle=False)
    assert table.dtype.names == ("time", *told["tags"])
    assert table["time"].tolist() == pytest.approx(told["times"])
    assert all(table[tag].tolist() == pytest.approx(curve) for tag, curve in told["tags"].items())
    vector = np.load(io.BytesIO(client.get(f"{base}/embedding.npy").content), allow_pickle=False)
    assert (vector.dtype, vector.shape) == (np.float32, (8,))
    assert vector.tolist() == client.get(f"{base}/embedding").json()["values"]


def test_how_much_may_be_asked_is_told(client):
    answer = client.get("/api/v1/catalogue")
    assert re.fullmatch(r'"questions";q=(\d+);w=1', answer.headers["ratelimit-policy"])
    assert re.fullmatch(r'"questions";r=\d+;t=1', answer.headers["ratelimit"])
    assert "ratelimit" not in client.get("/api/v1/health").headers


def test_a_part_of_a_track_and_its_curves(client, ids):
    base = f"/api/v1/tracks/{ids['Low']}"
    some = client.get(base, params={"fields": "title,tempo"}).json()
    assert set(some) == {"track_id", "title", "tempo", "links"}
    whole = client.get(base, params={"include": "curves"}).json()
    assert whole["curves"] == client.get(f"{base}/curves").json()
    assert client.get(base, params={"include": "everything"}).status_code == 422


def test_curves_with_fewer_moments(client, ids):
    base = f"/api/v1/tracks/{ids['Low']}/curves"
    every, few = client.get(base).json(), client.get(base, params={"step": 1.0}).json()
    assert 1 <= len(few["times"]) < len(every["times"])
    assert few["times"] == [x for x in every["times"] if x in few["times"]]
    assert all(later - sooner >= 1.0 for sooner, later in zip(few["times"], few["times"][1:], strict=False))
    assert {len(curve) for curve in few["tags"].values()} == {len(few["times"])}


def test_a_song_is_found_by_its_title_artist_and_length(client, ids):
    def ask(**params):
        answer = client.get("/api/v1/resolve", params=params)
        return answer.json()["track_id"] if answer.status_code == 200 else answer.status_code

    assert ask(track="LOW", by="title", artist="sines", duration=2) == ids["Low"]
    assert ask(track="Low", by="title") == ids["Low"]
    assert ask(track="Low", by="title", artist="nobody") == ask(track="Low", by="title", duration=60) == 404
    assert ask(track="Low", by="path") == ask(track="Low", duration=0) == 422


def test_the_words_of_a_song(prepared, tmp_path):
    music, model = write_music(tmp_path / "music", ["low", "high"]), load_model(prepared / "tiny.onnx")
    (music / "low.txt").write_text("The night is long\nand nobody is awake")
    scan(Store(tmp_path / "c", create=True), [music], model, str(model.path), executor=FakeExecutor(model))
    server = LiveServer(tmp_path / "c")
    try:
        with server.client("read") as reader:
            low, high = (reader.get("/api/v1/resolve", params={"track": name}).json() for name in ("Low", "High"))
            told = reader.get(f"/api/v1/tracks/{low['track_id']}/lyrics").json()
            missing = reader.get(f"/api/v1/tracks/{high['track_id']}/lyrics")
    finally:
        server.kill()
    assert (told["track_id"], told.keys()) == (low["track_id"], {"track_id", "text", "language", "confidence"})
    assert told["text"].splitlines() == ["The night is long", "and nobody is awake"]
    assert (missing.status_code, missing.json()["detail"]) == (404, "none of its files brings lyrics")
