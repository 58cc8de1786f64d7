"""The command line as users meet it: a real process, its output, its exit code."""

import json
import os
import subprocess
import sys

import pytest

from earmark.cli import main


@pytest.fixture
def run(place):
    def call(*arguments, code=0):
        command = [sys.executable, "-c", "from earmark.cli import main; main()", *map(str, arguments)]
        environment = os.environ | {"EARMARK_MODELS": str(place / "models"), "COLUMNS": "120", "NO_COLOR": "1"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=place, env=environment, encoding="utf-8")
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return call


def test_scan_show_similar_and_analyze_in_processes_of_their_own(run):
    report = json.loads(run("scan", "music", "--catalogue", "c2", "--model", "tiny.onnx", "--workers", "1", "--json"))
    assert (report["found"], report["analysed"]) == (5, 5)
    shown = json.loads(run("show", "low", "--catalogue", "c2", "--json"))
    hits = [json.loads(line) for line in run("similar", "low", "--catalogue", "c2", "-n", "3", "--json").splitlines()]
    assert len(hits) == 3
    assert shown["track_id"] not in {hit["track_id"] for hit in hits}
    analysed = json.loads(run("analyze", "music/low.flac", "--json", "--model", "tiny.onnx"))
    assert analysed["path"] == "music/low.flac"
    assert analysed["track_id"] == shown["track_id"]


def test_the_version(run):
    from earmark import __version__

    assert run("--version") == f"earmark {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["analyze"], 2, "Missing argument"),
        (["analize", "x.mp3"], 2, "No such command"),
        (["similar", "low", "-n", "0"], 2, "Invalid value"),
        (["scan", "music", "--workers", "0"], 2, "Invalid value"),
        (["analyze", "music/low.flac", "--model", "nope"], 1, "no such model. The names are default"),
        (["analyze", "music", "--model", "tiny.onnx"], 1, "a folder, not a file"),
        (["scan", "nowhere", "--catalogue", "c1", "--model", "tiny.onnx"], 1, "no such folder"),
        (["similar", "low", "--catalogue", "nowhere"], 1, "no catalogue here"),
        (["failures", "--catalogue", "nowhere"], 1, "no catalogue here"),
        (["similar", "nobody", "--catalogue", "catalogue"], 1, "not in the catalogue"),
        (["search", "--where", "tempo = 'x", "--catalogue", "catalogue"], 1, "Unterminated"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(place, monkeypatch, capsys, arguments, code, message):
    monkeypatch.chdir(place)
    monkeypatch.setenv("EARMARK_MODELS", str(place / "models"))
    monkeypatch.setattr(sys, "argv", ["earmark", *arguments])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == code
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_an_error_leaves_a_process_without_a_traceback(run):
    errors = run("similar", "nobody", "--catalogue", "catalogue", code=1)
    assert errors.startswith("earmark: nobody: not in the catalogue")
    assert errors.count("\n") == 1
