import pytest

from commandline import invoke
from earmark.cli import scan
from sounds import chord, write_sound

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture
def run(place):
    def call(*words):
        return invoke(scan, *words, "--model", place / "tiny.onnx") if words[0] == "scan" else invoke(scan, *words)

    return call


def test_a_second_scan_has_nothing_to_do(run, place, json_lines):
    result = run("scan", place / "music", "--catalogue", place / "catalogue", "--json")
    (report,) = json_lines(result)
    assert (report["found"], report["unchanged"], report["analysed"], report["failed"]) == (5, 5, 0, [])
    assert result.stderr == ""  # a machine reads this


def test_failures_are_counted_listed_and_make_the_exit_status_1(run, tmp_path, json_lines):
    folder, catalogue = tmp_path / "mixed", tmp_path / "mixed.earmark"
    folder.mkdir()
    write_sound(folder / "good.flac", chord(0.5))
    (folder / "words.mp3").write_text("words")

    result = run("scan", folder, "--catalogue", catalogue, "--workers", 1)

    assert result.exit_code == 1
    assert result.stderr.startswith("analysing: 0")
    assert "2 files to listen to, 0 known" in result.stderr
    assert result.stdout.splitlines()[0].startswith("2 files: 1 listened to (0:00), 0 unchanged, in ")
    assert result.stdout.splitlines()[1] == f"1 files failed: `earmark failures --catalogue {catalogue}` lists them."
    (failure,) = json_lines(run("failures", "--catalogue", catalogue, "--json"))
    assert failure["path"] == str(folder / "words.mp3")
    assert set(failure) == {"path", "problem", "remedy"}
    assert run("failures", "--catalogue", catalogue).stdout.startswith(f"{folder}/words.mp3\n    not readable as audio")


def test_without_failures_it_says_so(run, place):
    assert run("failures", "--catalogue", place / "catalogue").stdout == "No failures.\n"


def test_what_is_gone_is_named_and_pruned(run, tmp_path):
    folder, words = tmp_path / "m", ("--catalogue", tmp_path / "c", "--workers", 1)
    folder.mkdir()
    write_sound(folder / "a.flac", chord(0.5))
    run("scan", folder, *words)
    (folder / "a.flac").unlink()
    assert "1 known files are no longer there; `--prune` drops them." in run("scan", folder, *words).stdout
    assert "1 tracks removed that are no longer there." in run("scan", folder, *words, "--prune").stdout
