import json

import pytest

from earmark.server.answers import brief, encode, etag_of, matches


def test_json_is_json():
    assert json.loads(encode({"a": "é\udce9\u2028"})) == {"a": "é?\u2028"}
    with pytest.raises(ValueError, match="JSON"):
        encode(float("nan"))


@pytest.mark.parametrize(
    ("header", "fits"), [(None, False), ("*", True), ('"a"', True), ('"b", "a"', True), ('W/"a"', True), ('"b"', False)]
)
def test_which_etags_fit(header, fits):
    assert matches(header, '"a"') is fits


def test_lists_have_tracks_without_beats_and_sections():
    track = {"title": "x", "tempo": {"bpm": 92.0, "beats": [1.0], "downbeats": []}, "structure": {"sections": []}}
    assert brief(track) == {"title": "x", "tempo": {"bpm": 92.0}}


def test_what_the_client_has_is_not_sent_again(client):
    first = client.get("/api/v1/catalogue")
    assert first.headers["etag"] == etag_of(first.content)
    assert client.get("/api/v1/catalogue", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
