import pytest

from commandline import invoke
from earmark.cli import scan
from far_places import serving
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
    assert result.stdout.splitlines()[0].startswith("2 files: 1 listened to (0:00), 0 unchanged, 1 failed, in ")
    assert result.stdout.splitlines()[1] == f"1 files failed: `earmark failures --catalogue {catalogue}` lists them."
    (failure,) = json_lines(run("failures", "--catalogue", catalogue, "--json"))
    assert failure["path"] == str(folder / "words.mp3")
    assert set(failure) == {"path", "problem", "remedy"}
    assert run("failures", "--catalogue", catalogue).stdout.startswith(f"{folder}/words.mp3\n    not a sound file")


def test_without_failures_it_says_so(run, place):
    assert run("failures", "--catalogue", place / "catalogue").stdout == "No failures.\n"


def test_what_is_left_out_is_told(run, tmp_path, json_lines):
    folder, words = tmp_path / "m", ("--catalogue", tmp_path / "c", "--workers", 1)
    folder.mkdir()
    write_sound(folder / "a.flac", chord(0.5))
    for name in (".a.flac", "b.flac.part", "c.flac.part", "d.wav", "e.wav", "f.wav", "film.avi"):
        (folder / name).write_bytes(b"fLaC")

    told = run("scan", folder, *words, "--exclude", "d.*", "--exclude", "[ef].wav").stdout
    assert "Left out: 3 excluded, 2 unfinished downloads, 1 hidden, 1 video (`--include-video`)." in told

    (report,) = json_lines(run("scan", folder, *words, "--exclude", "*.wav", "--include-video", "--json"))
    assert report["found"] == 2
    assert report["left_out"] == {"hidden": 1, "excluded": 3, "unfinished download": 2}

    (report,) = json_lines(run("scan", folder, *words, "--exclude", "*.*", "--json"))
    assert (report["found"], report["gone"], report["without_file"]) == (0, [], 0)  # it is there, and known


def test_what_is_gone_is_named_and_pruned(run, tmp_path):
    folder, words = tmp_path / "m", ("--catalogue", tmp_path / "c", "--workers", 1)
    folder.mkdir()
    for name in "abc":
        write_sound(folder / f"{name}.flac", chord(0.5, root=100.0 + ord(name)))
    run("scan", folder, *words)
    (folder / "a.flac").unlink()
    assert "1 known files are no longer there; `--prune` drops them." in run("scan", folder, *words).stdout
    assert "1 tracks removed that are no longer there." in run("scan", folder, *words, "--prune").stdout

    for path in folder.iterdir():
        path.unlink()
    refused = run("scan", folder, *words, "--prune")
    assert refused.exit_code == 1
    assert f"Nothing was pruned: 2 of 2 known files in {folder} are not there" in refused.stdout
    forced = run("scan", folder, *words, "--prune=force")
    assert (forced.exit_code, "2 tracks removed" in forced.stdout) == (0, True)


def test_what_was_not_heard_whole_is_no_failure_but_told(run, tmp_path, json_lines):
    folder, catalogue = tmp_path / "m", tmp_path / "c"
    folder.mkdir()
    path = write_sound(folder / "cut.flac", chord(2.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    result = run("scan", folder, "--catalogue", catalogue, "--workers", 1)

    assert result.exit_code == 0
    listing = f"`earmark failures --warnings --catalogue {catalogue}`"
    assert f"1 file was heard with warnings: {listing} lists them." in result.stdout
    assert run("failures", "--catalogue", catalogue).stdout == "No failures.\n"
    (warned,) = json_lines(run("failures", "--catalogue", catalogue, "--warnings", "--json"))
    assert (warned["path"], set(warned)) == (str(path), {"path", "track_id", "warnings"})
    assert warned["warnings"][0].endswith(" of 2.0 s could be heard")
    listed = run("failures", "--catalogue", catalogue, "--warnings").stdout
    assert listed == f"{path}\n    {warned['warnings'][0]}\n"


def test_without_warnings_it_says_so(run, place):
    assert run("failures", "--catalogue", place / "catalogue", "--warnings").stdout == "No warnings.\n"


@pytest.mark.parametrize(("text", "size"), [("800MB", 800_000_000), ("1.5GB", 1_500_000_000), ("2 g", 2_000_000_000)])
def test_sizes_are_read(text, size):
    assert scan.read_size(text) == size


@pytest.mark.parametrize(("text", "word"), [("x", "is no size"), ("1.2.3GB", "is no size"), ("30MB", "too little")])
def test_other_sizes_are_refused(run, tmp_path, text, word):
    result = run("scan", tmp_path, "--worker-memory", text)
    assert result.exit_code == 2
    assert word in result.stderr


def test_a_list_of_addresses_is_scanned_without_a_folder(run, tmp_path, place, json_lines):
    with serving(place / "music") as server:
        (tmp_path / "songs.txt").write_text(f"{server.base}/low.flac\n{server.base}/none.flac\n")
        result = run("scan", "--urls", tmp_path / "songs.txt", "--catalogue", tmp_path / "far", "--json")
    (report,) = json_lines(result)
    assert (result.exit_code, report["found"], report["analysed"]) == (1, 2, 1)
    assert [failure["problem"] for failure in report["failed"]] == ["not there (HTTP 404)"]


def test_other_schemes_are_refused_before_a_catalogue_is_made(run, tmp_path):
    result = run("scan", "ftp://host/music", "--catalogue", tmp_path / "none")
    assert result.exit_code == 1
    assert "addresses of ftp:// are not opened" in str(result.exception)
    assert not (tmp_path / "none").exists()


def test_a_scan_of_nothing_is_a_wrong_command(run, tmp_path):
    assert run("scan", "--catalogue", tmp_path / "none").exit_code == 2
