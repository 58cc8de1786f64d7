import pytest

from earmark.library import Catalogue


@pytest.fixture
def song(prepared):
    track = Catalogue(prepared / "catalogue").show("Low")
    return {"id": "theirs", "name": "LOW", "artist": track.analysis.file_tags.artist, "duration": track.duration + 1}


def test_songs_are_found_and_answered_by_what_they_are(client, song, prepared):
    found = client.post("/api/v1/interop/navidrome/similar", json={"song": song, "count": 2}).json()["matches"]
    hits = Catalogue(prepared / "catalogue").similar("Low", 2)
    assert [match["song"]["name"] for match in found] == [hit.track.title for hit in hits]
    assert all(0 <= match["similarity"] <= 1 for match in found)


def test_a_path_of_songs(client, song):
    wanted = {"startSong": song, "endSong": {"name": "Top"}, "count": 3}
    found = client.post("/api/v1/interop/navidrome/path", json=wanted).json()["matches"]
    assert [found[0]["song"]["name"], found[-1]["song"]["name"]] == ["Low", "Top"]
    assert found[0]["similarity"] == 1


@pytest.mark.parametrize("changes", [{"name": "Nothing"}, {"duration": 9000.0}, {"artist": "Somebody"}])
def test_a_song_that_is_not_there_is_404(client, song, changes):
    answer = client.post("/api/v1/interop/navidrome/similar", json={"song": song | changes})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
