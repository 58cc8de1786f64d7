def test_a_tag_of_ones_own_is_taught_shown_and_forgotten(live_copy, ids):
    with live_copy().client() as client:
        wanted = {"yes": [ids["Low"], ids["Middle"]], "no": [ids["High"], ids["Higher"]]}
        taught = client.put("/api/v1/lessons/campfire", json=wanted)
        assert taught.status_code == 200, taught.text
        assert taught.json()["tags"]["campfire"]["yes"] == 2
        assert [x["name"] for x in client.get("/api/v1/lessons").json()["items"]] == ["campfire"]
        assert client.get("/api/v1/lessons/campfire").json()["name"] == "campfire"
        assert client.get("/api/v1/lessons/campfire/next", params={"limit": 1}).json()["items"]
        assert client.delete("/api/v1/lessons/campfire").status_code == 204
        assert client.get("/api/v1/lessons/campfire").status_code == 404
        assert client.put("/api/v1/lessons/x", json={"yes": ["/etc/passwd"]}).status_code == 422


def test_a_tag_of_a_group_has_an_address(live_copy, ids):
    with live_copy().client() as client:
        told = client.put("/api/v1/lessons/warm", json={"yes": [ids["Low"]], "group": "fire"})
        assert told.json()["examples"] == {ids["Low"]: "warm"}
        assert client.get("/api/v1/lessons/fire%2Fwarm").json()["name"] == "fire"
        assert client.delete("/api/v1/lessons/fire%2Fwarm").status_code == 204
        answer = client.put("/api/v1/lessons/fire/next", json={})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
