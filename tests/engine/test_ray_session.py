import sys

import pytest

from earmark.engine import ray_session
from earmark.engine.ray_session import RaySession, _environment
from earmark.errors import ConfigError, MissingPackage


@pytest.fixture(autouse=True)
def no_token_file(monkeypatch, tmp_path):
    monkeypatch.setattr(ray_session, "DEFAULT_TOKEN", tmp_path / "auth_token")


def test_what_is_started_here_has_a_token_of_its_own_and_tells_nobody():
    one, other = _environment(None, {}), _environment(None, {})
    assert one["RAY_AUTH_MODE"] == "token"
    assert one["RAY_AUTH_TOKEN"] != other["RAY_AUTH_TOKEN"]
    assert len(one["RAY_AUTH_TOKEN"]) == 64
    assert one["RAY_USAGE_STATS_ENABLED"] == "0"


def test_switching_the_token_off_does_not_hold_for_what_is_started_here():
    assert _environment(None, {"RAY_AUTH_MODE": "disabled"})["RAY_AUTH_MODE"] == "token"


def test_a_cluster_of_others_needs_its_token():
    with pytest.raises(ConfigError, match="there is no token for the cluster. Give it in RAY_AUTH_TOKEN"):
        _environment("auto", {})
    assert _environment("auto", {"RAY_AUTH_TOKEN": "x"})["RAY_AUTH_MODE"] == "token"
    ray_session.DEFAULT_TOKEN.write_text("x")
    assert _environment("auto", {})["RAY_AUTH_MODE"] == "token"
    assert _environment("auto", {"RAY_AUTH_MODE": "disabled"})["RAY_AUTH_MODE"] == "disabled"


def test_an_address_where_nobody_is(monkeypatch):
    import ray

    def init(address, **_):
        raise ConnectionError("Failed to connect to GCS at address 192.0.2.9:6379")

    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setenv("RAY_AUTH_TOKEN", "x")
    with pytest.raises(ConfigError, match=r"no Ray cluster at 192.0.2.9:6379, or one with another token \(Failed"):
        RaySession("192.0.2.9:6379", 1)


def test_a_wrong_token_is_named(monkeypatch):
    import ray

    def init(address, **_):
        raise ray.exceptions.AuthenticationError("no")

    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setenv("RAY_AUTH_TOKEN", "x")
    with pytest.raises(ConfigError, match="asks for another token"):
        RaySession("auto", 1)


def test_the_package_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingPackage, match=r"earmark\[cluster\]"):
        RaySession(None, 1)
