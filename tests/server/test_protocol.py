import json
import socket
from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n", b"GET /" + b"x" * (2**18 + 9)],
    ids=["tls", "a broken header", "a very long address"],
)
def test_what_is_no_http_is_told_in_the_one_shape_of_errors(live, sent):
    place = urlsplit(live.base)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(sent + (b"" if sent.startswith(b"GET") else b"\r\n\r\n"))
        head, _, body = b"".join(iter(lambda: connection.recv(65_536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["type"]) == (400, "/api#bad-request")
    assert told["remedy"]


def test_what_is_longer_than_allowed_but_read_is_told_by_the_guard(live):
    with live.stranger() as anyone:
        assert anyone.get("/api/v1/tracks", params={"q": "x" * 60_000}).status_code == 414
