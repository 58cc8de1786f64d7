"""The command line as users meet it: a real process, its output, its exit code."""

import json
import os
import subprocess
import sys

import pytest

from catalogues import write_music
from sounds import chord, write_sound
from tiny_model import write_tiny_model

TAG_KEYS = {"tag", "probability", "sure"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("cli")
    write_music(root / "music")
    write_tiny_model(root / "tiny.onnx")
    return root


@pytest.fixture(scope="module")
def run(place):
    def call(*arguments, code=0):
        command = [sys.executable, "-c", "from earmark.cli import main; main()", *map(str, arguments)]
        environment = os.environ | {"EARMARK_MODELS": str(place / "models"), "COLUMNS": "120", "NO_COLOR": "1"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=place, env=environment, encoding="utf-8")
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return call


@pytest.fixture(scope="module")
def catalogue(run, place):
    run("scan", "music", "--catalogue", "catalogue", "--model", "tiny.onnx", "--workers", "1")
    return "catalogue"


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_analyze_json_is_the_contract(run):
    low, top = lines(run("analyze", "music/low.flac", "music/top.flac", "--json", "--model", "tiny.onnx"))

    assert low["path"] == "music/low.flac"
    assert low["title"] == "Low"
    assert low["duration"] == pytest.approx(1.5, abs=0.02)
    assert low["model"] == {"id": "tiny", "version": "1"}
    assert low["track_id"] != top["track_id"]
    for group in ("genre", "mood"):
        hits = low["tags"][group]
        assert all(set(hit) == TAG_KEYS and 0 <= hit["probability"] <= 1 for hit in hits)
        assert hits == sorted(hits, key=lambda hit: -hit["probability"])
    assert sum(hit["probability"] for hit in low["tags"]["genre"]) == pytest.approx(1, abs=1e-3)
    assert "curves" not in low


def test_curves_average_to_a_track(run):
    (out,) = lines(run("analyze", "music/low.flac", "--json", "--curves", "--model", "tiny.onnx"))

    times = out["curves"]["times"]
    assert set(out["curves"]["tags"]) == {"genre/jazz", "genre/rock", "genre/pop", "mood/sad", "mood/happy"}
    assert all(len(curve) == len(times) for curve in out["curves"]["tags"].values())
    assert times == sorted(times)


def test_one_bad_file_does_not_stop_the_others(run, place):
    (place / "bad.mp3").write_bytes(b"")
    errors = run("analyze", "bad.mp3", "music/low.flac", "--json", "--model", "tiny.onnx", code=1)

    assert errors == "earmark: bad.mp3: the file is empty. Copy or download it again.\n"


def test_scan_reports_and_is_quick_the_second_time(run, catalogue):
    (report,) = lines(run("scan", "music", "--catalogue", catalogue, "--model", "tiny.onnx", "--json"))

    assert (report["found"], report["unchanged"], report["analysed"]) == (5, 5, 0)


def test_scan_exits_1_and_lists_failures(run, place):
    (place / "mixed").mkdir()
    write_sound(place / "mixed" / "good.flac", chord(0.5))
    (place / "mixed" / "words.mp3").write_text("words")
    out = run("scan", "mixed", "--catalogue", "mixed.earmark", "--model", "tiny.onnx", code=1)
    assert "1 files to listen to" in out or "2 files to listen to" in out

    (failure,) = lines(run("failures", "--catalogue", "mixed.earmark", "--json"))
    assert failure["path"] == str(place / "mixed" / "words.mp3")
    assert set(failure) == {"path", "problem", "remedy"}


def test_show_similar_search(run, catalogue):
    (shown,) = lines(run("show", "low", "--catalogue", catalogue, "--json"))
    assert shown["title"] == "Low"
    assert shown["paths"][0].endswith("low.flac")

    hits = lines(run("similar", "low", "--catalogue", catalogue, "-n", "3", "--json"))
    assert len(hits) == 3
    assert all(hit["track_id"] != shown["track_id"] and -1 <= hit["similarity"] <= 1 for hit in hits)

    (found,) = lines(run("search", "low", "--catalogue", catalogue, "--json"))
    assert found["track_id"] == shown["track_id"]
    assert "Low" in run("search", "low", "--catalogue", catalogue)
    assert run("search", "zzz", "--catalogue", catalogue) == "Nothing fits.\n"


def test_earprint_and_its_analysis(run, place):
    out = run("earprint", "music/top.flac", "--out", "prints", "--model", "tiny.onnx")
    assert out.strip().endswith("top.earprint")

    first, second = lines(run("analyze", "music/top.flac", "prints/top.earprint", "--json", "--model", "tiny.onnx"))

    assert first["track_id"] == second["track_id"]
    assert [hit["tag"] for hit in first["tags"]["genre"]] == [hit["tag"] for hit in second["tags"]["genre"]]


def test_models_show(run):
    assert "genre (exclusive): jazz, rock, pop" in run("models", "show", "tiny.onnx")
    assert json.loads(run("models", "show", "tiny.onnx", "--json"))["id"] == "tiny"


def test_doctor_measures_this_machine(run):
    report = json.loads(run("doctor", "--model", "tiny.onnx", "--json"))

    assert all(report["codecs"].values())
    assert report["packages"]["pylance"]
    assert report["speed"]["decode_x_real_time"] >= report["speed"]["analyze_x_real_time"] > 1


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
def test_a_wrong_command_line_says_what_is_wrong(run, catalogue, arguments, code, message):
    errors = run(*arguments, code=code)

    assert message in " ".join(errors.replace("│", " ").split())
    assert "Traceback" not in errors
