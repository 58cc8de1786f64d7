"""What the tests of this room share."""

import shutil

import pytest

import earmark
from earmark.library import Catalogue
from live_server import LiveServer
from scan_fixtures import prepared  # noqa: F401
from server_fixtures import live, own_server_folder  # noqa: F401


@pytest.fixture
def both(prepared, tmp_path):  # noqa: F811
    """Two equal catalogues: one in a folder, one behind a server."""
    here = Catalogue(shutil.copytree(prepared / "catalogue", tmp_path / "here"))
    server = LiveServer(shutil.copytree(prepared / "catalogue", tmp_path / "there"))
    _, key = server.keys.create("test", ("admin",))
    with earmark.connect(server.base, key=key) as there:
        yield here, there
    server.kill()


@pytest.fixture
def same():
    """Holds what a script gives back of a folder against what it gives back of a server."""

    def check(here: list, there: list) -> None:
        assert len(here) == len(there) > 4
        assert [(ours, theirs) for ours, theirs in zip(here, there, strict=True) if ours != theirs] == []

    return check
