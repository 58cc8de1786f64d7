import pytest

from earmark.server.signing import LONGEST, Signer


def test_an_address_holds_for_its_path_and_time_alone():
    now = 1000.0
    signer = Signer(b"secret", lambda: now)
    address, until = signer.sign("/a/b", "key", 60)
    path, _, query = address.partition("?")
    assert (path, until) == ("/a/b", 1060.0)
    assert signer.owner("/a/b", query) == "key"
    assert signer.owner("/a/c", query) is None
    assert Signer(b"other", lambda: now).owner("/a/b", query) is None
    forged = [query.replace("by=key", "by=me"), query.replace("until=1060", "until=9060"), query + "&by=me"]
    for wrong in (
        *forged,
        query[:-1],
        "",
        "signature=",
        query.replace("until=1060", "until=x"),
        "&".join(["a=b"] * 20),
    ):
        assert signer.owner("/a/b", wrong) is None
    now = 1061.0
    assert signer.owner("/a/b", query) is None


def test_none_holds_for_longer_than_a_day():
    assert Signer(b"x", lambda: 0.0).sign("/a", "key", 1e9)[1] == LONGEST


@pytest.mark.parametrize("kind", ["audio", "result"])
def test_a_player_needs_no_key_and_no_more_than_its_address(live, ids, kind):
    from live_server import finished

    with live.client("read", "audio") as holder, live.stranger() as anyone:
        path = f"/api/v1/tracks/{ids['Low']}/audio"
        if kind == "result":
            path = finished(holder, holder.post("/api/v1/exports", json={}).json())["links"]["result"]
        made = holder.post(f"{path}:sign", json={"seconds": 600}).json()
        answer = anyone.get(made["url"])
        assert answer.status_code == 200
        assert answer.content == holder.get(path).content
        assert anyone.head(made["url"]).status_code in (200, 405)
        assert anyone.get(made["url"].replace(ids["Low"], ids["High"]) + "x").status_code == 401
        assert anyone.get(f"/api/v1/catalogue?{made['url'].partition('?')[2]}").status_code == 401
        assert anyone.post(f"{path}:sign?{made['url'].partition('?')[2]}", json={}).status_code == 401
        live.keys.revoke(holder.headers["Authorization"].split("_")[1])
        assert anyone.get(made["url"]).status_code == 401
