"""Fixtures of the tests of the server: a process over the prepared catalogue, for all tests that only ask."""

import shutil

import pytest

from earmark.catalogue.store import Store
from earmark.server.keys import SCOPES
from live_server import LiveServer


@pytest.fixture(scope="session", autouse=True)
def own_server_folder(tmp_path_factory):
    """Keys, jobs and media servers of these tests lie in folders of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_MEDIA", str(tmp_path_factory.mktemp("media")))
        patch.setenv("EARMARK_SERVER", str(tmp_path_factory.mktemp("server")))
        yield


@pytest.fixture(scope="session")
def live(prepared):
    server = LiveServer(prepared / "catalogue")
    yield server
    server.end()


@pytest.fixture(scope="session")
def client(live):
    with live.client(*SCOPES) as found:
        yield found


@pytest.fixture(scope="session")
def ids(prepared):
    """Title -> id of the prepared tracks."""
    table = Store(prepared / "catalogue").table()
    return dict(zip(table["title"].to_pylist(), table["track_id"].to_pylist(), strict=True))


@pytest.fixture
def live_copy(prepared, tmp_path):
    """Starts a server over a copy of the prepared catalogue, to be changed at will."""
    catalogue = shutil.copytree(prepared / "catalogue", tmp_path / "catalogue")
    started = []

    def start(*options):
        started.append(LiveServer(catalogue, *options))
        return started[-1]

    yield start
    for server in started:
        server.kill()
