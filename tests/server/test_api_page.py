"""docs/api.md, typed into a shell: every example runs, and answers in the form that the page shows."""

import json
import re
import shutil
from pathlib import Path

import pytest

from console import examples, outputs
from earmark.interop.servers.songs import Song
from earmark.library import Catalogue, ScanOptions
from earmark.server.keys import SCOPES
from live_server import LiveServer
from media_servers import media_server

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def form(value: object) -> object:
    """The kinds of all values, so that numbers may differ by the versions of codecs and networks."""
    if isinstance(value, dict):
        return {name: form(part) for name, part in value.items()}
    if isinstance(value, list):
        return [form(part) for part in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


def form_of_line(line: str) -> object:
    try:
        return form(json.loads(line))
    except ValueError:
        return re.sub(r"\d+", "0", line)


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("jq"), reason="curl and jq are not installed")
def test_the_examples_run(demo_folder, tmp_path):
    music = shutil.copytree(demo_folder, tmp_path / "music")
    shutil.copy(next(music.glob("*.flac")), tmp_path / "song.flac")
    Catalogue(tmp_path / "catalogue").scan(music, options=ScanOptions(workers=2))
    catalogue = Catalogue(tmp_path / "catalogue")
    songs = [Song(str(n), duration=1.0, path=track.files[0].path) for n, track in enumerate(catalogue.chosen())]
    server = LiveServer(tmp_path / "catalogue", "--write-files", "--media-host", "127.0.0.1")
    _, key = server.keys.create("page", SCOPES)
    try:
        with media_server("navidrome", songs) as media:
            commands, expected = zip(*examples(PAGE.replace("http://nas:4533", media.base)), strict=True)
            found = outputs(list(commands), tmp_path, server.base, key)
    finally:
        server.end()
    assert len(media.lists["Evening"]) == 5
    assert len(commands) > 15
    for command, shown, printed in zip(commands, expected, found, strict=True):
        assert [form_of_line(x) for x in printed.splitlines()] == [form_of_line(x) for x in shown.splitlines()], command
