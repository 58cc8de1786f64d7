import os

import pytest

from earmark.errors import ConfigError, NotFound
from earmark.interop.servers.known import KnownServer, add_server, known_server, known_servers, remove_server

HOME = KnownServer("home", "navidrome", "http://nas:4533", "ann", ("/m=/data",), "s3cret")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EARMARK_MEDIA", str(tmp_path / "media"))
    return tmp_path / "media"


def test_servers_are_kept_with_their_secret_for_this_user_alone(folder):
    assert known_servers() == {}
    add_server(HOME)
    add_server(KnownServer("b", "plex", "https://plex.example", secret="t"))
    assert known_server("home") == HOME
    assert (folder / "servers.json").stat().st_mode & 0o777 == 0o600
    remove_server("home")
    assert list(known_servers()) == ["b"]
    with pytest.raises(NotFound, match="There are: b"):
        known_server("home")


def test_the_secret_is_in_no_text():
    assert "s3cret" not in f"{HOME!r} {HOME} {HOME.to_dict()}"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_file_that_others_can_read_is_refused(folder):
    add_server(HOME)
    (folder / "servers.json").chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        known_servers()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "x"}, "no kind"), ({"url": "nas:4533"}, "no address"), ({"url": "file:///etc"}, "no address"),
        ({"url": "http://a:b@nas"}, "no address"), ({"url": "http://nas/?key=x"}, "no address"),
        ({"url": "http://[nas"}, "no address"), ({"url": "http://nas:99999"}, "no address"),
        ({"roots": ("x",)}, "no map of folders"), ({"kind": "jellyfin", "user": ""}, "needs a user"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_server_is_refused(changes, message):
    values = HOME.to_dict() | {"roots": (), "secret": "x"} | changes
    with pytest.raises(ConfigError, match=message):
        add_server(KnownServer(**values))
    assert known_servers() == {}


def test_a_damaged_file_is_named(folder):
    folder.mkdir()
    (folder / "servers.json").write_text("{")
    (folder / "servers.json").chmod(0o600)
    with pytest.raises(ConfigError, match="cannot be read"):
        known_servers()


def test_an_id_is_of_the_name_and_fits_into_an_address():
    ids = [KnownServer(name, "plex", "https://x").id for name in ("home", "n\u00e4s/1", "n\u00e4s/2", "\ud800")]
    assert len(set(ids)) == 4
    assert all(len(one) == 12 and int(one, 16) >= 0 for one in ids)


def test_two_that_are_added_at_once_are_both_kept():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_server(KnownServer(f"s{n}", "plex", "https://x", secret="t")), range(16)))
    assert len(known_servers()) == 16
