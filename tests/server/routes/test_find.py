import pytest

from earmark.library import Catalogue


def test_a_text_is_understood_as_on_the_command_line(client, prepared):
    expected = Catalogue(prepared / "catalogue").find("low, not high", n=3)
    answer = client.post("/api/v1/search", json={"text": "low, not high", "limit": 3})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["understood"] == expected.to_dict()["understood"]
    assert [hit["track_id"] for hit in found["items"]] == [hit.hit.track.track_id for hit in expected.hits]


def test_a_filter_holds_whatever_the_text_says(client):
    wanted = {"text": "low", "where": "title = 'Top'"}
    assert {hit["title"] for hit in client.post("/api/v1/search", json=wanted).json()["items"]} <= {"Top"}


@pytest.mark.parametrize(
    ("wanted", "status"), [({"text": "x" * 501}, 422), ({"by": "ear"}, 422), ({"tags": {"x/y": 1}}, 400)]
)
def test_what_cannot_be_asked(client, wanted, status):
    assert client.post("/api/v1/search", json=wanted).status_code == status


def test_a_path_has_both_ends(client, ids):
    wanted = {"start": ids["Low"], "end": ids["Top"], "count": 3}
    found = client.post("/api/v1/paths", json=wanted).json()["items"]
    assert [found[0]["title"], found[-1]["title"]] == ["Low", "Top"]
    assert (found[0]["along"], found[-1]["along"]) == pytest.approx((0, 1), abs=1e-3)
    assert client.post("/api/v1/paths", json=wanted | {"end": "0" * 20}).status_code == 404
