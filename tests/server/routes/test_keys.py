def test_keys_over_http(live_copy):
    server = live_copy()
    with server.client("admin") as admin:
        made = admin.post("/api/v1/keys", json={"name": "player", "scopes": ["read"], "days": 1})
        assert made.status_code == 201
        assert made.headers["cache-control"] == "no-store"
        key = made.json()
        listed = admin.get("/api/v1/keys").json()["items"]
        assert key["key"] not in str(listed)
        assert "sha256" not in str(listed)
        with server.stranger(headers={"Authorization": f"Bearer {key['key']}"}) as player:
            assert player.get("/api/v1/session").json() == {"name": key["id"], "scopes": ["read"]}
            assert player.get("/api/v1/keys").status_code == 403
            assert admin.delete(made.headers["location"]).status_code == 204
            assert player.get("/api/v1/session").status_code == 401
        assert admin.post("/api/v1/keys", json={"name": "x", "scopes": ["root"]}).status_code == 422
        assert admin.delete("/api/v1/keys/00000000").status_code == 404


def test_a_key_makes_a_cookie_that_may_no_more_than_it(live):
    with live.client("read") as holder, live.stranger() as browser:
        cookie = holder.post("/api/v1/session").cookies
        browser.cookies.update(cookie)
        assert browser.get("/api/v1/session").json() == {"name": "session", "scopes": ["read"]}
        assert browser.get("/api/v1/keys").status_code == 403
