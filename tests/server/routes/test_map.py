import base64

import numpy as np
import pytest

from earmark.library import Catalogue
from live_server import finished

pytest.importorskip("openTSNE")
MAP = "/api/v1/map"


def test_without_a_map_it_says_how_to_make_one(client):
    assert client.get(MAP).status_code == 404
    assert "map" in client.get(f"{MAP}/points").json()["remedy"]


def test_a_map_is_built_and_told_in_points_and_colours(live_copy):
    server = live_copy()
    with server.client() as client:
        job = client.post(f"{MAP}/build", json={})
        assert job.status_code == 202, job.text
        assert finished(client, job.json())["state"] == "succeeded"
        kept = Catalogue(server.catalogue).map()
        told = client.get(f"/api/v1/jobs/{job.json()['id']}/result").json()
        assert (told["version"], told["tracks"]) == (kept.version, len(kept.ids))
        shown = client.get(MAP)
        assert (shown.json()["version"], shown.json()["tracks"]) == (kept.version, len(kept.ids))
        points = client.get(f"{MAP}/points")
        n = len(kept.ids)
        np.testing.assert_array_equal(np.frombuffer(points.content[: 8 * n], "<f4").reshape(n, 2), kept.xy)
        assert points.content[8 * n :].hex() == "".join(kept.ids)
        assert client.get(f"{MAP}/points", headers={"If-None-Match": points.headers["etag"]}).status_code == 304
        numbers = client.get(f"{MAP}/colours", params={"field": "duration"}).json()
        assert (numbers["kind"], len(base64.b64decode(numbers["values"]))) == ("number", n)
        texts = client.get(f"{MAP}/colours", params={"field": "title"}).json()
        codes = base64.b64decode(texts["values"])
        assert [texts["names"][code] for code in codes] == [Catalogue(server.catalogue).show(i).title for i in kept.ids]
        assert client.get(f"{MAP}/colours", params={"field": "nothing"}).status_code == 400
