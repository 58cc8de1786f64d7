import pytest

from earmark.catalogue.store import Store

PLACE = "/api/v1/playlists"


@pytest.fixture(scope="module")
def own(prepared, tmp_path_factory):
    """A client of a server over a catalogue of its own, and the ids of its tracks by title."""
    import shutil

    from live_server import LiveServer

    catalogue = shutil.copytree(prepared / "catalogue", tmp_path_factory.mktemp("lists") / "catalogue")
    table = Store(catalogue).table()
    server = LiveServer(catalogue)
    with server.client() as client:
        client.titles = dict(zip(table["title"].to_pylist(), table["track_id"].to_pylist(), strict=True))
        client.server = server
        yield client
    server.end()


def titles(playlist):
    return [row["title"] for row in playlist["rows"]]


def test_by_hand_from_the_first_row_to_the_end(own):
    tracks = [own.titles["Top"], own.titles["Low"]]
    made = own.post(PLACE, json={"name": "Löw <b>", "tracks": tracks})
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    assert own.get(place).json() == made.json()
    assert titles(made.json()) == ["Top", "Low"]
    assert made.json()["name"] in {kept["name"] for kept in own.get(PLACE).json()["items"]}
    changed = own.patch(place, json={"add": [own.titles["Middle"]], "at": 1, "lock": [2], "rename": "New"})
    assert titles(changed.json()) == ["Middle", "Top", "Low"]
    assert own.patch(place, json={"remove": [1], "revision": 1}).status_code == 409
    assert titles(own.patch(place, json={"undo": True}).json()) == ["Top", "Low"]
    assert own.delete(place).status_code == 204
    assert own.get(place).status_code == 404


def test_what_a_change_names_and_is_not_there_is_no_missing_list(own):
    place = own.post(PLACE, json={"name": "Short", "tracks": [own.titles["Top"]]}).headers["location"]
    for wrong in ({"add": ["0" * 20]}, {"remove": [7]}):
        answer = own.patch(place, json=wrong)
        assert (answer.status_code, answer.json()["type"]) == (400, "/api#not-found")
        assert own.patch(f"{PLACE}/{'0' * 12}", json=wrong).status_code == 404


def test_rows_are_moved_by_their_number_or_track(own):
    tracks = [own.titles["Top"], own.titles["Low"]]
    place = own.post(PLACE, json={"name": "Moved", "tracks": tracks}).headers["location"]
    assert titles(own.patch(place, json={"move": [[2, 1]]}).json()) == ["Low", "Top"]
    assert titles(own.patch(place, json={"move": [[tracks[0], 1]]}).json()) == ["Top", "Low"]


def test_by_a_recipe_shown_made_and_refreshed(own):
    recipe = {"like": [own.titles["Low"]], "rules": {"tracks": 3}, "order": {"by": "similarity"}}
    shown = own.post(PLACE, json={"name": "Like", "recipe": recipe, "dry_run": True})
    assert (shown.status_code, "location" in shown.headers) == (201, False)
    made = own.post(PLACE, json={"name": "Like", "recipe": recipe})
    assert titles(made.json()) == titles(shown.json())
    found = own.post(made.headers["location"] + ":refresh", json={"recipe": recipe | {"seed": 5}, "dry_run": True})
    assert found.status_code == 200, found.text
    assert {"added", "removed", "moved", "playlist"} <= found.json().keys()
    assert own.post(PLACE, json={"name": "Like", "recipe": recipe}).status_code == 400  # the name is taken
    wrong = own.post(PLACE, json={"name": "x", "recipe": {"rules": {"trakcs": 1}}})
    assert (wrong.status_code, "trakcs" in wrong.text) == (400, True)


