"""HTTP: pauses, retries, time limits."""

import numpy as np
import pytest

from earmark.data.collect.web import Web
from earmark.errors import DataError
from jamendo_server import KEY, gather, provider, web


def test_passing_faults_are_waited_out_longer_each_time(server, tmp_path):
    server.add(1, "jazz")
    server.faults = [(500, 1), (200, 6), (429, 6)]  # an error, the documented rate limit code, an HTTP rate limit
    way, slept = web(first_wait=2.0)
    assert gather(server, tmp_path / "out", web=way).collected == 1
    assert [s for s in slept if s] == [2.0, 4.0, 8.0]


def test_a_server_that_stays_down_is_reported_without_the_key(server):
    server.faults = [(503, 1)] * 9
    with pytest.raises(DataError, match=r"no answer after 3 tries \(HTTP 503\)") as caught:
        list(provider(server, web=web(tries=3)[0]).tracks("jazz", ["jazz"]))
    assert KEY not in str(caught.value)
    assert "what is there already is kept" in caught.value.remedy


def test_requests_keep_their_distance(server):
    clock = iter(np.arange(0, 100, 0.25))
    slept = []
    way = Web(pause=1.0, sleep=slept.append, clock=lambda: float(next(clock)))
    for _ in range(3):
        list(provider(server, web=way).tracks("jazz", ["jazz"]))
    assert slept[0] == 0
    assert slept[1:] == [0.75, 0.75]


def test_a_file_address_is_not_fetched(tmp_path):
    with pytest.raises(DataError, match="not an http"):
        web()[0].download("file:///etc/passwd", tmp_path / "x")
