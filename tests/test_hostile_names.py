"""A file whose name and tags would steer a terminal goes through every command: nothing of it reaches the terminal."""

import ast
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from commandline import invoke
from earmark.cli import analyze, models, scan, search
from earmark.errors import FILLERS, HIDDEN
from scan_fixtures import in_this_process  # noqa: F401
from sounds import chord, write_sound
from tiny_model import write_tiny_model

pytestmark = [
    pytest.mark.usefixtures("in_this_process"),
    pytest.mark.skipif(sys.platform != "linux", reason="other file systems have no such names"),
]
EVIL = "\x1b[2J\x1b]0;owned\x07\nrm -rf\r\u202e3pm.\u2066\u200f\x9b31m\u2028\u200b"
TAGS = {name: f"{EVIL}{name}" for name in ("title", "artist", "album", "genre")}


def hidden(text: str) -> set[str]:
    return {c for c in text if c not in "\n\t" and (unicodedata.category(c) in HIDDEN or c in FILLERS)}


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / f"music{EVIL}"
    folder.mkdir()
    write_sound(tmp_path / "a.mp3", chord(1.0), tags=TAGS).rename(folder / f"song{EVIL}.mp3")
    write_sound(tmp_path / "b.flac", chord(1.0, root=300.0)).rename(folder / f"untagged{EVIL}.flac")
    (folder / os.fsdecode(b"broken\xff\x1b[1m.mp3")).write_bytes(b"no sound")
    write_tiny_model(tmp_path / "tiny.onnx")
    return tmp_path


def test_no_command_lets_a_name_or_a_tag_steer_the_terminal(place, monkeypatch):
    monkeypatch.setenv("EARMARK_MODELS", str(place / "models"))
    folder, tiny, words = next(place.glob("music*")), place / "tiny.onnx", ("--catalogue", place / "c")
    song, broken = next(folder.glob("song*")), next(folder.glob("broken*"))
    evil_model = write_tiny_model(place / f"evil{EVIL.replace('/', '')}.onnx", id="tiny")
    runs = [
        invoke(scan, "scan", folder, *words, "--model", tiny),
        invoke(scan, "scan", folder, *words, "--model", tiny, "--json"),
        invoke(scan, "scan", place / f"gone{EVIL}", *words, "--model", tiny),
        *(invoke(scan, "failures", *words, *more) for more in ((), ("--json",))),
        *(invoke(search, "show", song, *words, *more) for more in ((), ("--json",))),
        *(invoke(search, "similar", song, *words, *more) for more in ((), ("--json",))),
        *(invoke(search, "search", *words, *more) for more in ((), ("--json",))),
        invoke(search, "search", f"{EVIL}(", "--where", f"title = '{EVIL}", *words),
        invoke(search, "search", "--where", f"{EVIL} = 1", *words),
        invoke(search, "show", EVIL, *words),
        invoke(search, "correct", song, "--key", EVIL, *words),
        *(invoke(analyze, "analyze", song, broken, "--model", tiny, *more) for more in ((), ("--json",))),
        invoke(analyze, "earprint", song, broken, "--model", tiny),
        invoke(analyze, "analyze", *folder.glob("*.earprint"), "--model", tiny),
        invoke(models, "models", "show", place / f"none{EVIL}.onnx"),
        invoke(models, "models", "show", evil_model),
    ]  # fmt: skip
    for run in runs:
        assert hidden(run.stdout) == hidden(run.stderr) == set(), run.stdout + run.stderr
        assert not run.exception or not hidden(str(run.exception)), run.exception
        assert "\nrm -rf" not in run.stdout + run.stderr + str(run.exception)
    assert "song" in runs[0].stdout + runs[5].stdout
    assert len(runs[9].stdout.splitlines()) == 2


def test_the_commands_print_in_one_way_alone():
    cli = Path(__file__).parents[1] / "src" / "earmark" / "cli"
    calls = {
        (path.name, ast.unparse(node.func))
        for path in cli.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("typer.echo", "typer.secho", "print", "click.echo")
    }
    assert {name for name, _ in calls} <= {"render.py"}, "use earmark.cli.render.say"