@pytest.mark.parametrize(
    ("format", "begins"),
    [
        ("m3u8", b"#EXTM3U"),
        ("xspf", b"<?xml"),
        ("jspf", b"{"),
        ("csv", b"path,"),
        ("json", b"{"),
        ("rekordbox", b"<?xml"),
    ],
)  # fmt: skip
def test_files_for_players(own, format, begins):
    made = own.post(PLACE, json={"name": f"as {format}", "tracks": [own.titles["Top"]]})
    answer = own.get(made.headers["location"] + "/export", params={"format": format})
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].startswith("attachment")
    mapped = own.get(made.headers["location"] + "/export", params={"format": format, "root": "/=/data/"})
    assert b"/data/" in mapped.content.replace(b"\\/", b"/")


def test_how_many_files_are_found_where_an_export_says(own, tmp_path):
    made = own.post(PLACE, json={"name": "places", "tracks": [own.titles["Top"], own.titles["Low"]]})
    ask = lambda **query: own.get(made.headers["location"] + "/places", params=query).json()  # noqa: E731
    assert ask() == {"tracks": 2, "found": 2, "missing": []}
    lost = ask(root=f"/={tmp_path}")  # a folder that is there, without the files
    assert (lost["tracks"], lost["found"], len(lost["missing"])) == (2, 0, 2)
    assert ask(root="/=/no/such/folder")["found"] == 2  # of another machine: believed
    assert own.get(made.headers["location"] + "/places", params={"root": "nowhere"}).status_code == 400


def test_who_may_only_read_changes_nothing(own):
    with own.server.client("read", "search") as reader:
        assert reader.get(PLACE).status_code == 200
        assert reader.post(PLACE, json={"name": "x", "tracks": [own.titles["Top"]]}).status_code == 403
        assert reader.delete(f"{PLACE}/{'0' * 12}").status_code == 403


def test_a_list_of_another_program_is_kept(client, ids):
    content = b"#EXTM3U\n#EXTINF:1,Sines - Low\nelsewhere/low.mp3\nnobody/has this.mp3\n"
    answer = client.post("/api/v1/playlists:import", params={"file": "../../set.m3u8"}, content=content)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["playlist"]["name"], told["missing"]) == ("set", ["nobody/has this.mp3"])
    assert [row["track_id"] for row in told["playlist"]["rows"]] == [ids["Low"]]
    base = answer.headers["location"]
    assert client.get(base).json()["name"] == "set"
    again = {"params": {"file": "x.m3u8", "name": "set"}, "content": content}
    assert client.post("/api/v1/playlists:import", **again).status_code == 400
    again["params"]["replace"] = "true"
    assert client.post("/api/v1/playlists:import", **again).json()["playlist"]["revision"] > 1
    assert client.delete(base).status_code == 204


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><DJ_PLAYLISTS>&b;</DJ_PLAYLISTS>'


@pytest.mark.parametrize(
    ("file", "content", "status"),
    [
        ("set.exe", b"x", 400), ("set", b"x", 400), ("set.xspf", b"<", 400), ("set.xml", ENTITIES, 400),
        ("set.jspf", b"[]", 400), ("set.csv", b"a,b\n1,2\n", 400), ("set.m3u8", b"/etc/passwd\n", 400),
        ("set.m3u8", b"", 422), ("", b"x", 422), ("set.m3u8", b"x\n" * (2**23 + 1), 413),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(client, file, content, status):
    answer = client.post("/api/v1/playlists:import", params={"file": file}, content=content)
    assert answer.status_code == status, answer.text
    assert "/tmp" not in answer.text
    assert "root:" not in answer.text


def test_a_filter_is_a_smart_playlist(client):
    answer = client.get("/api/v1/playlists:smart", params={"where": "tempo < 90", "name": "Slow", "limit": 5})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"name": "Slow", "all": [{"lt": {"bpm": 90}}], "sort": "random", "limit": 5}
    for wrong in ("energy > 0.5", "tempoo < 1", ""):
        assert client.get("/api/v1/playlists:smart", params={"where": wrong}).status_code == 400, wrong
