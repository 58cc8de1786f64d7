import json
import shutil

import mutagen
import pytest

from commandline import invoke
from earmark.cli import scan, tags
from earmark.errors import ConfigError, NotFound


@pytest.fixture
def music(place, tmp_path, in_this_process):
    """A copy of the music, scanned into a catalogue of its own."""
    shutil.copytree(place / "music", tmp_path / "music")
    rescan(place, tmp_path)
    return tmp_path


def rescan(place, folder):
    words = ("scan", folder / "music", "--catalogue", folder / "catalogue", "--model", place / "tiny.onnx", "--json")
    return json.loads(invoke(scan, *words).stdout)


def run(folder, *words):
    return invoke(tags, "tags", *words, "--catalogue", folder / "catalogue")


def test_plan_diff_apply_scan_and_undo(place, music, json_lines):
    plan = music / "plan.json"
    song = music / "music" / "low.flac"
    before = song.read_bytes()
    (made,) = json_lines(run(music, "plan", "-o", plan, "--where", "title = 'Low'", "--fields", "gain,own", "--json"))
    assert (made["files"], made["refused"]) == (1, [])
    assert song.read_bytes() == before

    shown = invoke(tags, "tags", "diff", plan).stdout
    assert shown.splitlines()[0] == str(song)
    assert "REPLAYGAIN_TRACK_GAIN" in shown
    (file,) = json_lines(invoke(tags, "tags", "diff", plan, "--json"))
    assert {change["name"] for change in file["changes"]} >= {"REPLAYGAIN_TRACK_PEAK", "EARMARK_VERSION"}

    (report,) = json_lines(run(music, "apply", plan, "--json"))
    assert report["written"] == [str(song)]
    assert mutagen.File(song)["REPLAYGAIN_TRACK_GAIN"][0].endswith(" dB")

    counts = rescan(place, music)
    assert (counts["analysed"], counts["reread"], counts["failed"]) == (0, 1, [])

    again = run(music, "plan", "-o", plan, "--where", "title = 'Low'", "--fields", "gain,own")
    assert "0 files to change, 1 that have all of it" in again.stdout
    undone = run(music, "undo").stdout
    assert "1 as it was" in undone
    assert "The next `earmark scan`" in undone
    assert song.read_bytes() == before


def test_a_question_that_nothing_fits_is_no_plan(music):
    assert "0 refused. No track fits." in run(music, "plan", "xylophon", "-o", music / "plan.json").stdout


def test_a_written_genre_is_found_after_the_next_scan(place, music):
    plan = music / "plan.json"
    run(music, "plan", "-o", plan, "--where", "title = 'Low'", "--fields", "own")
    values = json.loads(plan.read_text())
    change = values["files"][0]["changes"][0]
    values["files"][0]["changes"] = [change | {"field": "genre", "name": "GENRE", "old": [], "new": ["Sine", "Low"]}]
    plan.write_text(json.dumps(values))
    assert run(music, "apply", plan).exit_code == 0
    rescan(place, music)
    assert "1 files to change" in run(music, "plan", "-o", plan, "--where", "file_genre = 'Sine; Low'").stdout


def test_what_is_refused_is_named_and_exit_is_1(music):
    plan = music / "plan.json"
    run(music, "plan", "-o", plan, "--fields", "own")
    (music / "music" / "low.flac").chmod(0o444)
    done = run(music, "apply", plan)
    assert done.exit_code == 1
    assert "low.flac: is read-only" in done.output
    assert "4 written, 0 written before, 1 refused" in done.output


@pytest.mark.parametrize(
    ("words", "error"),
    [(("--profile", "serato"), ConfigError), (("--fields", "bmp"), ConfigError), (("--gate", "loud=1"), ConfigError),
     (("--mode", "wipe"), ConfigError), (("--key-notation", "german"), ConfigError)],
)  # fmt: skip
def test_words_that_mean_nothing_are_errors(music, words, error):
    assert isinstance(run(music, "plan", *words).exception, error)


def test_a_gate_is_a_name_and_a_number(music):
    assert run(music, "plan", "--gate", "key_confidence").exit_code == 2


def test_nothing_to_undo_says_so(music):
    assert isinstance(run(music, "undo").exception, NotFound)
