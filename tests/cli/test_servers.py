import json
import shutil

import pytest
import typer
from typer.testing import CliRunner

from commandline import invoke
from earmark.cli import servers
from earmark.interop.servers.songs import Song
from earmark.library import Catalogue
from media_servers import SECRET, USER, media_server

pytest.importorskip("httpx")


@pytest.fixture
def catalogue(prepared, tmp_path):
    """With the list Calm of two tracks."""
    found = Catalogue(shutil.copytree(prepared / "catalogue", tmp_path / "catalogue"))
    found.make_playlist("Calm", tracks=[track.track_id for track in found.chosen()][:2])
    return tmp_path / "catalogue"


@pytest.fixture
def media(catalogue, tmp_path, monkeypatch):
    """A server that has one of the tracks under its path."""
    monkeypatch.setenv("EARMARK_MEDIA", str(tmp_path / "media"))
    track = next(Catalogue(catalogue).chosen())
    with media_server("navidrome", [Song("s1", duration=1.0, path=track.files[0].path)]) as media:
        yield media


def run(*words, secret=None):
    app = typer.Typer()
    servers.register(app)
    return CliRunner().invoke(app, ["servers", *map(str, words)], input=secret)


def test_add_test_push_and_remove(media, catalogue):
    added = run("add", "home", "--kind", "navidrome", "--url", media.base, "--user", USER, secret=f"{SECRET}\n")
    assert (added.exit_code, SECRET in added.output) == (0, False)
    assert json.loads(run("list", "--json").stdout) == {
        "name": "home", "kind": "navidrome", "url": media.base, "user": USER, "roots": [],
    }  # fmt: skip
    assert run("test", "home").stdout == "home: navidrome 0.58.0\n"
    at = ("--catalogue", catalogue)
    assert "1 of 2 tracks would be in Calm on home." in run("push", "home", "Calm", *at, "--dry-run").stdout
    assert media.lists == {}
    pushed = json.loads(run("push", "home", "Calm", *at, "--json").stdout)
    assert (pushed["matched"], pushed["by"], pushed["written"]) == (1, {"path": 1}, True)
    assert media.lists == {"Calm": ["s1"]}
    run("remove", "home")
    assert "No servers" in run("list").stdout


def test_a_server_that_is_not_known_is_named(media, catalogue):
    result = invoke(servers, "servers", "push", "x", "Calm", "--catalogue", catalogue)
    assert "no media server of this name" in str(result.exception)
