import pytest

from commandline import invoke
from earmark.cli import analyze
from earmark.descriptors import enough, tempo
from earmark.errors import ConfigError, ModelError

TAG_KEYS = {"tag", "probability", "sure"}


@pytest.fixture
def run(place):
    def call(command, *files, options=()):
        return invoke(analyze, command, *(place / file for file in files), *options, "--model", place / "tiny.onnx")

    return call


def test_json_is_the_contract(run, json_lines, place):
    low, top = json_lines(run("analyze", "music/low.flac", "music/top.flac", options=["--json"]))

    assert low["path"] == str(place / "music" / "low.flac")
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


def test_curves_average_to_a_track(run, json_lines):
    (out,) = json_lines(run("analyze", "music/low.flac", options=["--json", "--curves"]))

    times = out["curves"]["times"]
    assert set(out["curves"]["tags"]) == {"genre/jazz", "genre/rock", "genre/pop", "mood/sad", "mood/happy"}
    assert all(len(curve) == len(times) for curve in out["curves"]["tags"].values())
    assert times == sorted(times)


def test_for_people_it_is_lines_of_tags_and_descriptors(run):
    shown = run("analyze", "music/low.flac", options=["--curves"]).stdout.splitlines()
    assert shown[0] == "Sines: Low  [0:02]"
    heads = {line.split()[0] for line in shown[2:] if line.strip()}
    assert heads >= {"genre", "mood", "tempo", "key", "loudness", "energy"}
    assert any("▁" <= line.strip()[-1] <= "█" for line in shown if line.strip())


def test_the_description_in_another_language(run, json_lines):
    (english,), (german,) = (json_lines(run("analyze", "music/low.flac", options=["--json", "--language", code]))
                             for code in ("en", "de"))  # fmt: skip
    assert english["description"] != german["description"]
    assert "".join(phrase["text"] for phrase in german["phrases"])
    assert german["description"] in run("analyze", "music/low.flac", options=["--language", "de"]).stdout
    refused = run("analyze", "music/low.flac", "music/top.flac", options=["--language", "tlh"])
    assert isinstance(refused.exception, ConfigError)
    assert refused.stdout == ""  # before any file is heard


def test_one_bad_file_does_not_stop_the_others(run, json_lines, place):
    (place / "bad.mp3").write_bytes(b"")
    result = run("analyze", "bad.mp3", "music/low.flac", options=["--json"])

    assert result.exit_code == 1
    assert result.stderr == f"earmark: {place}/bad.mp3: the file is empty. Copy or download it again.\n"
    assert [found["title"] for found in json_lines(result)] == ["Low"]


def test_a_wrong_model_is_one_error(place):
    result = invoke(analyze, "analyze", place / "a.mp3", place / "b.mp3", "--model", "nope")
    assert isinstance(result.exception, ModelError)


def test_part_of_a_file(run):
    shown = run("analyze", "music/low.flac", options=["--max-seconds", "1"]).stdout
    assert "Sines: Low" in shown


def test_an_earprint_and_its_analysis(run, json_lines, place):
    made = run("earprint", "music/top.flac", options=["--out", place / "prints"])
    assert made.stdout.strip() == str(place / "prints" / "top.earprint")

    first, second = json_lines(run("analyze", "music/top.flac", "prints/top.earprint", options=["--json"]))

    assert first["track_id"] == second["track_id"]
    assert [hit["tag"] for hit in first["tags"]["genre"]] == [hit["tag"] for hit in second["tags"]["genre"]]


def test_a_tempo_range_shows_its_octave(run, json_lines, monkeypatch):
    rhythm = tempo.Rhythm(87.0, 1.0, 1.0, 0.6, (tempo.TempoCandidate(87.0, 1.0),))
    monkeypatch.setattr(tempo, "estimate", lambda earprint, activations=None: rhythm)
    monkeypatch.setitem(enough.MIN_SECONDS, "tempo", 0.0)
    command = ("analyze", "music/low.flac")

    assert json_lines(run(*command, options=["--json"]))[0]["tempo"]["bpm"] == 87
    (out,) = json_lines(run(*command, options=["--json", "--tempo-range", "88:175"]))
    assert out["tempo"]["bpm"] == out["tempo"]["candidates"][0]["bpm"] == 174
    assert out["tempo"]["octave_confidence"] == 0.6
    assert "174.0 BPM" in run(*command, options=["--tempo-range", "88:175"]).stdout


def test_a_wrong_tempo_range_is_one_error(run):
    result = run("analyze", "music/low.flac", "music/top.flac", options=["--tempo-range", "120:130"])
    assert result.exit_code == 1
    assert isinstance(result.exception, ConfigError)
