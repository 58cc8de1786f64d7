"""Jamendo: pages, keys, licences."""

import pytest

from earmark.data.collect.jamendo import Jamendo, licence_name
from earmark.data.collect.run import CollectOptions
from earmark.errors import DataError
from jamendo_server import gather, provider, web


def test_pages_are_asked_for_until_there_are_enough(server, tmp_path, monkeypatch):
    monkeypatch.setattr("earmark.data.collect.jamendo.PAGE", 3)
    for track in range(8):
        server.add(track, "jazz")
    found = [wanted.source for wanted in provider(server).tracks("jazz", ["jazz"])]
    assert found == [f"jamendo:{track}" for track in range(8)]
    assert len(server.paths("/v3.0")) == 3
    server.requests.clear()
    report = gather(server, tmp_path / "out", settings=CollectOptions(2.0, per_class=2))
    assert report.collected == 2
    assert len(server.paths("/v3.0")) == 1
    assert len(server.paths("/file")) == 2


def test_a_wrong_or_missing_key_is_one_clear_error(server, monkeypatch):
    with pytest.raises(DataError, match="Invalid Client Id. Set JAMENDO_CLIENT_ID"):
        list(Jamendo("wrong", base=server.base, web=web()[0]).tracks("jazz", ["jazz"]))
    monkeypatch.delenv("JAMENDO_CLIENT_ID", raising=False)
    with pytest.raises(DataError, match="JAMENDO_CLIENT_ID: not set"):
        Jamendo()


def test_licences_and_the_wish_not_to_be_downloaded_are_kept(server):
    server.add(1, "jazz", licence="by")
    server.add(2, "jazz", licence="by-nc-nd")
    server.add(3, "jazz", licence="by", allowed=False)
    found = provider(server, licences=("by", "by-sa")).tracks("jazz", ["jazz"])
    assert [wanted.source for wanted in found] == ["jamendo:1"]
    assert licence_name("https://creativecommons.org/publicdomain/zero/1.0/") == ""
