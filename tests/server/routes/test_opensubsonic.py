import pytest

from earmark.library import Catalogue
from live_server import LiveServer


@pytest.fixture(scope="module")
def player(prepared):
    server = LiveServer(prepared / "catalogue", "--opensubsonic")
    _, key = server.keys.create("player", ("search",))
    with server.stranger(params={"apiKey": key, "v": "1.16.1", "c": "test", "f": "json"}) as found:
        found.server = server
        yield found
    server.end()


def ask(player, method, **parameters):
    found = player.get(f"/rest/{method}", params=parameters)
    assert found.status_code == 200
    return found.json()["subsonic-response"]


def test_it_is_there_only_where_it_was_asked_for(client, player):
    assert client.get("/rest/ping").status_code == 404
    assert ask(player, "ping")["status"] == "ok"
    assert ask(player, "ping.view")["type"] == "earmark"


def test_similar_tracks_are_those_of_the_command_line(player, ids, prepared):
    hits = Catalogue(prepared / "catalogue").similar("Low", 3, versions=True)
    found = ask(player, "getSonicSimilarTracks", id=ids["Low"], count=3)["sonicMatch"]
    assert [match["entry"]["id"] for match in found] == [hit.track.track_id for hit in hits]
    assert [match["similarity"] for match in found] == [round(max(hit.similarity, 0), 4) for hit in hits]
    entry = found[0]["entry"]
    assert {"title", "artist", "duration", "suffix", "size"} <= entry.keys()
    assert (entry["isDir"], entry["type"], entry["suffix"]) == (False, "music", "flac")


def test_a_path_begins_and_ends_where_it_shall(player, ids):
    found = ask(player, "findSonicPath", startSongId=ids["Low"], endSongId=ids["Top"], count=3)["sonicMatch"]
    assert [found[0]["entry"]["title"], found[-1]["entry"]["title"]] == ["Low", "Top"]
    assert found[0]["similarity"] == pytest.approx(1.0, abs=1e-3)


def test_songs_like_an_artist_are_by_others(player, ids):
    artist = ask(player, "getSonicSimilarTracks", id=ids["Top"], count=5)["sonicMatch"][0]["entry"]["artistId"]
    songs = ask(player, "getSimilarSongs2", id=artist)["similarSongs2"]["song"]
    assert artist not in {song.get("artistId") for song in songs}
    assert ask(player, "getSimilarSongs2", id=ids["Low"], count=2)["similarSongs2"]["song"]


def test_a_form_is_understood(player, ids):
    answer = player.post("/rest/getSonicSimilarTracks", data={"id": ids["Low"], "count": "1"})
    assert len(answer.json()["subsonic-response"]["sonicMatch"]) == 1


@pytest.mark.parametrize(
    ("method", "parameters", "code"),
    [
        ("getSonicSimilarTracks", {}, 10), ("getSonicSimilarTracks", {"id": "none"}, 70),
        ("getSonicSimilarTracks", {"id": "x", "count": "many"}, 0), ("getSimilarSongs2", {"id": "artist:nobody"}, 70),
        ("stream", {"id": "x"}, 0), ("ping", {"apiKey": "em_wrong"}, 44), ("ping", {"u": "ann"}, 43),
    ],
)  # fmt: skip
def test_errors_are_those_of_the_api(player, method, parameters, code):
    found = ask(player, method, **parameters)
    assert (found["status"], found["error"]["code"]) == ("failed", code)


def test_without_a_key_only_the_extensions_are_told(player):
    with player.server.stranger() as stranger:
        told = stranger.get("/rest/getOpenSubsonicExtensions").json()["subsonic-response"]
        assert {"name": "sonicSimilarity", "versions": [1]} in told["openSubsonicExtensions"]
        assert ask(stranger, "getSonicSimilarTracks", id="x")["error"]["code"] == 42
    _, key = player.server.keys.create("reader", ("read",))
    assert ask(player, "ping", apiKey=key)["error"]["code"] == 50
